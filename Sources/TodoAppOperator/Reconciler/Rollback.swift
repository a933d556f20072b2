internal import ControllerRuntime
internal import JSON
internal import TodoAppAPI

/// Whether an app runs with its spec, or with the last good one: a pure function of what is seen.
enum Rollback: Sendable, Equatable {
    /// With its spec; what is kept to return to.
    case none(keep: GoodRevision?)
    /// This component has failed just now: back to what is kept.
    case begin(GoodRevision, failed: ComponentName)
    /// The spec has failed before, and stays aside until it changes.
    case stay(GoodRevision)

    /// What is seen of an app.
    struct Facts {
        var action: RolloutSpec.FailureAction
        var generation: Int64
        var spec: JSONValue
        /// Whether the status says that the app is ready with this very generation.
        var isReady: Bool
        /// The component that has this very generation's pods, and has not got on with them in time.
        var failed: ComponentName?
        /// What is kept in the cluster.
        var kept: GoodRevision?
    }

    init(_ facts: Facts) {
        guard facts.action == .rollback else {
            self = .none(keep: nil)
            return
        }
        if facts.isReady, facts.kept?.failed?.generation != facts.generation {
            let isKnown = facts.kept.map { $0.spec == facts.spec && $0.failed == nil } ?? false
            self = .none(keep: isKnown ? facts.kept : GoodRevision(spec: facts.spec, generation: facts.generation))
            return
        }
        guard var kept = facts.kept else {
            self = .none(keep: nil)
            return
        }
        if kept.failed?.generation == facts.generation {
            self = .stay(kept)
        } else if let failed = facts.failed, kept.spec != facts.spec {
            kept.failed = GoodRevision.Failed(generation: facts.generation, isReplaced: false)
            self = .begin(kept, failed: failed)
        } else {
            kept.failed = nil
            self = .none(keep: kept)
        }
    }
}

extension Rollback {
    /// What the user reads while the spec is set aside.
    static func problem(_ good: GoodRevision) -> SyncProblem? {
        guard let failed = good.failed else { return nil }
        let state = failed.isReplaced ? "runs again" : "is rolled out again"
        return SyncProblem(
            .rolledBack,
            "generation \(failed.generation) did not get ready in time; generation \(good.generation) \(state), image and "
                + "configuration; change the spec to try anew"
        )
    }

    /// What the user hears when it begins.
    static func begun(_ good: GoodRevision, failed: ComponentName) -> AppEvent {
        let note =
            "the \(failed.rawValue) of generation \(good.failed?.generation ?? 0) did not get ready in time: "
            + "returning to image and configuration of generation \(good.generation)"
        return AppEvent(.warning, StatusReason.rollbackStarted.rawValue, .sync, note)
    }

    /// What the user hears when it is done.
    static func completed(_ good: GoodRevision) -> AppEvent {
        AppEvent(
            .normal,
            "RollbackCompleted",
            .sync,
            "image and configuration of generation \(good.generation) run again"
        )
    }
}
