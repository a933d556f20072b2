internal import ControllerRuntime
internal import JSON
internal import KubernetesAPI
public import KubernetesClient
public import TodoAppAPI

/// Looks into a cluster for what the operator would change there; it writes nothing.
public struct DiffReader: Sendable {
    private let client: KubernetesClient
    private let served: ServedAPIs
    private let randomBytes: @Sendable (Int) -> [UInt8]

    /// A reader of a cluster.
    ///
    /// - Parameter randomBytes: So many bytes; what is made of them is shown nowhere.
    /// - Throws: `KubernetesClientError` where the API server does not say what it serves.
    public init(
        client: KubernetesClient,
        randomBytes: @escaping @Sendable (Int) -> [UInt8]
    ) async throws(KubernetesClientError) {
        self.client = client
        self.served = try await APIDiscovery.served(by: client)
        self.randomBytes = randomBytes
    }

    /// What would change if a TodoApp had this spec.
    ///
    /// - Throws: `KubernetesClientError` or ``SyncProblem`` where something that must be known cannot be read.
    public func diff(name: String, namespace: String, spec: TodoAppSpec) async throws -> AppDiff {
        let app = EffectiveApp(name: name, namespace: namespace, spec: spec)
        let owner = try await self.owner(ObjectKey(namespace: namespace, name: name))
        let world = try await self.world(of: app)
        let resolver = SecretResolver(client: self.client, world: world, randomBytes: self.randomBytes)
        let databases = DatabaseResolver(client: self.client, world: world, randomBytes: self.randomBytes)
        let database = try await databases.resolve(app, owner: owner)
        let secret = try await resolver.resolve(app, owner: owner, database: database)
        var inputs = world.inputs(of: app, owner: owner, secret: secret)
        inputs.database = database
        inputs.good = app.spec.rollout.onFailure == .rollback ? world.goodRevision(of: owner) : nil
        // A TodoApp that is yet to be made has no UID to refer to.
        inputs.ownerUID = owner.uid.isEmpty ? nil : owner.uid
        let wanted = children(of: app, inputs: inputs)
        var live: [String: JSONValue] = [:]
        for child in wanted {
            live[id(child.resource, child.name)] = try await self.object(child.resource, child.name, in: namespace)
        }
        return AppDiff(
            app: "\(namespace)/\(name)",
            children: wanted,
            live: { live[id($0.resource, $0.name)] },
            unwanted: world.unwanted(
                world.servedChildren.map(\.type),
                beside: wanted,
                of: app,
                owner: owner,
                withheld: inputs.withheld
            )
            .map { (kind: $0.type.kind, name: $0.metadata.name) },
            owner: owner,
            problems: (secret.problems + app.problems(withMissing: app.missingAPIs(in: self.served)))
                .map { "\($0.reason.rawValue): \($0.message)" }
        )
    }

    // MARK: Reading

    private func owner(_ key: ObjectKey) async throws(KubernetesClientError) -> ObjectMeta {
        let object = try await self.object(TodoAppObject.resource, key.name, in: key.namespace ?? "")
        return object.flatMap { try? ObjectMeta(of: $0) } ?? ObjectMeta(name: key.name, namespace: key.namespace)
    }

    /// The world as the operator would see it, as far as it is about one app.
    private func world(of app: EffectiveApp) async throws(KubernetesClientError) -> World {
        let world = World(served: self.served)
        for (type, store) in world.servedChildren {
            let labels = [(ChildLabels.managedBy, ChildLabels.manager), (ChildLabels.instance, app.name)]
            let selector = labels.map { "\($0.0)=\($0.1)" }.joined(separator: ",")
            let selection = Selection(type, namespace: app.namespace, labelSelector: selector)
            try await self.fill(store, with: selection) { try? DynamicObject(json: $0) }
        }
        let secrets = Selection(.secrets, namespace: app.namespace, representation: .metadata)
        try await self.fill(world.secretVersions, with: secrets) { try? VersionedObject(json: $0) }
        do throws(KubernetesClientError) {
            try await self.fill(world.nodes, with: Selection(.nodes)) { try? NodeView(json: $0) }
        } catch  where error.status?.isForbidden == true {
            // Without the nodes' addresses URLs name the Services, here as in the operator.
        }
        return world
    }

    private func fill<Object: StoredObject>(
        _ store: Store<Object>,
        with selection: Selection,
        read: (JSONValue) -> Object?
    ) async throws(KubernetesClientError) {
        var objects: [ObjectKey: Object] = [:]
        var token = ""
        var version = ResourceVersion("")
        repeat {
            var page: [ObjectKey: Object] = [:]
            let end = try await self.client.list(selection, limit: 500, continueToken: token, begin: { page = [:] }) {
                guard let object = read($0) else { return }
                page[object.metadata.key] = object
            }
            objects.merge(page) { $1 }
            (token, version) = (end.continueToken, end.resourceVersion)
        } while !token.isEmpty
        _ = store.replace(with: objects, version: version)
    }

    private func object(
        _ type: ResourceType,
        _ name: String,
        in namespace: String
    ) async throws(KubernetesClientError) -> JSONValue? {
        do throws(KubernetesClientError) {
            return try await self.client.get(type, ObjectKey(namespace: namespace, name: name))
        } catch  where error.status?.isNotFound == true {
            return nil
        }
    }
}

private func id(_ type: ResourceType, _ name: String) -> String {
    "\(type.plural)/\(name)"
}
