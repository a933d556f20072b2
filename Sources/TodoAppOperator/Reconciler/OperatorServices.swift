public import ControllerRuntime
public import CoreMetrics
internal import JSON
public import KubernetesAPI
public import KubernetesClient
public import Logging
public import ServiceLifecycle
internal import TodoAppAPI

/// The running operator: what it watches, how a change finds the TodoApp it concerns, and who reconciles that.
public struct OperatorServices: Sendable {
    /// What the admin decides.
    public struct Options: Sendable {
        /// The namespaces that are watched; none for all.
        public var namespaces: [String]
        /// The TodoApps that are looked after, by their labels; `nil` for all of these namespaces.
        public var selector: LabelSelector?
        /// How many TodoApps are reconciled at a time.
        public var workers: Int
        /// What events call this process, among the operator's replicas.
        public var instance: String

        /// Options by their parts.
        public init(namespaces: [String], selector: LabelSelector? = nil, workers: Int, instance: String) {
            self.namespaces = namespaces
            self.selector = selector
            self.workers = workers
            self.instance = instance
        }
    }

    /// Who may write what.
    public struct Clients: Sendable {
        /// For the operator's work: refused while another replica leads.
        public var work: KubernetesClient
        /// For events, which may also be told after the lease was given back.
        public var report: KubernetesClient

        /// Clients by their purposes.
        public init(work: KubernetesClient, report: KubernetesClient) {
            self.work = work
            self.report = report
        }
    }

    /// What the operator sees.
    public let world: World
    /// Posts events.
    public let recorder: any Service
    /// Fill what the operator sees.
    public let informers: [any WatchedCollection]
    /// Fill what it may see or not.
    public let optionalInformers: [any Service]
    /// Works.
    public let controller: any Service
    /// Whether the operator sees what it must to work.
    public let isReady: @Sendable () -> Bool
    /// What `/readyz` shows of the operator: one line for each informer.
    public let checks: [ProbeCheck]
    /// Sets the metrics that are only worth knowing when somebody looks.
    public let collect: @Sendable () -> Void

    /// All services in the order in which they start, for whoever has one replica and no probes.
    public var services: [any Service] {
        [self.recorder] + self.informers.map { $0 as any Service } + self.optionalInformers + [self.controller]
    }

    /// Puts the operator together.
    ///
    /// - Parameter time: Pauses and deadlines. Defaults to the machine's clock.
    /// - Throws: `KubernetesClientError` where the API server does not say what it serves.
    public init(
        clients: Clients,
        options: Options,
        surroundings: TodoAppReconciler.Surroundings,
        leadership: Leadership,
        metrics factory: any MetricsFactory,
        time: TimeSource = .system,
        logger: Logger
    ) async throws(KubernetesClientError) {
        let client = clients.work
        let world = World(served: try await APIDiscovery.served(by: client))
        let metrics = ControllerMetrics(controller: controllerName, factory: factory)
        let queueMetrics = QueueMetrics<ObjectKey>(name: controllerName, controller: controllerName, factory: factory)
        let queue = WorkQueue<ObjectKey>(time: time, metrics: queueMetrics)
        let ledger = WriteLedger<ObjectKey>(time: time) { key in
            metrics.skippedStale()
            queueMetrics.putOff(key)
        }
        let outages = OutageLog(time: time, logger: logger)
        let mayStream = try await client.serverVersion().mayStreamInitialEvents
        let watching = Watching(
            client: client,
            namespaces: options.namespaces,
            selector: options.selector,
            world: world,
            queue: queue,
            ledger: ledger,
            informerOptions: InformerOptions(initialSync: mayStream ? .stream : .list, outages: outages),
            time: time,
            logger: logger
        )
        let recorder = EventRecorder(
            client: clients.report,
            controller: ChildLabels.manager,
            instance: options.instance,
            time: time,
            wallClock: surroundings.now,
            logger: logger
        )
        var surroundings = surroundings
        surroundings.tell = { recorder.record($0) }
        let reconciler = TodoAppReconciler(client: client, world: world, ledger: ledger, surroundings: surroundings)
        let informers = watching.informers
        let watchMetrics = WatchMetrics(informers, factory: factory)
        self.world = world
        self.recorder = recorder
        self.informers = informers
        self.optionalInformers = watching.optionalInformers
        self.controller = Controller(
            queue: queue,
            options: ControllerOptions(workers: options.workers, outages: outages),
            time: time,
            logger: logger,
            leadership: leadership,
            metrics: metrics,
            isReady: { watching.isReady },
            reconcile: { key in
                // A namespace that is denied holds up none but itself.
                guard watching.isReady(in: key.namespace) else { return .requeue(after: .seconds(10)) }
                ledger.beginPass(over: key)
                let outcome = await reconciler.reconcile(key)
                if ledger.endPass(over: key) { queue.add(key) }
                return outcome
            }
        )
        self.isReady = { watching.isReady }
        self.checks = informers.map { informer in
            ProbeCheck.informer(informer, isRequired: informer.name != optionalResource)
        }
        self.collect = {
            queue.collect()
            watchMetrics.collect()
        }
    }
}

