internal import ControllerRuntime
internal import KubernetesAPI
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
        for (type, store) in world.servedChildren {
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
