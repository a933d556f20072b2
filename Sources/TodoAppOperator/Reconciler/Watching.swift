internal import ControllerRuntime
internal import JSON
internal import KubernetesAPI
internal import KubernetesClient
internal import Logging
internal import ServiceLifecycle

/// All watches of the operator.
///
/// Children and their pods are found by label, so that nothing else of the cluster is ever held in memory.
struct Watching: Sendable {
    let client: KubernetesClient
    let namespaces: [String]
    let selector: LabelSelector?
    let world: World
    let queue: WorkQueue<ObjectKey>
    let ledger: WriteLedger<ObjectKey>
    let informerOptions: InformerOptions
    let time: TimeSource
    let logger: Logger

    var informers: [any WatchedCollection] {
        let optional = Set(OptionalAPI.allCases.flatMap(\.versions))
        let children = self.world.children.filter { !optional.contains($0.key) }.sorted {
            $0.key.plural < $1.key.plural
        }
        return [self.apps(), self.replicaSets(), self.pods(), self.secretVersions(), self.nodes()]
            + children.map { self.children(of: $0.key, in: $0.value) }
    }

    /// What may be missing or denied: no replica is unready without it.
    ///
    /// Of APIs that are not served everywhere, and what kubelets say of pods.
    var optionalInformers: [any Service] {
        OptionalAPI.allCases.map { self.children(of: $0) }
            + self.world.podEvents.sorted { $0.key.rawValue < $1.key.rawValue }.map {
                self.podEvents($0.key, in: $0.value)
            }
    }

    /// Whether everything that a decision needs is known.
    ///
    /// Nodes and events need not be: where nodes may not be read, URLs name the Services; where events may not, the status
    /// says less of failed probes and volumes.
    var isReady: Bool {
        self.world.apps.isSynced && self.world.replicaSets.isSynced && self.world.pods.isSynced
            && self.world.secretVersions.isSynced && self.areChildrenSynced
            && (self.world.nodes.isSynced || self.world.nodes.isDenied)
            && self.world.podEvents.values.allSatisfy { $0.isSynced || $0.isDenied }
    }

    /// An optional API that may not be read holds up only what needs it.
    private var areChildrenSynced: Bool {
        let optional = Set(OptionalAPI.allCases.flatMap(\.versions))
        return self.world.servedChildren.allSatisfy { type, store in
            store.isSynced || (optional.contains(type) && store.isDenied)
        }
    }

    /// Whether everything that a decision about a TodoApp of this namespace needs is known.
    func isReady(in namespace: String?) -> Bool {
        let optional = Set(OptionalAPI.allCases.flatMap(\.versions))
        return self.world.replicaSets.isSynced(in: namespace) && self.world.pods.isSynced(in: namespace)
            && self.world.secretVersions.isSynced(in: namespace)
            && self.world.servedChildren.allSatisfy { type, store in
                store.isSynced(in: namespace) || (optional.contains(type) && store.isDenied)
            }
    }

    private func informer<Object: StoredObject>(
        _ selection: Selection,
        isNamespaced: Bool = true,
        _ store: Store<Object>,
        onUnserved: @escaping @Sendable () -> Void = {},
        keep: @escaping @Sendable (DynamicObject) throws -> Object,
        onChange: @escaping @Sendable (StoreChange<Object>) -> Void
    ) -> Informer<Object> {
        Informer(
            selection,
            namespaces: isNamespaced ? self.namespaces : [],
            client: self.client,
            store: store,
            options: self.informerOptions,
            time: self.time,
            logger: self.logger,
            keep: keep,
            onUnserved: onUnserved,
            onChange: onChange
        )
    }

    /// One that leaves the selection is to this operator as one that was deleted: it is left alone, with its children.
    private func apps() -> any WatchedCollection {
        let (queue, ledger) = (self.queue, self.ledger)
        let selection = Selection(TodoAppObject.resource, labelSelector: self.selector?.description ?? "")
        return self.informer(selection, self.world.apps, keep: { try TodoAppObject(json: $0.value) }) { change in
            guard let app = (change.new ?? change.old)?.metadata, ledger.isNews(for: app.key, app.resourceVersion)
            else {
                return
            }
            // What is there at the start can wait for what changes meanwhile.
            queue.add(app.key, priority: change.isOfFirstList ? .background : .normal)
        }
    }

