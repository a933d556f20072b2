internal import ControllerRuntime
internal import KubernetesAPI
internal import Locks

/// When a TodoApp's status may be written: at once after a quiet second, else when the second is over.
///
/// A pod that flaps changes the status many times a second. What is put off is judged anew when its time has come, so that
/// the last word is always written, and news is never older than the second.
final class StatusPace: Sendable {
    /// The least time between two writes.
    static let interval = Duration.seconds(1)

    private let lastWrites = Locked<[ObjectKey: ContinuousClock.Instant]>([:])
    private let time: TimeSource

    init(time: TimeSource) {
        self.time = time
    }

    /// How long a write must wait; `nil` if it may be made now.
    func remainingWait(for app: ObjectKey) -> Duration? {
        guard let last = self.lastWrites.withLock({ $0[app] }) else { return nil }
        let left = Self.interval - (self.time.now() - last)
        return left > .zero ? left : nil
    }

    /// Notes a write.
    func wrote(_ app: ObjectKey) {
        let now = self.time.now()
        self.lastWrites.withLock { $0[app] = now }
    }

    /// Forgets an app that is gone.
    func forget(_ app: ObjectKey) {
        self.lastWrites.withLock { $0[app] = nil }
    }
}