/// What metrics call the operator's controller.
private let controllerName = "todoapp"

/// The nodes' addresses make a URL nicer; where they may not be read, URLs name the Services.
private let optionalResource = ResourceType.nodes.resourceName

// MARK: - Watching

/// All watches of the operator.
///
/// Children and their pods are found by label, so that nothing else of the cluster is ever held in memory.
private struct Watching: Sendable {
    private let client: KubernetesClient
    private let namespaces: [String]
    private let selector: LabelSelector?
    private let world: World
    private let queue: WorkQueue<ObjectKey>
    private let ledger: WriteLedger<ObjectKey>
    private let informerOptions: InformerOptions
    private let time: TimeSource
    private let logger: Logger

    init(
        client: KubernetesClient,
        namespaces: [String],
        selector: LabelSelector?,
        world: World,
        queue: WorkQueue<ObjectKey>,
        ledger: WriteLedger<ObjectKey>,
        informerOptions: InformerOptions,
        time: TimeSource,
        logger: Logger
    ) {
        self.client = client
        self.namespaces = namespaces
        self.selector = selector
        self.world = world
        self.queue = queue
        self.ledger = ledger
        self.informerOptions = informerOptions
        self.time = time
        self.logger = logger
    }

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
        project: @escaping @Sendable (JSONValue) throws -> Object,
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
            project: project,
            onUnserved: onUnserved,
            onChange: onChange
        )
    }

    /// One that leaves the selection is to this operator as one that was deleted: it is left alone, with its children.
    private func apps() -> any WatchedCollection {
        let (queue, ledger) = (self.queue, self.ledger)
        let selection = Selection(TodoAppObject.resource, labelSelector: self.selector?.description ?? "")
        return self.informer(selection, self.world.apps, project: TodoAppObject.init(json:)) { change in
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
            project: DynamicObject.init(json:),
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
            project: ReplicaSet.init(json:),
            onChange: self.wakeOwner
        )
    }

    private func pods() -> any WatchedCollection {
        let selection = Selection(.pods, labelSelector: managedSelector)
        return self.informer(selection, self.world.pods, project: Pod.init(json:), onChange: self.wakeOwner)
    }

    /// A Secret that a TodoApp names has come, changed or gone.
    private func secretVersions() -> any WatchedCollection {
        let (world, queue, ledger) = (self.world, self.queue, self.ledger)
        let selection = Selection(.secrets, representation: .metadata)
        return self.informer(selection, world.secretVersions, project: VersionedObject.init(json:)) { change in
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
        return self.informer(selection, store, project: PodEvent.init(json:)) { change in
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
        return self.informer(Selection(.nodes), isNamespaced: false, world.nodes, project: NodeView.init(json:)) {
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
