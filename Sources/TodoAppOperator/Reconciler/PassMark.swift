internal import ControllerRuntime
internal import KubernetesAPI
internal import Locks
internal import TodoAppAPI

/// All that a pass over a TodoApp's children goes by, as a digest: while it stays, the next pass would find nothing to do either.
///
/// Pods change far more often than anything that children are made of; most passes are for the status alone.
struct PassMark: Sendable, Equatable {
    private let digest: Int

    /// The mark of a TodoApp as the stores show it.
    ///
    /// `nil` where a pass goes by more than that: by the database that the operator runs, by a former status, or by the order of rollouts.
    init?(of owner: ObjectMeta, _ app: EffectiveApp, in world: World) {
        let rollout = app.spec.rollout
        guard app.spec.database == .external, rollout.onFailure == .hold, rollout.order == .parallel, !app.spec.paused
        else { return nil }
        // Seeded anew in each process: nobody can make two states that look the same.
        var hasher = Hasher()
        hasher.combine(owner.uid)
        hasher.combine(owner.generation)
        hasher.combine(owner.labels)
        hasher.combine(owner.annotations)
        for name in app.spec.secrets.sourceNames + [app.ownSecretName] {
            let secret = world.secretVersions[ObjectKey(namespace: app.namespace, name: name)]?.metadata
            hasher.combine(secret?.uid)
            hasher.combine(secret?.resourceVersion)
        }
        for (type, store) in world.servedChildren.sorted(by: { $0.key.resourceName < $1.key.resourceName }) {
            hasher.combine(type)
            let revisions = store.revisions(indexed: owner.uid)
            hasher.combine(revisions)
            guard type == .deployments else { continue }
            for deployment in revisions {
                // Not their versions, which change with every pod.
                for set in world.replicaSets.indexed(deployment.uid) {
                    hasher.combine(set.metadata.uid)
                    hasher.combine(set.metadata.generation)
                }
            }
        }
        if app.spec.environment == .minikube { hasher.combine(world.nodeAddress) }
        self.digest = hasher.finalize()
    }
}

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
