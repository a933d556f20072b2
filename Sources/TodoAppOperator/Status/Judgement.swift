internal import JSON
internal import KubernetesAPI
internal import TodoAppAPI

/// The verdicts on a TodoApp, one a condition, and the line for people.
///
/// Each is an ordered list of questions of which the first one that applies answers.
struct Judgement {
    struct Verdict {
        var type: String
        var status: Condition.Truth
        var reason: String
        var message: String
    }

    private let facts: AppStatus.Facts
    /// The most telling failure of a current revision, with its component.
    private let failure: (component: ComponentStatus, failure: Failure)?
    /// The component that is furthest from what is wanted.
    private let laggard: ComponentStatus?

    init(_ facts: AppStatus.Facts) {
        self.facts = facts
        self.failure =
            facts.components
            .compactMap { component in component.leadingFailure.map { (component: component, failure: $0) } }
            .min { Failure.precedes($0.failure, $1.failure) }
        self.laggard = facts.components.first { $0.progress != .complete }
    }

    /// All conditions in the order in which they are shown.
    var verdicts: [Verdict] {
        [self.ready, self.available, self.resourcesSynced, self.degraded, self.contractMet]
            + (self.stalled.map { [$0] } ?? self.reconciling.map { [$0] } ?? [])
    }

    /// `backend 0/1, frontend 1/1: backend CrashLoopBackOff: ended with exit code 1`.
    var summary: String {
        let counts = self.facts.components.map { "\($0.name.rawValue) \($0.readyText)" }.joined(separator: ", ")
        if let problem = self.facts.sync.problems.first {
            return counts.isEmpty ? problem.message : "\(counts): \(problem.message)"
        }
        if let failure = self.failure {
            return "\(counts): \(failure.component.name.rawValue) \(failure.failure.brief)"
        }
        return counts
    }
}

// MARK: - Ready

extension Judgement {
    private var ready: Verdict {
        func verdict(_ status: Condition.Truth, _ reason: String, _ message: String) -> Verdict {
            Verdict(type: "Ready", status: status, reason: reason, message: message)
        }
        if self.facts.metadata.isBeingDeleted {
            return verdict(.false, StatusReason.deleting.rawValue, "the TodoApp is being deleted")
        }
        if let problem = self.facts.sync.problems.first {
            guard problem.reason.isOfWriting else {
                return verdict(.false, problem.reason.rawValue, problem.message)
            }
            return verdict(.false, StatusReason.syncFailed.rawValue, "\(problem.reason.rawValue): \(problem.message)")
        }
        if self.facts.sync.pendingChanges > 0 {
            return verdict(.false, SyncReason.paused.rawValue, self.pausedMessage)
        }
        if let failure = self.failure, self.laggard != nil {
            let message = failure.failure.sentence(component: failure.component.name.rawValue)
            return verdict(.false, failure.failure.reason.rawValue, message)
        }
        guard let laggard = self.laggard else {
            return self.isSuspended
                ? verdict(
                    .true,
                    StatusReason.suspended.rawValue,
                    "the app is suspended: no pods run, everything else is kept"
                )
                : verdict(.true, StatusReason.allComponentsReady.rawValue, self.summary)
        }
        switch laggard.progress {
        case .pending where self.isNew:
            return verdict(.unknown, StatusReason.pending.rawValue, "the children have just been created")
        case .pending, .rollingOut:
            return verdict(.false, StatusReason.rolloutInProgress.rawValue, self.progressMessage(laggard))
        case .degraded, .complete:
            return verdict(
                .false,
                StatusReason.componentsNotReady.rawValue,
                "\(laggard.name.rawValue): \(laggard.readyText) pods are ready"
            )
        }
    }

    /// Nothing but its own children has been seen of it so far: a second look at that says the same, and writes nothing.
    private var isNew: Bool {
        guard let former = self.facts.former?["conditions"]?.array else { return true }
        let ready = former.first { $0["type"]?.string == "Ready" }
        return ready?["reason"]?.string == StatusReason.pending.rawValue
    }

    private func progressMessage(_ component: ComponentStatus) -> String {
        let name = component.name.rawValue
        guard component.progress == .rollingOut else { return "\(name): waiting for its Deployment" }
        return "\(name): \(component.updated) of \(component.desired) pods are of the current revision, "
            + "\(component.available) available"
    }

    private var isSuspended: Bool {
        self.facts.app?.spec.suspended == true
    }

    private var pausedMessage: String {
        let count = self.facts.sync.pendingChanges
        return "reconciliation is paused; \(count) \(count == 1 ? "change waits" : "changes wait")"
    }
}

