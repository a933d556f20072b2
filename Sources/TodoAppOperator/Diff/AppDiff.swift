internal import JSON
internal import KubernetesAPI

/// What the operator would change in a cluster for one TodoApp, if it had its manifest.
public struct AppDiff: Sendable, Equatable {
    /// What would become of an object.
    enum Change: Sendable, Equatable {
        case create(Child)
        case update(Child, [FieldChange])
        /// It belongs to somebody else and stays as it is.
        case refuse(Child, owner: String)
        case prune(kind: String, name: String)
    }

    /// The TodoApp, as `NAMESPACE/NAME`.
    public let app: String
    /// What keeps components as they are, a sentence each.
    let problems: [String]
    let changes: [Change]

    /// Whether everything is and would stay as the manifest wants it.
    public var isEmpty: Bool {
        self.problems.isEmpty && self.changes.isEmpty
    }

    /// - Parameters:
    ///   - children: The wanted children.
    ///   - live: What is there under a child's name, with its `managedFields`; `nil` for nothing.
    ///   - unwanted: What is there and no longer wanted.
    ///   - owner: The TodoApp; without a UID where the cluster has none yet.
    init(
        app: String,
        children: [Child],
        live: (Child) -> JSONValue?,
        unwanted: [(kind: String, name: String)],
        owner: ObjectMeta,
        problems: [String]
    ) {
        self.app = app
        self.problems = problems
        let writes = children.compactMap { child -> Change? in
            let live = live(child)
            let object = live.flatMap { try? LiveObject(answer: $0) }
            switch ChildDecision(child, live: object, owner: owner) {
            case .create: return .create(child)
            case .keep: return nil
            case .refuse(let owner): return .refuse(child, owner: owner)
            case .update, .adopt:
                let manager = ChildWriter.fieldManager
                return .update(child, FieldChange.all(from: live ?? .null, to: child.manifest, manager: manager))
            }
        }
        self.changes = writes + unwanted.map { .prune(kind: $0.kind, name: $0.name) }
    }
}

// MARK: - Text

extension AppDiff {
    /// The diff for people: `+` is created, `~` changed, `-` deleted, `!` stays as it is though it should not.
    ///
    /// No value of a Secret is in it.
    public var text: String {
        guard !self.isEmpty else { return "" }
        var lines = ["TodoApp \(self.app)"]
        lines += self.problems.map { "  ! \($0)" }
        lines += self.changes.flatMap(text(of:))
        return lines.map { "\($0)\n" }.joined()
    }
}

private func text(of change: AppDiff.Change) -> [String] {
    switch change {
    case .create(let child): ["  + \(child.title)"]
    case .update(let child, let fields):
        ["  ~ \(child.title)"] + lines(of: fields, isSecret: child.resource == .secrets)
    case .refuse(let child, let owner): ["  ! \(child.title) belongs to \(owner) and is left as it is"]
    case .prune(let kind, let name): ["  - \(kind) \(name)"]
    }
}

extension Child {
    fileprivate var title: String {
        "\(self.resource.kind) \(self.name)"
    }
}

private func lines(of fields: [FieldChange], isSecret: Bool) -> [String] {
    // The operator's own marks follow from the other changes, and are told only where there are no others.
    let telling = fields.filter { field in !marks.contains { field.path.contains($0) } }
    return (telling.isEmpty ? fields : telling).map { field in
        if isSecret, field.path == "data" || field.path.hasPrefix("data.") || field.path.hasPrefix("data[") {
            return "      \(field.sign) \(field.path): its value is not shown"
        }
        return switch field.kind {
        case .added(let new): "      + \(field.path): \(new.text())"
        case .changed(let old, let new): "      ~ \(field.path): \(old.text()) → \(new.text())"
        case .removed(let old): "      - \(field.path): \(old.text())"
        }
    }
}

private let marks = [ChildAnnotation.appliedFields, ChildAnnotation.secretSources]

extension FieldChange {
    fileprivate var sign: String {
        switch self.kind {
        case .added: "+"
        case .changed: "~"
        case .removed: "-"
        }
    }
}
