public import Logging
public import ServiceLifecycle
public import UnixSignals

/// Runs all parts of an operator in one order, and ends them in the opposite one.
///
/// *Start*: servers first, so that probes are answered from the beginning; then whoever tells events; informers; the
/// election, which waits until the informers have filled their stores (a warm standby); the controllers, which wait for the
/// lease.
///
/// *End*, on the first SIGTERM or SIGINT: the controllers take no more keys and finish what is in flight; then the
/// informers end; the lease is given back; events that are still waiting are posted; the servers close. What is not done within
/// ``shutdownLimit`` is cancelled. ``run()`` returns.
///
/// *Errors*: ``run()`` throws what a part threw; then the others are ended in the same order, but at once where the
/// lease was lost: nothing may be finished then.
public struct Manager: Sendable {
    /// What answers over HTTP.
    public var servers: [any Service] = []
    /// What tells events.
    public var recorders: [any Service] = []
    /// What fills the stores.
    public var informers: [any Service] = []
    /// Who holds the lease; `nil` for a single replica.
    public var elector: LeaderElector?
    /// What works.
    public var controllers: [any Service] = []
    /// How long the end may take.
    ///
    /// Defaults to 20 s, of the 30 s that Kubernetes gives a pod.
    public var shutdownLimit = Duration.seconds(20)
    /// Called on the second signal, with which somebody asks for the end at once; it is expected not to return.
    public var onSecondSignal: @Sendable (UnixSignal) -> Void = { _ in }

    private let logger: Logger

    /// A manager of nothing yet.
    public init(logger: Logger) {
        self.logger = logger
    }

    /// Runs everything until a signal comes or a part ends.
    public func run() async throws {
        let group = ServiceGroup(configuration: self.configuration)
        let watcher = await SecondSignal(then: self.onSecondSignal)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await watcher.wait() }
            // The watcher ends with the group, and not the other way round.
            defer { tasks.cancelAll() }
            do {
                try await group.run()
            } catch is CancellationError {
                // Services that are cancelled on shutdown end this way.
            }
        }
    }

    private var configuration: ServiceGroupConfiguration {
        var services = (self.servers + self.recorders).map { self.part($0) }
        // The lease is held while the informers end, and given back before the events are posted.
        if let elector = self.elector {
            services.append(
                ServiceGroupConfiguration.ServiceConfiguration(
                    service: elector,
                    successTerminationBehavior: .gracefullyShutdownGroup,
                    failureTerminationBehavior: .cancelGroup
                )
            )
        }
        services += (self.informers + self.controllers).map { self.part($0) }
        var configuration = ServiceGroupConfiguration(
            services: services,
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: self.logger
        )
        configuration.maximumGracefulShutdownDuration = self.shutdownLimit
        return configuration
    }

    private func part(_ service: any Service) -> ServiceGroupConfiguration.ServiceConfiguration {
        ServiceGroupConfiguration.ServiceConfiguration(
            service: service,
            successTerminationBehavior: .gracefullyShutdownGroup,
            failureTerminationBehavior: .gracefullyShutdownGroup
        )
    }
}

/// Waits for the second of the signals that end the process; the first is the service group's.
private struct SecondSignal: Sendable {
    private let signals: UnixSignalsSequence
    private let then: @Sendable (UnixSignal) -> Void

    init(then: @escaping @Sendable (UnixSignal) -> Void) async {
        self.signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        self.then = then
    }

    func wait() async {
        var count = 0
        for await signal in self.signals {
            count += 1
            if count == 2 { self.then(signal) }
        }
    }
}