// MARK: - Available, ResourcesSynced, Degraded

extension Judgement {
    private var available: Verdict {
        func verdict(_ status: Condition.Truth, _ reason: String, _ message: String) -> Verdict {
            Verdict(type: "Available", status: status, reason: reason, message: message)
        }
        if self.isSuspended {
            return verdict(.false, StatusReason.suspended.rawValue, "the app is suspended")
        }
        let silent = self.facts.components.filter { !$0.isServing }
        if self.facts.components.isEmpty {
            return verdict(
                .unknown,
                StatusReason.minimumReplicasUnavailable.rawValue,
                "nothing is known of the components"
            )
        }
        guard let first = silent.first else {
            return verdict(.true, StatusReason.minimumReplicasAvailable.rawValue, "every component serves")
        }
        if silent.count == self.facts.components.count {
            return verdict(.false, StatusReason.minimumReplicasUnavailable.rawValue, "no component serves")
        }
        let reason =
            first.name == .backend
            ? StatusReason.backendUnavailable.rawValue : StatusReason.frontendUnavailable.rawValue
        return verdict(.false, reason, "no pod of the \(first.name.rawValue) serves")
    }

    private var resourcesSynced: Verdict {
        let type = "ResourcesSynced"
        if let problem = self.facts.sync.problems.first {
            let others = self.facts.sync.problems.count - 1
            let message = others > 0 ? "\(problem.message) (and \(others) more)" : problem.message
            return Verdict(type: type, status: .false, reason: problem.reason.rawValue, message: message)
        }
        if self.facts.app?.spec.paused == true {
            let hasPending = self.facts.sync.pendingChanges > 0
            return Verdict(
                type: type,
                status: hasPending ? .false : .true,
                reason: SyncReason.paused.rawValue,
                message: hasPending ? self.pausedMessage : "reconciliation is paused; no change waits"
            )
        }
        return Verdict(
            type: type,
            status: .true,
            reason: SyncReason.applied.rawValue,
            message: "every child holds what is wanted"
        )
    }

    private var degraded: Verdict {
        let type = "Degraded"
        if let failure = self.failure {
            let message = failure.failure.sentence(component: failure.component.name.rawValue)
            return Verdict(type: type, status: .true, reason: failure.failure.reason.rawValue, message: message)
        }
        if let short = self.facts.components.first(where: { $0.progress == .degraded }) {
            return Verdict(
                type: type,
                status: .true,
                reason: StatusReason.componentsNotReady.rawValue,
                message: "\(short.name.rawValue): \(short.readyText) pods are ready outside a rollout"
            )
        }
        return Verdict(type: type, status: .false, reason: StatusReason.asExpected.rawValue, message: "nothing fails")
    }
}

// MARK: - ContractMet

extension Judgement {
    private var contractMet: Verdict {
        let type = "ContractMet"
        guard let components = self.facts.app?.components else {
            // Judged again when the spec can be read again.
            let last = FormerConditions(self.facts.former)[type]
            return Verdict(
                type: type,
                status: last?.status ?? .unknown,
                reason: last?.reason ?? StatusReason.unknown.rawValue,
                message: last?.message ?? "the spec cannot be read"
            )
        }
        let verdict = ContractVerdict(of: components, self.facts.components)
        return Verdict(type: type, status: verdict.status, reason: verdict.reason, message: verdict.message)
    }
}

// MARK: - Reconciling and Stalled

extension Judgement {
    private var stalled: Verdict? {
        func verdict(_ reason: String, _ message: String) -> Verdict {
            Verdict(type: "Stalled", status: .true, reason: reason, message: message)
        }
        if let problem = self.facts.sync.problems.first(where: \.reason.isStalled) {
            return verdict(problem.reason.rawValue, problem.message)
        }
        // Not only the leading one: a rollout that is given up stays so behind whatever cause is told first.
        for component in self.facts.components where self.laggard != nil {
            if let failure = component.failures.first(where: { $0.isOfCurrentRevision && $0.reason.isStalled }) {
                return verdict(failure.reason.rawValue, failure.sentence(component: component.name.rawValue))
            }
        }
        return nil
    }

    private var reconciling: Verdict? {
        func verdict(_ reason: String, _ message: String) -> Verdict {
            Verdict(type: "Reconciling", status: .true, reason: reason, message: message)
        }
        if let problem = self.facts.sync.problems.first {
            return verdict(StatusReason.retryingAfterError.rawValue, problem.message)
        }
        guard self.facts.sync.pendingChanges == 0, let laggard = self.laggard else { return nil }
        return verdict(StatusReason.progressing.rawValue, self.progressMessage(laggard))
    }
}