    private func children(
        of type: ResourceType,
        in store: Store<DynamicObject>,
        onUnserved: @escaping @Sendable () -> Void = {}
    ) -> any WatchedCollection {
        let selection = Selection(type, labelSelector: managedSelector)
        return self.informer(
            selection,
            store,
            onUnserved: onUnserved,
            keep: { $0 },
            onChange: self.wakeOwner
        )
    }

    private func children(of api: OptionalAPI) -> any Service {
        OptionalInformer(api: api, registry: self.world.apis) { type, onUnserved in
            self.children(of: type, in: self.world.children[type] ?? Store(), onUnserved: onUnserved)
        }
    }

    private func replicaSets() -> any WatchedCollection {
        let selection = Selection(.replicaSets, labelSelector: managedSelector)
        return self.informer(
            selection,
            self.world.replicaSets,
            keep: { try ReplicaSet(json: $0.value) },
            onChange: self.wakeOwner
        )
    }

    private func pods() -> any WatchedCollection {
        let selection = Selection(.pods, labelSelector: managedSelector)
        return self.informer(selection, self.world.pods, keep: { try Pod(json: $0.value) }, onChange: self.wakeOwner)
    }

    /// A Secret that a TodoApp names has come, changed or gone.
    private func secretVersions() -> any WatchedCollection {
        let (world, queue, ledger) = (self.world, self.queue, self.ledger)
        let selection = Selection(.secrets, representation: .metadata)
        return self.informer(selection, world.secretVersions, keep: VersionedObject.init) { change in
            guard let secret = (change.new ?? change.old)?.metadata else { return }
            for app in world.apps.keys(indexed: secret.key.description)
            where ledger.isNews(for: app, secret.resourceVersion) {
                queue.add(app)
            }
        }
    }

    /// What a kubelet says of a pod beside its status.
    ///
    /// The API server picks the events by their reason, so that of all events of the cluster only these few come here.
    private func podEvents(_ kind: PodEvent.Kind, in store: Store<PodEvent>) -> any Service {
        let (world, queue) = (self.world, self.queue)
        let selection = Selection(
            .events,
            fieldSelector: "involvedObject.kind=Pod,reason=\(kind.rawValue)"
        )
        return self.informer(selection, store, keep: { try PodEvent(json: $0.value) }) { change in
            // One that goes is one that was forgotten, and says nothing of its pod.
            guard let pod = change.new.flatMap({ world.pods[$0.pod] }), let app = owner(of: pod.metadata) else {
                return
            }
            queue.add(app)
        }
    }

    /// The front door's address follows the nodes'; only TodoApps in Minikube show one.
    private func nodes() -> any WatchedCollection {
        let (world, queue) = (self.world, self.queue)
        let selection = Selection(.nodes)
        return self.informer(selection, isNamespaced: false, world.nodes, keep: { try NodeView(json: $0.value) }) {
            change in
            if change.old?.address != change.new?.address {
                for key in world.apps.keys {
                    queue.add(key, priority: .background)
                }
            }
            guard let old = change.old, let new = change.new, old.trouble != new.trouble else { return }
            for pod in world.pods.keys.compactMap({ world.pods[$0] }) where pod.nodeName == new.metadata.name {
                if let app = owner(of: pod.metadata) { queue.add(app) }
            }
        }
    }

    /// Wakes the TodoApp that an object belongs to, and the one that it belonged to before.
    private func wakeOwner<Object: StoredObject>(_ change: StoreChange<Object>) {
        let (old, new) = (change.old?.metadata, change.new?.metadata)
        guard let version = (new ?? old)?.resourceVersion else { return }
        for owner in Set([old, new].compactMap { $0 }.compactMap(owner)) where self.ledger.isNews(for: owner, version) {
            self.queue.add(owner)
        }
    }
}

private let managedSelector = "\(ChildLabels.managedBy)=\(ChildLabels.manager)"

/// The TodoApp that an object belongs to: by its owner reference, and for what Deployments make by the label.
private func owner(of metadata: ObjectMeta) -> ObjectKey? {
    if let controller = metadata.controller, controller.kind == TodoAppObject.resource.kind,
        controller.group == TodoAppObject.resource.group
    {
        return ObjectKey(namespace: metadata.namespace, name: controller.name)
    }
    return metadata.labels[ChildLabels.instance].map { ObjectKey(namespace: metadata.namespace, name: $0) }
}
