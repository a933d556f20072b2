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
    private let isReady: @Sendable () -> Bool
    private let reconcile: @Sendable (Key) async -> Outcome

    /// A controller that begins with ``run()``.
    ///
    /// - Parameters:
    ///   - isReady: Whether all stores are filled; before that no key is taken.
    ///   - reconcile: Makes the world as the key's object wants it.
    public init(
        queue: WorkQueue<Key>,
        options: ControllerOptions = ControllerOptions(),
        time: TimeSource = .system,
        logger: Logger,
        isReady: @escaping @Sendable () -> Bool,
        reconcile: @escaping @Sendable (Key) async -> Outcome
    ) {
        self.queue = queue
        self.options = options
        self.time = time
        self.logger = logger
        self.isReady = isReady
        self.reconcile = reconcile
    }

    /// Works until the process shuts down or the task is cancelled.
    public func run() async throws {
        await withTaskCancellationOrGracefulShutdownHandler {
            guard await self.waitUntilReady() else { return }
            self.logger.info("ready", metadata: ["workers": "\(self.options.workers)"])
            await withDiscardingTaskGroup { group in
                for _ in 0..<self.options.workers {
                    group.addTask { await self.work() }
                }
            }
        } onCancelOrGracefulShutdown: {
            self.queue.shutDown()
        }
    }

    private func waitUntilReady() async -> Bool {
        while !self.isReady() {
            // Asked for, not told of: it happens once, and ten stores would each have to tell.
            guard (try? await self.time.sleep(.milliseconds(10))) != nil, !Task.isShuttingDownGracefully else {
                return false
            }
        }
        return true
    }

    private func work() async {
        while let key = await self.queue.next() {
            let outcome = await self.reconcileWithinDeadline(key)
            let failures = self.queue.finished(key, outcome)
            self.log(key, outcome, failures: failures)
        }
    }

    private func reconcileWithinDeadline(_ key: Key) async -> Outcome {
        let reconcile = self.reconcile
        let time = self.time
        let deadline = self.options.reconcileDeadline
        return await withTaskGroup(of: Outcome?.self) { group in
            group.addTask { await reconcile(key) }
            group.addTask {
                // Cancelled as soon as the reconcile has returned.
                let slept: Void? = try? await time.sleep(deadline)
                return slept == nil ? nil : .retry("it took longer than \(deadline)")
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
            self.logger.warning(
                "reconcile failed, trying again",
                metadata: ["object": "\(key)", "error": "\(why)", "failures": "\(failures)"]
            )
        case .terminal(let why):
            self.logger.error("reconcile failed for good", metadata: ["object": "\(key)", "error": "\(why)"])
        }
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

    /// Options; the defaults fit most operators.
    public init(workers: Int = 4, reconcileDeadline: Duration = .seconds(60)) {
        self.workers = workers
        self.reconcileDeadline = reconcileDeadline
    }
}
