internal import KubernetesAPI
internal import Locks

/// Remembers which passes over children found nothing to do.
final class SettledPasses: Sendable {
    private struct Settled {
        var mark: PassMark
        var result: SyncResult
    }

    private let passes = Locked<[ObjectKey: Settled]>([:])

    /// What the last pass came to, if nothing has changed since.
    func result(of app: ObjectKey, at mark: PassMark?) -> SyncResult? {
        guard let mark, let settled = self.passes.withLock({ $0[app] }), settled.mark == mark else { return nil }
        return settled.result
    }

    /// Notes a pass that wrote nothing.
    ///
    /// - Parameter mark: Of before the pass: what changed meanwhile is looked at again.
    func note(_ app: ObjectKey, at mark: PassMark?, _ result: SyncResult) {
        let isSettled = result.problems.isEmpty && result.lookAgain == nil
        self.passes.withLock { $0[app] = isSettled ? mark.map { Settled(mark: $0, result: result) } : nil }
    }

    /// Forgets an app that is gone.
    func forget(_ app: ObjectKey) {
        self.passes.withLock { $0[app] = nil }
    }
}
