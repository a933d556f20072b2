internal import JSON
internal import KubernetesAPI
internal import TodoAppAPI
internal import TodoAppOperator

extension TreeNode {
    /// The picture of a TodoApp: app, components, revisions, pods, and what is wrong with each.
    ///
    /// Verdicts and causes are the operator's, from the status; what the pods do is their own, so that the picture is
    /// right too where no operator runs.
    public init(of snapshot: AppSnapshot) {
        let app = snapshot.app
        let names = Self.components(of: snapshot)
        let verdict = AppVerdict(app)
        self.init(.app, verdict.mark, name: app.metadata.key.description, status: verdict.status)
        self.created = app.metadata.creationTimestamp ?? ""
        self.info = Self.headline(of: app)
        self.children = names.map { TreeNode(component: $0, of: snapshot) }
        self.ready = Self.count(of: app, names)
        let told = names.flatMap { failures(of: app, $0) }.map(\.reason)
        self.notes = verdict.notes(besides: told) + snapshot.gaps.map { Note(.remark, $0) }
    }

    /// The components that the spec asks for, that the status tells of, or that still run.
    private static func components(of snapshot: AppSnapshot) -> [String] {
        ComponentName.allCases.map(\.rawValue).filter { name in
            snapshot.app.spec[name] != nil || snapshot.app.status?["components"]?[name] != nil
                || snapshot.revisions.contains { $0.component == name && $0.isAlive }
        }
    }

    /// `1/2`: the pods of all components together.
    private static func count(of app: TodoAppObject, _ names: [String]) -> String {
        let components = names.compactMap { app.status?["components"]?[$0] }
        guard !components.isEmpty else { return "" }
        func sum(_ field: String) -> Int64 { components.reduce(0) { $0 + ($1[field]?.integer ?? 0) } }
        return "\(sum("ready"))/\(sum("desired"))"
    }

    /// `taskflow 1.0.0, Minikube`.
    private static func headline(of app: TodoAppObject) -> String {
        let contract = app.spec["contract"]?.string ?? ContractName.taskflow.rawValue
        let version = app.spec["version"]?.string.map { " \($0)" } ?? ""
        let environment = app.spec["environment"]?.string ?? AppEnvironment.production.rawValue
        return "\(contract)\(version), \(environment)"
    }
}

/// A failure as the status tells it.
struct ToldFailure {
    var reason: String
    var pod: String
    var notes: [TreeNode.Note]

    init(_ json: JSONValue) {
        func text(_ key: String) -> String { json[key]?.string ?? "" }
        self.reason = text("reason")
        self.pod = text("pod")
        // Most often Kubernetes' word and the operator's are the same, and then one of them will do.
        let raw = text("rawReason").isEmpty || text("rawReason") == self.reason ? "" : " (\(text("rawReason")))"
        let message = text("message").isEmpty ? "" : ": \(text("message"))"
        self.notes = [TreeNode.Note(.cause, "\(self.reason)\(raw)\(message)")]
        if !text("hint").isEmpty {
            self.notes.append(TreeNode.Note(.hint, text("hint")))
        }
    }
}

/// The failures that the status tells of a component.
func failures(of app: TodoAppObject, _ component: String) -> [ToldFailure] {
    (app.status?["components"]?[component]?["failures"]?.array ?? []).map(ToldFailure.init)
}

// MARK: - The app as a whole

/// What the status says of the app as a whole.
struct AppVerdict {
    let mark: TreeNode.Mark
    let status: String
    private let app: TodoAppObject

    init(_ app: TodoAppObject) {
        self.app = app
        let ready = app.condition("Ready")
        // What the status says is about another spec: its word would be taken for this one's.
        self.status =
            app.isJudged && !app.isObserved && !app.metadata.isBeingDeleted ? "Outdated" : ready?.reason ?? "Pending"
        self.mark =
            if app.metadata.isBeingDeleted || ["Suspended", "Paused"].contains(ready?.reason) {
                .off
            } else if !app.isObserved {
                .progress
            } else if ready?.status == .true {
                .good
            } else if app.condition("Degraded")?.status == .true || app.condition("ResourcesSynced")?.status == .false {
                .bad
            } else {
                .progress
            }
    }

    /// The sentences of the app itself; what a component or a pod says already is left to them.
    func notes(besides told: [String]) -> [TreeNode.Note] {
        guard self.app.isJudged, let observed = self.app.status?["observedGeneration"]?.integer else {
            return [TreeNode.Note(.remark, "no operator has said anything yet: does todoapp-operator run?")]
        }
        var notes: [TreeNode.Note] = []
        if observed < self.app.metadata.generation {
            notes.append(
                TreeNode.Note(
                    .remark,
                    "the status is about generation \(observed) of the spec; \(self.app.metadata.generation) is not judged yet"
                )
            )
        }
        if let synced = self.app.condition("ResourcesSynced"), synced.status == .false, self.mark != .off {
            notes.append(TreeNode.Note(.cause, "\(synced.reason): \(synced.message)"))
        } else if self.mark == .off, let ready = self.app.condition("Ready") {
            notes.append(TreeNode.Note(.remark, ready.message))
        } else if let ready = self.app.condition("Ready"), ready.status != .true, !told.contains(ready.reason) {
            notes.append(TreeNode.Note(.cause, ready.message))
        }
        if self.mark == .bad, self.app.condition("Available")?.status == .true {
            notes.append(
                TreeNode.Note(.remark, "users are served all the same: every component has pods that are ready")
            )
        }
        if let stalled = self.app.condition("Stalled"), stalled.status == .true {
            notes.append(TreeNode.Note(.remark, "stalled: waiting alone will not help"))
        }
        if let contract = self.app.condition("ContractMet"), contract.status == .false {
            notes.append(TreeNode.Note(.remark, "contract not met: \(contract.reason): \(contract.message)"))
        }
        return notes
    }
}

extension TodoAppObject {
    /// The condition of a type.
    func condition(_ type: String) -> Condition? {
        (self.status?["conditions"]?.array ?? []).compactMap(Condition.init(json:)).first { $0.type == type }
    }

    /// Whether the status is about the spec as it is now.
    var isObserved: Bool {
        self.status?["observedGeneration"]?.integer == self.metadata.generation
    }
}
