internal import Locks

/// A queue of keys to be reconciled, filled by informers and emptied by a ``Controller``'s workers.
///
/// It keeps the rules of ``QueueMachine`` and adds waiting. All methods can be called from anywhere; none of them blocks but
/// ``next()``.
public final class WorkQueue<Key: Hashable & Sendable>: Sendable {
    private typealias Waiter = CheckedContinuation<Void, Never>

    private struct Content {
        var machine: QueueMachine<Key>
        var waiters: [Waiter] = []
        var alarm: Alarm?
        var isShutDown = false
    }

    /// The one task that sleeps until the next delayed key is ready.
    ///
    /// It belongs to the queue and ends with it.
    private struct Alarm {
        var at: ContinuousClock.Instant
        var task: Task<Void, Never>
    }

    private let content: Locked<Content>
    private let time: TimeSource
    private let metrics: QueueMetrics<Key>

    /// A queue that is empty.
    ///
    /// - Parameters:
    ///   - backoff: The pauses of keys that fail. Defaults to 5 ms to 5 min.
    ///   - time: Time and chance; the machine's own by default.
    ///   - metrics: What is counted; nothing by default.
    public init(backoff: Backoff = .reconcile, time: TimeSource = .system, metrics: QueueMetrics<Key> = .none) {
        self.content = Locked(Content(machine: QueueMachine(backoff: backoff)))
        self.time = time
        self.metrics = metrics
    }

    /// Asks for a key to be reconciled, now or after a while.
    public func add(_ key: Key, priority: Priority = .normal, after delay: Duration = .zero) {
        let now = self.time.now()
        self.metrics.added(key, readyAt: now + delay)
        self.change { $0.add(key, priority: priority, at: now + delay) }
    }

    /// The key whose turn it is; waits for one.
    ///
    /// `nil` once the queue is shut down.
    ///
    /// The caller owes ``finished(_:_:)`` for each key.
    public func next() async -> Key? {
        while !self.content.withLock({ $0.isShutDown }) {
            let now = self.time.now()
            if let key = self.take(at: now) {
                self.metrics.taken(key, at: now)
                return key
            }
            await withCheckedContinuation { (waiter: Waiter) in
                // A key may have come since, or the alarm may have gone off while nobody waited: whoever begins to wait sees
                // to it that something will wake him.
                let woken: Waiter? = self.content.withLock { content in
                    guard !content.isShutDown else { return waiter }
                    content.waiters.append(waiter)
                    return self.wakeOrSetAlarm(&content, at: self.time.now())
                }
                woken?.resume()
            }
        }
        return nil
    }

    /// Takes the first key, and sees to it that somebody wakes for the next one.
    private func take(at now: ContinuousClock.Instant) -> Key? {
        let (key, waiter): (Key?, Waiter?) = self.content.withLock { content in
            guard let key = content.machine.take(at: now) else { return (nil, nil) }
            return (key, self.wakeOrSetAlarm(&content, at: now))
        }
        waiter?.resume()
        return key
    }

    /// Gives a key back, with what came of it.
    ///
    /// - Returns: How often the key has failed in a row, 0 after a success.
    @discardableResult
    public func finished(_ key: Key, _ outcome: Outcome) -> Int {
        let now = self.time.now()
        let random = self.time.random()
        self.metrics.finished(key, outcome, at: now)
        var failures = 0
        self.change { machine in
            switch outcome {
            case .done, .terminal:
                machine.succeeded(key)
            case .requeue(let delay):
                machine.succeeded(key)
                machine.add(key, priority: .normal, at: now + delay)
            case .retry:
                failures = machine.failed(key, at: now, random: random)
            }
        }
        return failures
    }

    /// Hands out no more keys, and lets those who wait go.
    public func shutDown() {
        let (waiters, alarm) = self.content.withLock { content in
            content.isShutDown = true
            defer {
                content.waiters = []
                content.alarm = nil
            }
            return (content.waiters, content.alarm)
        }
        alarm?.task.cancel()
        for waiter in waiters {
            waiter.resume()
        }
    }

    /// How many keys wait, ready or not.
    public var depth: Int {
        self.content.withLock { $0.machine.waitingCount }
    }

    /// Has the metrics show what is only worth knowing when somebody looks.
    public func collect() {
        let now = self.time.now()
        let ready = self.content.withLock { $0.machine.readyCount(at: now) }
        self.metrics.collect(ready: ready, at: now)
    }

    // MARK: Waking

    /// Changes the machine, wakes a worker if a key is ready now, and sets the alarm for the next one otherwise.
    private func change(_ body: (inout QueueMachine<Key>) -> Void) {
        let now = self.time.now()
        let waiter: Waiter? = self.content.withLock { content in
            guard !content.isShutDown else { return nil }
            body(&content.machine)
            return self.wakeOrSetAlarm(&content, at: now)
        }
        waiter?.resume()
    }

    private func alarmWentOff() {
        let now = self.time.now()
        let waiters: [Waiter] = self.content.withLock { content in
            guard !content.isShutDown else { return [] }
            content.alarm = nil
            // Several keys may have become ready together; those who find none wait again, the last sets the alarm.
            guard let waiter = self.wakeOrSetAlarm(&content, at: now) else { return [] }
            defer { content.waiters = [] }
            return [waiter] + content.waiters
        }
        for waiter in waiters {
            waiter.resume()
        }
    }

    private func wakeOrSetAlarm(_ content: inout Content, at now: ContinuousClock.Instant) -> Waiter? {
        guard let readyAt = content.machine.nextReadyAt() else { return nil }
        if readyAt <= now {
            return content.waiters.popLast()
        }
        if let alarm = content.alarm {
            guard readyAt < alarm.at else { return nil }
            alarm.task.cancel()
        }
        let task = Task { [weak self, time] in
            guard (try? await time.sleep(readyAt - now)) != nil else { return }
            self?.alarmWentOff()
        }
        content.alarm = Alarm(at: readyAt, task: task)
        return nil
    }
}
