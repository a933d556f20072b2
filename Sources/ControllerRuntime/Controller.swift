public import Logging
public import ServiceLifecycle

/// Takes keys from a queue and has each reconciled, several at a time, but never one key twice at the same time.
///
/// *Shutdown*: no further key is taken; what is in flight is finished, or cancelled with the task.
public final class Controller<Key: Hashable & Sendable & CustomStringConvertible>: Service {
    private let queue: WorkQueue<Key>
    private let options: ControllerOptions
    private let time: TimeSource
    private let logger: Logger
    private let leadership: Leadership
    private let metrics: ControllerMetrics
    private let isReady: @Sendable () -> Bool
    private let reconcile: @Sendable (Key) async -> Outcome

    /// A controller that begins with ``run()``.
    ///
    /// - Parameters:
    ///   - queue: Where the keys come from.
    ///   - options: What its owner decides; the defaults fit most.
    ///   - time: Time and chance; the machine's own by default.
    ///   - logger: Where it tells what happens.
    ///   - leadership: Before it is won, no key is taken: the stores are filled and the queue waits (a warm standby).
    ///   - metrics: What is counted; nothing by default.
    ///   - isReady: Whether all stores are filled; before that no key is taken.
    ///   - reconcile: Makes the world as the key's object wants it.
    public init(
        queue: WorkQueue<Key>,
        options: ControllerOptions = ControllerOptions(),
        time: TimeSource = .system,
        logger: Logger,
        leadership: Leadership = .unneeded,
        metrics: ControllerMetrics = .none,
        isReady: @escaping @Sendable () -> Bool,
        reconcile: @escaping @Sendable (Key) async -> Outcome
    ) {
        self.queue = queue
        self.options = options
        self.time = time
        self.logger = logger
        self.leadership = leadership
        self.metrics = metrics
        self.isReady = isReady
        self.reconcile = reconcile
    }

    /// Works until the process shuts down or the task is cancelled.
    public func run() async throws {
        self.metrics.workers(self.options.workers)
        await withTaskCancellationOrGracefulShutdownHandler {
            guard await becomesTrue(self.isReady, time: self.time) else { return }
            self.logger.info("ready", metadata: ["workers": "\(self.options.workers)"])
            guard await self.leadership.waitUntilHeld() else { return }
            await withDiscardingTaskGroup { group in
                for _ in 0..<self.options.workers {
                    group.addTask { await self.work() }
                }
            }
        } onCancelOrGracefulShutdown: {
            self.queue.shutDown()
        }
    }

    private func work() async {
        while let key = await self.queue.next() {
            let begin = self.time.now()
            self.metrics.begin()
            let outcome = await self.reconcileWithinDeadline(key)
            self.metrics.end(outcome, after: begin.duration(to: self.time.now()))
            let failures = self.queue.finished(key, outcome)
            self.log(key, outcome, failures: failures)
        }
    }

    private func reconcileWithinDeadline(_ key: Key) async -> Outcome {
        let reconcile = self.reconcile
        let time = self.time
        let deadline = self.options.reconcileDeadline
        let metrics = self.metrics
        return await withTaskGroup(of: Outcome?.self) { group in
            group.addTask { await reconcile(key) }
            group.addTask {
                // Cancelled as soon as the reconcile has returned.
                let slept: Void? = try? await time.sleep(deadline)
                guard slept != nil else { return nil }
                metrics.timedOut()
                return .retry("it took longer than \(deadline)")
            }
            var outcome: Outcome?
            while outcome == nil, let result = await group.next() {
                outcome = result
            }
            group.cancelAll()
            return outcome ?? .retry("it was cancelled")
        }
    }

    private func log(_ key: Key, _ outcome: Outcome, failures: Int) {
        switch outcome {
        case .done, .requeue:
            break
        case .retry(let why):
            self.logger.log(
                level: self.isWorthALine(failures) ? .warning : .debug,
                "reconcile failed, trying again",
                metadata: ["object": "\(key)", "error": "\(why)", "failures": "\(failures)"]
            )
        case .terminal(let why):
            self.logger.error("reconcile failed for good", metadata: ["object": "\(key)", "error": "\(why)"])
        }
    }
}

extension Controller {
    /// A key that fails again and again is told of ever more rarely, and in an outage, which is told of elsewhere, not at
    /// all.
    private func isWorthALine(_ failures: Int) -> Bool {
        self.options.outages?.isOut != true && failures.nonzeroBitCount == 1
    }
}

/// How a ``Controller`` works.
public struct ControllerOptions: Sendable {
    /// How many keys are reconciled at a time.
    ///
    /// Defaults to 4.
    public var workers: Int
    /// How long one reconcile may take.
    ///
    /// Defaults to 60 s.
    public var reconcileDeadline: Duration
    /// Where outages of the API server are told of; while there is one, failed reconciles are no news.
    ///
    /// Defaults to none.
    public var outages: OutageLog?

    /// Options; the defaults fit most operators.
    public init(
        workers: Int = 4,
        reconcileDeadline: Duration = .seconds(60),
        outages: OutageLog? = nil
    ) {
        self.workers = workers
        self.reconcileDeadline = reconcileDeadline
        self.outages = outages
    }
}
