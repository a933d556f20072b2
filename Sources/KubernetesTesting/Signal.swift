internal import Locks

/// Something that happens once, and that any number of tasks can wait for.
public final class Signal: Sendable {
    private struct Content {
        var isGiven = false
        var waiters: [Int: CheckedContinuation<Bool, Never>] = [:]
        var lastWaiter = 0
    }

    private let content = Locked(Content())

    /// A signal that was not given yet.
    public init() {}

    /// Whether it was given.
    public var isGiven: Bool {
        self.content.withLock { $0.isGiven }
    }

    /// Gives the signal; further times do nothing.
    public func give() {
        let waiters = self.content.withLock { content in
            content.isGiven = true
            defer { content.waiters = [:] }
            return content.waiters.values
        }
        for waiter in waiters {
            waiter.resume(returning: true)
        }
    }

    /// Waits for the signal.
    ///
    /// - Returns: Whether it was given; `false` if the task was cancelled first.
    @discardableResult
    public func wait() async -> Bool {
        let id = self.content.withLock { content in
            content.lastWaiter += 1
            return content.lastWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { (waiter: CheckedContinuation<Bool, Never>) in
                let answer: Bool? = self.content.withLock { content in
                    if content.isGiven { return true }
                    // Looked at under the lock, so that a cancellation either is seen here or finds the waiter.
                    if Task.isCancelled { return false }
                    content.waiters[id] = waiter
                    return nil
                }
                if let answer { waiter.resume(returning: answer) }
            }
        } onCancel: {
            self.content.withLock { $0.waiters.removeValue(forKey: id) }?.resume(returning: false)
        }
    }
}
