internal import Locks

/// One reading for all who want the same at the same time: a thousand TodoApps that are made at once may name one Secret.
///
/// Nothing is kept: who comes when a reading has ended begins another one. The key must say from when on somebody wants the state, so
/// that nobody gets an older one from a reading that began before.
final class SharedReads<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private typealias Waiter = CheckedContinuation<Value?, Never>

    /// Who waits for the readings that are under way.
    private let waiters = Locked<[Key: [Waiter]]>([:])

    /// Reads, or waits for who is reading already.
    ///
    /// *Cancellation*: is the reader's affair; who waits gets what the reader got.
    func value(for key: Key, _ read: () async -> Value) async -> Value {
        let shared: Value? = await withCheckedContinuation { (waiter: Waiter) in
            let isFirst = self.waiters.withLock { waiters in
                guard waiters[key] != nil else {
                    waiters[key] = []
                    return true
                }
                waiters[key]?.append(waiter)
                return false
            }
            if isFirst { waiter.resume(returning: nil) }
        }
        if let shared { return shared }
        let value = await read()
        for waiter in self.waiters.withLock({ $0.removeValue(forKey: key) }) ?? [] {
            waiter.resume(returning: value)
        }
        return value
    }
}
