public import ControllerRuntime
public import JSON
public import KubernetesAPI
internal import TodoAppAPI

/// All that the operator sees of the cluster: a store for each watched collection.
public struct World: Sendable {
    /// The TodoApps, found by the Secrets that they use, as `namespace/name`.
    public let apps = Store<TodoAppObject>(indexKeys: \.secretKeys)
    /// The children by type, found by the UID of the TodoApp that owns them.
    public let children: [ResourceType: Store<DynamicObject>]
    /// The same in the order of their names, with the API that may be missing.
    private let sortedChildren: [(type: ResourceType, store: Store<DynamicObject>, api: OptionalAPI?)]
    /// The ReplicaSets of the Deployments, found by the Deployment's UID.
    public let replicaSets = Store<ReplicaSet> { $0.metadata.controller?.uid }
    /// The pods of the ReplicaSets, found by the ReplicaSet's UID.
    public let pods = Store<Pod> { $0.metadata.controller?.uid }
    /// All Secrets by name and version alone; what they hold is read when it is needed and never kept.
    public let secretVersions = Store<VersionedObject>()
    /// What kubelets tell in events alone, by kind and found by the pod's UID; stays empty where the operator may not see events.
    public let podEvents: [PodEvent.Kind: Store<PodEvent>]
    /// The nodes; stays empty where the operator may not see them.
    public let nodes = Store<NodeView>()
    /// Which of the optional APIs are served.
    public let apis: APIRegistry

    /// A world of empty stores.
    ///
    /// There is one for each version in which an optional API may be served; those of the others stay empty.
    public init(served: ServedAPIs = .everything) {
        self.apis = APIRegistry(served: served)
        let types: [ResourceType] = [
            .deployments, .services, .secrets, .configMaps, .serviceAccounts, .controllerRevisions, .statefulSets,
            .persistentVolumeClaims,
        ]
        var children: [ResourceType: Store<DynamicObject>] = [:]
        for type in types + OptionalAPI.allCases.flatMap(\.versions) {
            children[type] = Store { $0.metadata.controller?.uid }
        }
        self.children = children
        self.sortedChildren = children.sorted { $0.key.plural < $1.key.plural }.map { type, store in
            (type, store, OptionalAPI.allCases.first { $0.versions.contains(type) })
        }
        var podEvents: [PodEvent.Kind: Store<PodEvent>] = [:]
        for kind in PodEvent.Kind.allCases {
            podEvents[kind] = Store { $0.podUID }
        }
        self.podEvents = podEvents
    }

    /// The types of children that the API server serves, in the order of their names.
    var servedChildren: [(type: ResourceType, store: Store<DynamicObject>)] {
        let served = self.apis.served
        return self.sortedChildren.compactMap { type, store, api in
            api.map { served[$0] == type } ?? true ? (type, store) : nil
        }
    }

    /// What is to be said of an app's embedded database; `nil` while it answers, and for an app that has none.
    ///
    /// - Parameter now: Seconds since 1970.
    func databaseProblem(of app: EffectiveApp, now: Double) -> SyncProblem? {
        guard app.spec.database != .external else { return nil }
        let key = ObjectKey(namespace: app.namespace, name: app.databaseName)
        let live = self.child(.statefulSets, key)
        let wanted = live?.value["spec"]?["replicas"]?.integer ?? 1
        let ready = live?.value["status"]?["readyReplicas"]?.integer ?? 0
        guard ready < wanted else { return nil }
        let circumstances = PodDiagnosis.Circumstances(now: now, isMinikube: app.spec.environment == .minikube)
        let failure = live.flatMap { self.podFailure(of: $0, circumstances) }
        let cause = failure?.sentence(component: "pod") ?? "its pod \(app.databaseName)-0 has not become ready yet"
        return SyncProblem(.databaseNotReady, "PostgreSQL (StatefulSet \(app.databaseName)) does not answer; \(cause)")
    }

    /// What is most telling of all that is wrong with a StatefulSet's pods.
    private func podFailure(of set: DynamicObject, _ circumstances: PodDiagnosis.Circumstances) -> Failure? {
        let image = set.value["spec"]?["template"]?["spec"]?["containers"]?[0]?["image"]?.string ?? ""
        let failures = self.pods.indexed(set.metadata.uid).filter { !$0.isReady }.flatMap { pod in
            PodDiagnosis.failures(
                of: pod,
                events: self.podEvents.values.flatMap { $0.indexed(pod.metadata.uid) },
                nodeTrouble: self.nodes[ObjectKey(namespace: nil, name: pod.nodeName)]?.trouble,
                image: image,
                circumstances
            )
        }
        return failures.min(by: Failure.precedes)
    }

