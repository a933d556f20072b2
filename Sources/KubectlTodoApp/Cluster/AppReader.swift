internal import JSON
internal import KubernetesAPI
internal import KubernetesClient
internal import TodoAppAPI
internal import TodoAppOperator

/// Reads TodoApps, and what belongs to them, once.
struct AppReader: Sendable {
    let client: KubernetesClient

    // MARK: The TodoApp

    /// A TodoApp.
    ///
    /// - Throws: ``PluginFailure``, which says what was found instead.
    func app(_ key: ObjectKey) async throws(PluginFailure) -> TodoAppObject {
        do {
            return try TodoAppObject(json: try await self.client.get(TodoAppObject.resource, key))
        } catch let error as KubernetesClientError {
            throw error.status?.isNotFound == true ? await self.absence(of: key) : PluginFailure(error)
        } catch {
            throw PluginFailure("TodoApp \(key): \(error)")
        }
    }

    /// All TodoApps of a namespace, or of all of them.
    func apps(in namespace: String?) async throws(PluginFailure) -> [TodoAppObject] {
        do {
            return try await self.all(Selection(TodoAppObject.resource, namespace: namespace))
                .compactMap { try? TodoAppObject(json: $0) }
        } catch {
            throw error.status?.isNotFound == true ? notInstalled : PluginFailure(error)
        }
    }

    /// Why a TodoApp is not there: the API is not, or the name is another one.
    func absence(of key: ObjectKey) async -> PluginFailure {
        let known: [String]
        do throws(PluginFailure) {
            known = try await self.apps(in: key.namespace).map(\.metadata.name).sorted()
        } catch {
            if error == notInstalled { return error }
            known = []
        }
        let sentence = "there is no TodoApp \"\(key.name)\" in namespace \"\(key.namespace ?? "")\""
        let suggestion = Suggestion.clause(for: key.name, among: known)
        if !suggestion.isEmpty { return PluginFailure(sentence + suggestion) }
        if known.isEmpty { return PluginFailure("\(sentence), nor any other; -n names another namespace") }
        let some = known.prefix(mostNamed).joined(separator: ", ")
        return PluginFailure(
            "\(sentence); there \(known.count == 1 ? "is" : "are") \(some)" + (known.count > mostNamed ? ", …" : "")
        )
    }

    // MARK: What belongs to it

    /// What the cluster says of a TodoApp now; what may not be read is a gap in the picture and no failure.
    func snapshot(_ key: ObjectKey) async throws(PluginFailure) -> AppSnapshot {
        let app = try await self.app(key)
        var snapshot = AppSnapshot(app: app, revisions: [], pods: [])
        do throws(KubernetesClientError) {
            snapshot.revisions = try await self.all(.children(of: key, .replicaSets))
                .compactMap { try? Revision(json: $0) }
        } catch {
            snapshot.gaps.append(gap("ReplicaSets", error))
        }
        do throws(KubernetesClientError) {
            snapshot.pods = try await self.pods(key)
        } catch {
            snapshot.gaps.append(gap("pods", error))
        }
        return snapshot
    }

    /// The pods of a TodoApp, or of one of its components, by name.
    func pods(_ key: ObjectKey, component: ComponentName? = nil) async throws(KubernetesClientError) -> [Pod] {
        try await self.all(.children(of: key, .pods, component: component))
            .compactMap { try? Pod(json: $0) }
            .sorted { $0.metadata.name < $1.metadata.name }
    }

    private func all(_ selection: Selection) async throws(KubernetesClientError) -> [JSONValue] {
        var objects: [JSONValue] = []
        var token = ""
        repeat {
            // A page that is read anew after a failure begins empty again.
            var page: [JSONValue] = []
            let end = try await self.client.list(
                selection,
                limit: 500,
                continueToken: token,
                begin: { page = [] },
                each: { page.append($0) }
            )
            objects += page
            token = end.continueToken
        } while !token.isEmpty
        return objects
    }
}

/// So many names are told to whoever asked for one that is not there.
private let mostNamed = 5

/// The API server does not know the type.
let notInstalled = PluginFailure(
    "this cluster does not know TodoApps: install the CustomResourceDefinition (kubectl apply -f crds/)"
)

private func gap(_ what: String, _ error: KubernetesClientError) -> String {
    "the \(what) cannot be read: \(PluginFailure(error).lines.joined(separator: "; "))"
}

extension Selection {
    /// What the operator made of a type for a TodoApp.
    static func children(of app: ObjectKey, _ type: ResourceType, component: ComponentName? = nil) -> Selection {
        let ofApp = "\(ChildLabels.managedBy)=\(ChildLabels.manager),\(ChildLabels.instance)=\(app.name)"
        let ofComponent = component.map { ",\(ChildLabels.component)=\($0.rawValue)" } ?? ""
        return Selection(type, namespace: app.namespace, labelSelector: ofApp + ofComponent)
    }

    /// One TodoApp.
    static func app(_ key: ObjectKey) -> Selection {
        Selection(TodoAppObject.resource, namespace: key.namespace, fieldSelector: "metadata.name=\(key.name)")
    }
}
