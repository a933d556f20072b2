import JSON
import NIOHTTP1
import Testing

/// What TodoApps have brought into a namespace, without what differs from one run to the next: two pictures of the same
/// specs are equal, whatever happened on the way.
struct Picture: Sendable {
    /// A kind of children.
    struct Kind: Sendable {
        let path: String
        let plural: String

        static let deployments = Kind(path: "/apis/apps/v1", plural: "deployments")
        static let services = Kind(path: "/api/v1", plural: "services")
        static let secrets = Kind(path: "/api/v1", plural: "secrets")
        static let configMaps = Kind(path: "/api/v1", plural: "configmaps")
        static let serviceAccounts = Kind(path: "/api/v1", plural: "serviceaccounts")
        static let budgets = Kind(path: "/apis/policy/v1beta1", plural: "poddisruptionbudgets")
        static let networkPolicies = Kind(path: "/apis/networking.k8s.io/v1", plural: "networkpolicies")
        static let autoscalers = Kind(path: "/apis/autoscaling/v1", plural: "horizontalpodautoscalers")
        static let ingresses = Kind(path: "/apis/networking.k8s.io/v1", plural: "ingresses")
        static let statefulSets = Kind(path: "/apis/apps/v1", plural: "statefulsets")

        static let all = [
            deployments, services, secrets, configMaps, serviceAccounts, budgets, networkPolicies, autoscalers,
            ingresses, statefulSets,
        ]
    }

    /// The objects by kind and name, and the TodoApps' status.
    private(set) var objects: [String: JSONValue] = [:]
    /// What belongs to no TodoApp that is there.
    private(set) var orphans: [String] = []
    /// The signing keys by the uid of their TodoApp, as they stand in the Secrets.
    private(set) var signingKeys: [String: String] = [:]

    /// Takes the picture.
    init(of scene: FaultScene, _ kinds: [Kind] = Kind.all) async throws {
        let apps = try await scene.apps()
        let living = Set(apps.map(\.uid))
        for app in apps {
            self.objects["todoapps/\(app.name)"] = Self.normalised(status: app)
        }
        for kind in kinds {
            let target = "\(kind.path)/namespaces/\(scene.namespace)/\(kind.plural)?labelSelector=\(Self.selector)"
            let list = try await scene.plane.admin.call(.GET, target)
            for object in list["items"]?.array ?? [] {
                let owner = object.at("metadata.ownerReferences[0].uid")?.string ?? ""
                let key = "\(kind.plural)/\(object.name)"
                if !living.contains(owner) { self.orphans.append(key) }
                if let signingKey = object.at("data.BETTER_AUTH_SECRET")?.string, !owner.isEmpty {
                    self.signingKeys[owner] = signingKey
                }
                self.objects[key] = try Self.normalised(object, in: scene.namespace)
            }
        }
    }

    private static let selector = "app.kubernetes.io/managed-by%3Dtodoapp-operator"

    /// What is in one and not in the other, for people; empty where they are the same.
    func differences(from other: Picture) -> [String] {
        var lines: [String] = []
        for key in Set(self.objects.keys).union(other.objects.keys).sorted()
        where self.objects[key] != other.objects[key] {
            switch (self.objects[key], other.objects[key]) {
            case (let mine?, let theirs?):
                // As merge patches: what would have to be changed for it to be as it should, and what stands there.
                let (wanted, found) = (
                    JSONValue.difference(from: mine, to: theirs), JSONValue.difference(from: theirs, to: mine)
                )
                lines.append("\(key) lacks \(wanted.text()) and has \(found.text())")
            case (_?, nil): lines.append("\(key) is too much")
            case (nil, _): lines.append("\(key) is missing")
            }
        }
        return lines
    }

    // MARK: What differs from run to run

    private static func normalised(_ object: JSONValue, in namespace: String) throws -> JSONValue {
        var object = try JSONValue(parsing: object.text().replacing(namespace, with: "NAMESPACE"))
        object["status"] = nil
        var metadata = object["metadata"] ?? [:]
        for key in ["uid", "resourceVersion", "creationTimestamp", "generation", "managedFields", "selfLink"] {
            metadata[key] = nil
        }
        metadata["ownerReferences"] = .array(
            (metadata["ownerReferences"]?.array ?? []).map { reference in
                var reference = reference
                reference["uid"] = nil
                return reference
            }
        )
        // The Deployment controller's count of rollouts.
        metadata["annotations"]?["deployment.kubernetes.io/revision"] = nil
        metadata["annotations"]?["todo.taskflow.dev/owner-uid"] = nil
        for key in ["clusterIP", "clusterIPs"] { object["spec"]?[key] = nil }
        if let ports = object["spec"]?["ports"]?.array {
            object["spec"]?["ports"] = .array(
                ports.map { port in
                    var port = port
                    port["nodePort"] = nil
                    return port
                }
            )
        }
        if object.at("data.BETTER_AUTH_SECRET") != nil { object["data"]?["BETTER_AUTH_SECRET"] = "generated" }
        object["metadata"] = Self.blurred(metadata)
        if let template = object.at("spec.template.metadata") {
            object["spec"]?["template"]?["metadata"] = Self.blurred(template)
        }
        // Tokens are made by the controller manager, with names of their own.
        object["secrets"] = nil
        return object
    }

    /// Revisions: those of Secrets are keyed with the signing key or stand for objects of this namespace, and the ConfigMap's
    /// is of URLs that name the namespace.
    private static func blurred(_ metadata: JSONValue) -> JSONValue {
        var metadata = metadata
        for name in ["secret-revision", "secret-sources", "config-revision"] {
            let key = "todo.taskflow.dev/\(name)"
            guard metadata["annotations"]?[key] != nil else { continue }
            metadata["annotations"]?[key] = "there"
        }
        return metadata
    }

    private static func normalised(status app: JSONValue) -> JSONValue {
        let conditions = (app.at("status.conditions")?.array ?? []).map { condition in
            "\(condition["type"]?.string ?? "")=\(condition["status"]?.string ?? "")/\(condition["reason"]?.string ?? "")"
                // The very first status says Pending; nothing moves here behind it, and which one was first is history.
                .replacing("Ready=Unknown/Pending", with: "Ready=False/RolloutInProgress")
        }
        let isObserved = app.at("status.observedGeneration") == app.at("metadata.generation")
        return ["conditions": .string(conditions.sorted().joined(separator: " ")), "isObserved": .bool(isObserved)]
    }
}

extension FaultScene {
    /// Waits until what is there is what an operator makes of the same specs that nobody disturbs, and nothing else.
    func waitUntilCalm(_ calm: Picture) async throws {
        var picture = try await Picture(of: self)
        try await awaited(
            "\(self.purpose): all is as after a calm run",
            within: .seconds(60),
            lastSeen: {
                (picture.differences(from: calm) + picture.orphans.map { "\($0): an orphan" }).joined(separator: "\n")
            },
            {
                // What a TodoApp leaves behind when it is deleted is the garbage collector's work, and takes its time.
                picture = try await Picture(of: self)
                return picture.differences(from: calm).isEmpty && picture.orphans.isEmpty
            }
        )
    }
}
