import ControllerRuntime
import KubernetesTesting
import Locks
import Logging
import ServiceLifecycle
import ServiceLifecycleTestKit
import Testing

/// Counts what happens at the same time.
private struct Gauge: Sendable {
    var running = 0
    var most = 0
    var begun: [String] = []
    var ended: [String] = []
}

@Suite("Controller")
struct ControllerTests {
    private let time = ManualTime()
    private let gauge = Locked(Gauge())

    private func queue() -> WorkQueue<String> {
        // Its alarms go off at once.
        WorkQueue(time: ManualTime().skippingSource)
    }

    private func controller(
        _ queue: WorkQueue<String>,
        workers: Int = 4,
        isReady: @escaping @Sendable () -> Bool = { true },
        reconcile: @escaping @Sendable (String) async -> Outcome
    ) -> Controller<String> {
        let gauge = self.gauge
        return Controller(
            queue: queue,
            options: ControllerOptions(workers: workers, reconcileDeadline: .seconds(60)),
            time: self.time.source,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            isReady: isReady,
            reconcile: { key in
                gauge.withLock { gauge in
                    gauge.running += 1
                    gauge.most = max(gauge.most, gauge.running)
                    gauge.begun.append(key)
                }
                let outcome = await reconcile(key)
                gauge.withLock { gauge in
                    gauge.running -= 1
                    gauge.ended.append(key)
                }
                return outcome
            }
        )
    }

    private var seen: Gauge {
        self.gauge.withLock { $0 }
    }

    @Test("No more keys are reconciled at a time than there are workers")
    func bounded() async throws {
        let queue = self.queue()
        let gate = Signal()
        let controller = self.controller(queue, workers: 3) { _ in
            await gate.wait()
            return .done
        }
        for number in 0..<10 {
            queue.add("key-\(number)")
        }
        let task = Task { try await controller.run() }
        #expect(await eventually { self.seen.running == 3 })
        gate.give()
        #expect(await eventually { self.seen.ended.count == 10 })
        #expect(self.seen.most == 3)
        task.cancel()
        try await task.value
    }

    @Test("One key is never reconciled twice at the same time, and what comes meanwhile is looked at afterwards")
    func exclusive() async throws {
        let queue = self.queue()
        let gate = Signal()
        let controller = self.controller(queue) { _ in
            await gate.wait()
            return .done
        }
        queue.add("a")
        let task = Task { try await controller.run() }
        #expect(await eventually { self.seen.running == 1 })
        queue.add("a")
        queue.add("a")
        // Somebody else's key passes, so the other workers have looked at the queue.
        queue.add("b")
        #expect(await eventually { self.seen.begun == ["a", "b"] })
        gate.give()
        #expect(await eventually { self.seen.ended.count == 3 })
        #expect(self.seen.begun == ["a", "b", "a"])
        task.cancel()
        try await task.value
    }

    @Test("What failed is tried again until it succeeds")
    func retried() async throws {
        let queue = self.queue()
        let gauge = self.gauge
        let controller = self.controller(queue) { _ in
            gauge.withLock { $0.begun.count } < 4 ? .retry("not yet") : .done
        }
        queue.add("a")
        let task = Task { try await controller.run() }
        #expect(await eventually { self.seen.ended.count == 4 })
        #expect(await eventually { queue.depth == 0 })
        task.cancel()
        try await task.value
        #expect(self.seen.begun == ["a", "a", "a", "a"])
    }

    @Test("A reconcile that takes too long is cancelled and tried again")
    func deadline() async throws {
        let queue = self.queue()
        let gauge = self.gauge
        let wasCancelled = Locked(false)
        let controller = self.controller(queue) { _ in
            guard gauge.withLock({ $0.begun.count }) == 1 else { return .done }
            let neverGiven = Signal()
            if await !neverGiven.wait() { wasCancelled.withLock { $0 = true } }
            return .done
        }
        queue.add("a")
        let task = Task { try await controller.run() }
        await self.time.waitForSleeps(1)
        #expect(self.time.pauses == [.seconds(60)])
        self.time.advance(by: .seconds(60))
        #expect(await eventually { self.seen.ended.count == 2 })
        #expect(wasCancelled.withLock { $0 })
        task.cancel()
        try await task.value
    }

    @Test("A reconcile that is done does not leave its deadline behind")
    func deadlineIsCancelled() async throws {
        let queue = self.queue()
        let controller = self.controller(queue) { _ in .done }
        queue.add("a")
        let task = Task { try await controller.run() }
        #expect(await eventually { self.seen.ended == ["a"] })
        #expect(await eventually { self.time.sleeperCount == 0 })
        task.cancel()
        try await task.value
    }

    @Test("No key is taken before all stores are filled")
    func ready() async throws {
        let queue = self.queue()
        let isReady = Locked(false)
        let controller = self.controller(queue, isReady: { isReady.withLock { $0 } }) { _ in .done }
        queue.add("a")
        let task = Task { try await controller.run() }
        await self.time.waitForSleeps(1)
        self.time.advance(by: .milliseconds(10))
        await self.time.waitForSleeps(2)
        #expect(self.seen.begun == [])
        isReady.withLock { $0 = true }
        self.time.advance(by: .milliseconds(10))
        #expect(await eventually { self.seen.ended == ["a"] })
        task.cancel()
        try await task.value
    }

    @Test("A controller that is cancelled before the stores are filled ends")
    func cancelledBeforeReady() async throws {
        let controller = self.controller(self.queue(), isReady: { false }) { _ in .done }
        let task = Task { try await controller.run() }
        await self.time.waitForSleeps(1)
        task.cancel()
        try await task.value
        #expect(self.seen.begun == [])
    }

    @Test("A graceful shutdown finishes what is in flight and begins nothing more")
    func gracefulShutdown() async throws {
        let queue = self.queue()
        let gate = Signal()
        let wasCancelled = Locked(false)
        let controller = self.controller(queue, workers: 1) { _ in
            if await !gate.wait() { wasCancelled.withLock { $0 = true } }
            return .done
        }
        queue.add("a")
        queue.add("b")
        try await testGracefulShutdown { trigger in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await controller.run() }
                #expect(await eventually { self.seen.begun.count == 1 })
                trigger.triggerGracefulShutdown()
                gate.give()
                try await group.waitForAll()
            }
        }
        #expect(self.seen.begun == ["a"])
        #expect(self.seen.ended == ["a"])
        #expect(!wasCancelled.withLock { $0 })
    }

    @Test("A cancellation ends what is in flight too")
    func cancelled() async throws {
        let queue = self.queue()
        let controller = self.controller(queue) { _ in
            let neverGiven = Signal()
            await neverGiven.wait()
            return .done
        }
        queue.add("a")
        let task = Task { try await controller.run() }
        #expect(await eventually { self.seen.running == 1 })
        task.cancel()
        try await task.value
        #expect(self.seen.ended == ["a"])
    }
}
