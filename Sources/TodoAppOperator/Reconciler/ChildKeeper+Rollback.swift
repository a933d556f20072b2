internal import JSON
internal import KubernetesAPI
internal import TodoAppAPI

/// The way back to the last good spec.
extension ChildKeeper {
    /// What the facts say is to become of a rollback.
    func rollback(_ app: EffectiveApp, _ object: TodoAppObject, _ secret: Credentials) -> Rollback {
        let (owner, status) = (object.metadata, object.status)
        let ready = FormerConditions(status)["Ready"]
        let isSeen = status?["observedGeneration"]?.integer == owner.generation
        let isReady = isSeen && ready?.status == .true && ready?.reason == "AllComponentsReady"
        let writer = self.writer(for: owner)
        var failed: ComponentName?
        if app.spec.rollout.onFailure == .rollback, isSeen, !isReady {
            let inputs = self.inputs(of: app, owner: owner, secret: secret, good: nil)
            let deployments = children(of: app, inputs: inputs).filter { $0.resource == .deployments }
            failed = deployments.first { writer.hasFailed($0) }?.component
        }
        return Rollback(
            Rollback.Facts(
                action: app.spec.rollout.onFailure,
                generation: owner.generation,
                spec: object.spec,
                isReady: isReady,
                failed: failed,
                kept: self.world.goodRevision(of: owner)
            )
        )
    }

    /// Whether every pod is of the app's present templates.
    func isRolledOut(
        _ app: EffectiveApp,
        owner: ObjectMeta,
        secret: Credentials,
        good: GoodRevision?
    ) -> Bool {
        let writer = self.writer(for: owner)
        let wanted = children(of: app, inputs: self.inputs(of: app, owner: owner, secret: secret, good: good))
        let deployments = wanted.filter { $0.resource == .deployments }
        return deployments.count == app.components.count && deployments.allSatisfy { writer.isRolledOut($0) }
    }
}

extension Rollback {
    /// What is to be kept in the cluster.
    var kept: GoodRevision? {
        switch self {
        case .none(let keep): keep
        case .begin(let good, _), .stay(let good): good
        }
    }

    /// What the user hears of it, the good revision being what it is now.
    func events(now good: GoodRevision?) -> [AppEvent] {
        switch self {
        case .none: []
        case .begin(let good, let failed): [Self.begun(good, failed: failed)]
        case .stay(let before):
            good?.failed?.isReplaced == true && before.failed?.isReplaced == false ? [Self.completed(before)] : []
        }
    }

    /// The app of the spec that was good; `nil` where the app's own spec is to run.
    func formerApp(of app: EffectiveApp) -> EffectiveApp? {
        switch self {
        case .none: nil
        case .begin(let good, _), .stay(let good):
            (try? TodoAppSpec.read(good.spec, name: app.name)).map { spec in
                EffectiveApp(name: app.name, namespace: app.namespace, spec: spec)
            }
        }
    }
}
