internal import Glibc

/// A value that is only reached while its lock is held.
///
/// It wraps a pthread mutex and not `Synchronization.Mutex` because ThreadSanitizer does not understand the latter on
/// Linux and reports races in correct programs.
@safe
public final class Locked<Value: Sendable>: @unchecked Sendable {
    // The class is @unchecked Sendable because the value is only touched between lock and unlock.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private var value: Value

    /// A lock around a first value.
    public init(_ value: Value) {
        self.value = value
        // A mutex must not move, and a stored property of Swift may.
        unsafe self.mutex = .allocate(capacity: 1)
        unsafe self.mutex.initialize(to: pthread_mutex_t())
        unsafe pthread_mutex_init(self.mutex, nil)
    }

    deinit {
        unsafe pthread_mutex_destroy(self.mutex)
        unsafe self.mutex.deinitialize(count: 1)
        unsafe self.mutex.deallocate()
    }

    /// Reads or changes the value; `body` must neither wait nor take the same lock again.
    public func withLock<Result, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        unsafe pthread_mutex_lock(self.mutex)
        defer { unsafe pthread_mutex_unlock(self.mutex) }
        return try body(&self.value)
    }
}
