public import ControllerRuntime
internal import Locks

/// A clock that stands still until the test moves it.
public final class ManualTime: Sendable {
    /// The time as the runtime knows it.
    public typealias Instant = ContinuousClock.Instant

    private struct Sleeper {
        var until: Instant
        var signal: Signal
    }

    private struct Observer {
        var sleeps: Int
        var signal: Signal
    }

    private struct Content {
        var now: Instant
        var sleepers: [Int: Sleeper] = [:]
        var observers: [Observer] = []
        var pauses: [Duration] = []

        /// Notes a sleep and tells those who wait for it; what they do then needs the lock, so the sleeper is in by then.
        mutating func begin(_ duration: Duration) {
            self.pauses.append(duration)
            for observer in self.observers where observer.sleeps <= self.pauses.count {
                observer.signal.give()
            }
            self.observers.removeAll { $0.sleeps <= self.pauses.count }
        }
    }

    private let content: Locked<Content>
    private let random: @Sendable () -> Double

    /// A clock, and what its dice show: 1, so that a pause is as long as it can be, unless told otherwise.
    public init(random: @escaping @Sendable () -> Double = { 1 }) {
        self.content = Locked(Content(now: ContinuousClock.now))
        self.random = random
    }

    /// The time that it shows.
    public var now: Instant {
        self.content.withLock { $0.now }
    }

    /// All pauses that were asked for, in the order in which they began.
    public var pauses: [Duration] {
        self.content.withLock { $0.pauses }
    }

    /// For what is tested: who sleeps wakes when the clock has been moved far enough.
    public var source: TimeSource {
        TimeSource(now: { self.now }, sleep: { try await self.sleep($0) }, random: self.random)
    }

    /// For what is tested: who sleeps moves the clock and wakes at once.
    public var skippingSource: TimeSource {
        TimeSource(now: { self.now }, sleep: { try await self.skip($0) }, random: self.random)
    }

    /// Moves the clock and wakes whose time has come.
    public func advance(by duration: Duration) {
        let woken = self.content.withLock { content in
            content.now += duration
            let due = content.sleepers.filter { $0.value.until <= content.now }
            for id in due.keys {
                content.sleepers[id] = nil
            }
            return due.values.map(\.signal)
        }
        for signal in woken {
            signal.give()
        }
    }

    /// Waits until so many sleeps have begun since the clock was made; only then does moving it reach the last of them.
    public func waitForSleeps(_ count: Int) async {
        let signal = Signal()
        self.content.withLock { content in
            if content.pauses.count >= count {
                signal.give()
            } else {
                content.observers.append(Observer(sleeps: count, signal: signal))
            }
        }
        await signal.wait()
    }

    /// How many tasks sleep now.
    public var sleeperCount: Int {
        self.content.withLock { $0.sleepers.count }
    }

    /// Sleeps until the clock has been moved so far; throws when the task is cancelled.
    public func sleep(_ duration: Duration) async throws {
        let signal = Signal()
        let id = self.content.withLock { content in
            content.begin(duration)
            let id = content.pauses.count
            if duration > .zero {
                content.sleepers[id] = Sleeper(until: content.now + duration, signal: signal)
            } else {
                signal.give()
            }
            return id
        }
        if await !signal.wait() {
            self.content.withLock { $0.sleepers[id] = nil }
            throw CancellationError()
        }
    }

    /// Moves the clock by so much and goes on at once; throws when the task is cancelled.
    public func skip(_ duration: Duration) async throws {
        self.content.withLock { content in
            content.begin(duration)
            content.now += duration
        }
        await Task.yield()
        try Task.checkCancellation()
    }
}
