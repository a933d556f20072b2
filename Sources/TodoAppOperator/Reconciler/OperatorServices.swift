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
    /// Has those TodoApps looked at that this replica has gained (``ShardKeeper``).
    public let wake: @Sendable (_ isGained: (String) -> Bool) -> Void

    /// All services in the order in which they start, for whoever has one replica and no probes.
    public var services: [any Service] {
        [self.recorder] + self.informers.map { $0 as any Service } + self.optionalInformers + [self.controller]
    }

    /// Puts the operator together.
    ///
    /// - Parameters:
    ///   - clients: Who may write what.
    ///   - options: What the admin decides.
    ///   - surroundings: What comes from outside beside the cluster.
    ///   - leadership: Whether this replica may write.
    ///   - territory: Which TodoApps are this replica's. Defaults to all.
    ///   - factory: Where metrics go.
    ///   - time: Pauses and deadlines. Defaults to the machine's clock.
    ///   - logger: Where it tells what happens.
    /// - Throws: `KubernetesClientError` where the API server refuses to say what it serves; an outage is waited out.
    public init(
        clients: Clients,
        options: Options,
        surroundings: TodoAppReconciler.Surroundings,
        leadership: Leadership,
        territory: Territory = .everything,
        metrics factory: any MetricsFactory,
        time: TimeSource = .system,
        logger: Logger
    ) async throws(KubernetesClientError) {
        let client = clients.work
        let outages = OutageLog(time: time, logger: logger)
        let start = PatientStart(outages: outages, time: time)
        let served = try await start.ask { () async throws(KubernetesClientError) in
            try await APIDiscovery.served(by: client)
        }
        let version = try await start.ask { () async throws(KubernetesClientError) in try await client.serverVersion() }
        let world = World(served: served)
        let metrics = ControllerMetrics(controller: controllerName, factory: factory)
        let queueMetrics = QueueMetrics<ObjectKey>(name: controllerName, controller: controllerName, factory: factory)
        let queue = WorkQueue<ObjectKey>(time: time, metrics: queueMetrics)
        let ledger = WriteLedger<ObjectKey>(time: time) { key in
            metrics.skippedStale()
            queueMetrics.putOff(key)
        }
        let watching = Watching(
            client: client,
            namespaces: options.namespaces,
            selector: options.selector,
            world: world,
            queue: queue,
            ledger: ledger,
            informerOptions: InformerOptions(
                initialSync: version.mayStreamInitialEvents ? .stream : .list,
                outages: outages
            ),
            time: time,
            logger: logger
        )
        let recorder = EventRecorder(
            client: clients.report,
            controller: ChildLabels.manager,
            instance: options.instance,
            time: time,
            wallClock: surroundings.now,
            logger: logger,
            isBusy: { ledger.passCount > fewPasses }
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
                let name = key.description
                guard territory.begin(name) else {
                    reconciler.forget(key)
                    return .done
                }
                defer { territory.end(name) }
                // A namespace that is denied holds up none but itself.
                guard watching.isReady(in: key.namespace) else { return .requeue(after: .seconds(10)) }
                ledger.beginPass(over: key)
                let outcome = await reconciler.reconcile(key)
                if ledger.endPass(over: key) { queue.add(key) }
                return outcome
            }
        )
        self.isReady = { watching.isReady }
        self.wake = { isGained in
            for key in world.apps.keys where isGained(key.description) { queue.add(key, priority: .background) }
        }
        self.checks = informers.map { informer in
            ProbeCheck.informer(informer, isRequired: informer.name != optionalResource)
        }
        self.collect = {
            queue.collect()
            watchMetrics.collect()
        }
    }
}

/// With more passes than these under way, events give way to what these write.
private let fewPasses = 4

/// What metrics call the operator's controller.
private let controllerName = "todoapp"

/// The nodes' addresses make a URL nicer; where they may not be read, URLs name the Services.
private let optionalResource = ResourceType.nodes.resourceName