    /// The last good spec that is kept of an app; `nil` where there is none that this release can read.
    func goodRevision(of owner: ObjectMeta) -> GoodRevision? {
        let revisions = (self.children[.controllerRevisions]?.indexed(owner.uid) ?? []).compactMap { GoodRevision($0) }
        return revisions.filter { (try? TodoAppSpec.read($0.spec, name: owner.name)) != nil }
            .max { $0.generation < $1.generation }
    }

    /// A child as it is; `nil` where there is none that carries the operator's label.
    func child(_ type: ResourceType, _ key: ObjectKey) -> DynamicObject? {
        self.children[type]?[key]
    }

    /// The same with the parts that the outline names alone.
    func child(_ type: ResourceType, _ key: ObjectKey, within outline: JSONOutline) -> DynamicObject? {
        self.children[type]?[key, within: outline]
    }

    /// The parts of a Deployment that a status goes by.
    private static let judged = JSONOutline(
        ["metadata"],
        ["status"],
        ["spec", "replicas"],
        ["spec", "template", "metadata"]
    )
    private static let ports = JSONOutline(["spec", "ports"])

    /// What the cluster says about a component that is wanted.
    func observe(_ component: EffectiveComponent, of app: EffectiveApp) -> ComponentObservation {
        self.observation(
            component.name,
            deployment: self.child(
                .deployments,
                ObjectKey(namespace: app.namespace, name: component.childName),
                within: Self.judged
            ),
            image: component.image,
            desired: Int64(component.replicas.minimum),
            url: self.serviceURL(of: component, app: app)
        )
    }

    /// Where a component is reached inside the cluster: at the port that its Service has, which is not the contract's while
    /// the component is held back.
    func serviceURL(of component: EffectiveComponent, app: EffectiveApp) -> String {
        let key = ObjectKey(namespace: app.namespace, name: component.childName)
        let service = self.child(.services, key, within: Self.ports)
        let port = service?.value["spec"]?["ports"]?[0]?["port"]?.integer
        return app.serviceURL(of: component.name, keptPort: port.map { Int($0) })
    }

    /// Where people reach the front door through its Ingress or HTTPRoute; `nil` where there is none, or none with a host.
    func outsideURL(of component: EffectiveComponent, app: EffectiveApp) -> String? {
        let api: OptionalAPI
        switch app.spec.effectiveExposure {
        case .ingress: api = .ingresses
        case .httpRoute(let route) where route.host != nil: api = .httpRoutes
        case .httpRoute, .byEnvironment, .clusterIP, .nodePort: return nil
        }
        let key = ObjectKey(namespace: app.namespace, name: component.childName)
        guard let type = self.apis.served[api], self.child(type, key) != nil else { return nil }
        return Wiring(of: app, nodePort: nil).frontDoorURL
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
        let pods = replicaSets.flatMap { self.pods.indexed($0.metadata.uid) }
        var events: [String: [PodEvent]] = [:]
        var nodeTroubles: [String: String] = [:]
        for pod in pods where !pod.isReady {
            events[pod.metadata.uid] = self.podEvents.values.flatMap { $0.indexed(pod.metadata.uid) }
            nodeTroubles[pod.nodeName] = self.nodes[ObjectKey(namespace: nil, name: pod.nodeName)]?.trouble
        }
        return ComponentObservation(
            name: name,
            image: image,
            desired: desired,
            deployment: deployment,
            replicaSets: replicaSets,
            pods: pods,
            events: events,
            nodeTroubles: nodeTroubles,
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
        self.init(try ObjectMeta(of: json))
    }

    /// The same of an object of which the metadata has been read.
    init(_ object: DynamicObject) {
        self.init(object.metadata)
    }

    /// An object's identity and version.
    init(_ key: ObjectKey, uid: String, _ version: ResourceVersion) {
        self.metadata = ObjectMeta(name: key.name, namespace: key.namespace, uid: uid, resourceVersion: version)
    }

    private init(_ whole: ObjectMeta) {
        self.metadata = ObjectMeta(
            name: whole.name,
            namespace: whole.namespace,
            uid: whole.uid,
            resourceVersion: whole.resourceVersion
        )
    }
}

/// What is known of a node.
public struct NodeView: StoredObject, Equatable {
    /// The metadata, without labels and annotations.
    public let metadata: ObjectMeta
    /// The external address, else the internal one; `nil` where it has none.
    public let address: String?
    /// Why the node is not ready; `nil` if it is.
    public let trouble: String?

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
        let ready = (json["status"]?["conditions"]?.array ?? []).first { $0["type"]?.string == "Ready" }
        let isReady = ready.map { $0["status"]?.string == "True" } ?? true
        self.trouble = isReady ? nil : ready?["message"]?.string ?? "not ready"
    }
}
