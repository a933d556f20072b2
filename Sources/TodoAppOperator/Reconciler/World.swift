public import ControllerRuntime
public import JSON
public import KubernetesAPI
internal import TodoAppAPI

/// All that the operator sees of the cluster: a store for each watched collection.
public struct World: Sendable {
    /// The TodoApps, found by namespace.
    public let apps = Store<TodoAppObject> { $0.metadata.namespace }
    /// The children by type, found by the UID of the TodoApp that owns them.
    public let children: [ResourceType: Store<DynamicObject>]
    /// The ReplicaSets of the Deployments, found by the Deployment's UID.
    public let replicaSets = Store<ReplicaSet> { $0.metadata.controller?.uid }
    /// The pods of the ReplicaSets, found by the ReplicaSet's UID.
    public let pods = Store<Pod> { $0.metadata.controller?.uid }
    /// All Secrets by name and version alone; what they hold is read when it is needed and never kept.
    public let secretVersions = Store<VersionedObject>()
    /// The nodes' addresses; stays empty where the operator may not see nodes.
    public let nodes = Store<NodeAddress>()
    /// The PodDisruptionBudget that the API server serves; `nil` for none.
    public let podDisruptionBudgets: ResourceType?

    /// A world of empty stores.
    public init(podDisruptionBudgets: ResourceType?) {
        self.podDisruptionBudgets = podDisruptionBudgets
        let types: [ResourceType] = [.deployments, .services, .secrets, .configMaps, .serviceAccounts]
        var children: [ResourceType: Store<DynamicObject>] = [:]
        for type in types + [podDisruptionBudgets].compactMap({ $0 }) {
            children[type] = Store { $0.metadata.controller?.uid }
        }
        self.children = children
    }

    /// A child as it is; `nil` where there is none that carries the operator's label.
    func child(_ type: ResourceType, _ key: ObjectKey) -> DynamicObject? {
        self.children[type]?[key]
    }

    /// What the cluster says about a component that is wanted.
    func observe(_ component: EffectiveComponent, of app: EffectiveApp) -> ComponentObservation {
        self.observation(
            component.name,
            deployment: self.child(
                .deployments,
                ObjectKey(namespace: app.namespace, name: component.childName)
            ),
            image: component.image,
            desired: Int64(component.replicas.minimum),
            url: self.serviceURL(of: component, app: app)
        )
    }

    /// Where a component is reached inside the cluster: at the port that its Service has, which is not the contract's while
    /// the component is held back.
    func serviceURL(of component: EffectiveComponent, app: EffectiveApp) -> String {
        let service = self.child(.services, ObjectKey(namespace: app.namespace, name: component.childName))
        let port = service?.value["spec"]?["ports"]?[0]?["port"]?.integer
        return app.serviceURL(of: component.name, keptPort: port.map { Int($0) })
    }

    /// What the cluster says about the components that an app has, whatever its spec says: while that is invalid, what runs
    /// goes on, and may fail.
    func observeExisting(of owner: ObjectMeta, status: JSONValue?) -> [ComponentObservation] {
        ComponentName.allCases.compactMap { name in
            let key = ObjectKey(namespace: owner.namespace, name: "\(owner.name)-\(name.rawValue)")
            guard let live = self.child(.deployments, key), live.metadata.controller?.uid == owner.uid else {
                return nil
            }
            let containers = live.value["spec"]?["template"]?["spec"]?["containers"]
            return self.observation(
                name,
                deployment: live,
                image: containers?[0]?["image"]?.string ?? "",
                desired: 0,
                url: status?["components"]?[name.rawValue]?["url"]?.string ?? ""
            )
        }
    }

    private func observation(
        _ name: ComponentName,
        deployment: DynamicObject?,
        image: String,
        desired: Int64,
        url: String
    ) -> ComponentObservation {
        let replicaSets = deployment.map { self.replicaSets.indexed($0.metadata.uid) } ?? []
        return ComponentObservation(
            name: name,
            image: image,
            desired: desired,
            deployment: deployment,
            replicaSets: replicaSets,
            pods: replicaSets.flatMap { self.pods.indexed($0.metadata.uid) },
            url: url
        )
    }

    /// An address under which the ports of a node are reached; `nil` while none is known.
    var nodeAddress: String? {
        self.nodes.keys.sorted { $0.name < $1.name }.first.flatMap { self.nodes[$0]?.address }
    }
}

/// An object of which only identity and version matter.
public struct VersionedObject: StoredObject, Equatable {
    /// The metadata, without labels and annotations.
    public let metadata: ObjectMeta

    /// Reads an object's metadata.
    ///
    /// - Throws: `ObjectReadError` where it has no name.
    public init(json: JSONValue) throws(ObjectReadError) {
        let whole = try ObjectMeta(of: json)
        self.metadata = ObjectMeta(
            name: whole.name,
            namespace: whole.namespace,
            uid: whole.uid,
            resourceVersion: whole.resourceVersion
        )
    }
}

/// A node's address.
public struct NodeAddress: StoredObject, Equatable {
    /// The metadata, without labels and annotations.
    public let metadata: ObjectMeta
    /// The external address, else the internal one; `nil` where it has none.
    public let address: String?

    /// Reads a node.
    ///
    /// - Throws: `ObjectReadError` where it has no name.
    public init(json: JSONValue) throws(ObjectReadError) {
        self.metadata = try VersionedObject(json: json).metadata
        let addresses = json["status"]?["addresses"]?.array ?? []
        func address(_ type: String) -> String? {
            addresses.first { $0["type"]?.string == type }?["address"]?.string
        }
        self.address = address("ExternalIP") ?? address("InternalIP")
    }
}
