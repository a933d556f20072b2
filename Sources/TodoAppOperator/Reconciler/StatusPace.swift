internal import ControllerRuntime
internal import KubernetesAPI
internal import Locks

/// When a TodoApp's status may be written: at once for a few times in a row, then once a second.
///
/// A pod that flaps changes the status many times a second. What is put off is judged anew when its time has come, so that
/// the last word is always written, and news is never older than the second. That an app is no longer ready is told at once,
/// on credit: else one that recovers within the second would seem never to have failed.
final class StatusPace: Sendable {
    /// The time between two writes in the long run.
    static let interval = Duration.seconds(1)
    /// How many writes a quiet time makes room for: a rollout comes in steps, and each is worth telling at once.
    static let burst = 4.0

    private struct Budget {
        var left: Double
        var at: ContinuousClock.Instant

        /// What is left after some time.
        func left(at now: ContinuousClock.Instant) -> Double {
            min(StatusPace.burst, self.left + (now - self.at) / StatusPace.interval)
        }
    }

    private let budgets = Locked<[ObjectKey: Budget]>([:])
    private let time: TimeSource

    init(time: TimeSource) {
        self.time = time
    }

    /// How long a write must wait; `nil` if it may be made now.
    ///
    /// - Parameter isBadNews: Whether it says that the app is no longer ready.
    func remainingWait(for app: ObjectKey, isBadNews: Bool) -> Duration? {
        guard let budget = self.budgets.withLock({ $0[app] }) else { return nil }
        let left = budget.left(at: self.time.now())
        let needed = isBadNews ? 0.0 : 1.0
        return left < needed ? Self.interval * (needed - left) : nil
    }

    /// Notes a write.
    func wrote(_ app: ObjectKey) {
        let now = self.time.now()
        self.budgets.withLock { $0[app] = Budget(left: ($0[app]?.left(at: now) ?? Self.burst) - 1, at: now) }
    }

    /// Forgets an app that is gone.
    func forget(_ app: ObjectKey) {
        self.budgets.withLock { $0[app] = nil }
    }
}
