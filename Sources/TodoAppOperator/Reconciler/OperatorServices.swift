internal import ControllerRuntime
internal import JSON
internal import KubernetesAPI
public import KubernetesClient
public import Logging
public import ServiceLifecycle
internal import TodoAppAPI

/// The running operator: what it watches, how a change finds the TodoApp it concerns, and who reconciles that.
public struct OperatorServices: Sendable {
    /// What the admin decides.
    public struct Options: Sendable {
        /// The namespace that is watched; `nil` for all.
        public var namespace: String?
        /// How many TodoApps are reconciled at a time.
        public var workers: Int
        /// What events call this process, among the operator's replicas.
        public var instance: String

        /// Options by their parts.
        public init(namespace: String?, workers: Int, instance: String) {
            self.namespace = namespace
            self.workers = workers
            self.instance = instance
        }
    }

    /// The services in the order in which they start; they end in the opposite one.
    public let services: [any Service]
    /// What the operator sees.
    public let world: World

    /// Puts the operator together.
    ///
    /// - Throws: `KubernetesClientError` where the API server does not say what it serves.
    public init(
        client: KubernetesClient,
        options: Options,
        surroundings: TodoAppReconciler.Surroundings,
        logger: Logger
    ) async throws(KubernetesClientError) {
        let world = World(podDisruptionBudgets: try await servedPodDisruptionBudgets(client))
        let queue = WorkQueue<ObjectKey>()
        let ledger = WriteLedger<ObjectKey>()
        let watching = Watching(
            client: client,
            namespace: options.namespace,
            world: world,
            queue: queue,
            logger: logger
        )
        let recorder = EventRecorder(
            client: client,
            controller: ChildLabels.manager,
            instance: options.instance,
            wallClock: surroundings.now,
            logger: logger
        )
        var surroundings = surroundings
        surroundings.tell = { recorder.record($0) }
        let reconciler = TodoAppReconciler(client: client, world: world, ledger: ledger, surroundings: surroundings)
        let controller = Controller(
            queue: queue,
            options: ControllerOptions(workers: options.workers),
            logger: logger,
            isReady: { watching.isReady },
            reconcile: { await reconciler.reconcile($0) }
        )
        self.world = world
        // Ended in the opposite order: the controller first, and the recorder when nobody has anything to tell any more.
        self.services = [recorder] + watching.informers + [controller]
    }
}

/// Which PodDisruptionBudget there is: the old one was removed when the new one had been there for four versions.
func servedPodDisruptionBudgets(_ client: KubernetesClient) async throws(KubernetesClientError) -> ResourceType? {
    for type in [ResourceType.podDisruptionBudgets, .podDisruptionBudgetsBeta] {
        if try await client.serves(type) { return type }
    }
    return nil
}

// MARK: - Watching

/// All watches of the operator.
///
/// Children and their pods are found by label, so that nothing else of the cluster is ever held in memory.
private struct Watching: Sendable {
    private let client: KubernetesClient
    private let namespace: String?
    private let world: World
    private let queue: WorkQueue<ObjectKey>
    private let logger: Logger

    init(client: KubernetesClient, namespace: String?, world: World, queue: WorkQueue<ObjectKey>, logger: Logger) {
        self.client = client
        self.namespace = namespace
        self.world = world
        self.queue = queue
        self.logger = logger
    }

    var informers: [any Service] {
        let children = self.world.children.sorted { $0.key.plural < $1.key.plural }
        return [self.apps(), self.replicaSets(), self.pods(), self.secretVersions(), self.nodes()]
            + children.map { self.children(of: $0.key, in: $0.value) }
    }

    /// Whether everything that a decision needs is known.
    ///
    /// The nodes' addresses are not: where they may not be read, URLs name the Services.
    var isReady: Bool {
        self.world.apps.isSynced && self.world.replicaSets.isSynced && self.world.pods.isSynced
            && self.world.secretVersions.isSynced && self.world.children.values.allSatisfy(\.isSynced)
            && (self.world.nodes.isSynced || self.world.nodes.isDenied)
    }

    private func informer<Object: StoredObject>(
        _ selection: Selection,
        _ store: Store<Object>,
        project: @escaping @Sendable (JSONValue) throws -> Object,
        onChange: @escaping @Sendable (StoreChange<Object>) -> Void
    ) -> Informer<Object> {
        Informer(
            selection,
            client: self.client,
            store: store,
            logger: self.logger,
            project: project,
            onChange: onChange
        )
    }

    private func apps() -> any Service {
        let queue = self.queue
        let selection = Selection(TodoAppObject.resource, namespace: self.namespace)
        return self.informer(selection, self.world.apps, project: TodoAppObject.init(json:)) { change in
            guard let key = (change.new ?? change.old)?.metadata.key else { return }
            // What is there at the start can wait for what changes meanwhile.
            queue.add(key, priority: change.isOfFirstList ? .background : .normal)
        }
    }

    private func children(of type: ResourceType, in store: Store<DynamicObject>) -> any Service {
        let selection = Selection(type, namespace: self.namespace, labelSelector: managedSelector)
        return self.informer(selection, store, project: DynamicObject.init(json:), onChange: self.wakeOwner)
    }

    private func replicaSets() -> any Service {
        let selection = Selection(.replicaSets, namespace: self.namespace, labelSelector: managedSelector)
        return self.informer(
            selection,
            self.world.replicaSets,
            project: ReplicaSet.init(json:),
            onChange: self.wakeOwner
        )
    }

    private func pods() -> any Service {
        let selection = Selection(.pods, namespace: self.namespace, labelSelector: managedSelector)
        return self.informer(selection, self.world.pods, project: Pod.init(json:), onChange: self.wakeOwner)
    }

    /// A Secret that a TodoApp names has come, changed or gone.
    private func secretVersions() -> any Service {
        let (world, queue) = (self.world, self.queue)
        let selection = Selection(.secrets, namespace: self.namespace, representation: .metadata)
        return self.informer(selection, world.secretVersions, project: VersionedObject.init(json:)) { change in
            guard let key = (change.new ?? change.old)?.metadata.key, let namespace = key.namespace else { return }
            for app in world.apps.indexed(namespace) where app.names(secret: key.name) {
                queue.add(app.metadata.key)
            }
        }
    }

    /// The front door's address follows the nodes'; only TodoApps in Minikube show one.
    private func nodes() -> any Service {
        let (world, queue) = (self.world, self.queue)
        return self.informer(Selection(.nodes), world.nodes, project: NodeAddress.init(json:)) { change in
            guard change.old?.address != change.new?.address else { return }
            for key in world.apps.keys {
                queue.add(key, priority: .background)
            }
        }
    }

    /// Wakes the TodoApp that an object belongs to, and the one that it belonged to before.
    private func wakeOwner<Object: StoredObject>(_ change: StoreChange<Object>) {
        for metadata in [change.old?.metadata, change.new?.metadata].compactMap({ $0 }) {
            if let owner = owner(of: metadata) {
                self.queue.add(owner)
            }
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

extension TodoAppObject {
    /// Whether the spec names a Secret, or has an own one of that name; the spec need not be valid for that.
    fileprivate func names(secret: String) -> Bool {
        if secret == "\(self.metadata.name)-secrets" { return true }
        let secrets = self.spec["secrets"]
        if secrets?["existingSecret"]?.string == secret { return true }
        return (secrets?["from"]?.array ?? []).contains { $0["secretName"]?.string == secret }
    }
}
