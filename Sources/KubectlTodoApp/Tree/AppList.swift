public import JSON
internal import KubernetesAPI
internal import TodoAppAPI
public import TodoAppOperator

/// All TodoApps of a namespace, or of all of them, one a line.
public struct AppList: Sendable {
    /// One TodoApp's line.
    public struct Row: Sendable, Equatable {
        /// How it is.
        public var mark: TreeNode.Mark
        /// Its namespace.
        public var namespace: String
        /// Its name.
        public var name: String
        /// `Ready`'s reason.
        public var status: String
        /// `2/2` for each component, in order; empty where there is none.
        public var components: [String]
        /// Since when it is there, as RFC 3339.
        public var created: String
        /// The summary, where it says more than the numbers.
        public var summary: String
    }

    /// The lines by namespace and name.
    public let rows: [Row]
    /// The namespace that was asked for; `nil` for all.
    public let namespace: String?

    /// The list of the apps of a namespace, or of all of them.
    public init(_ apps: [TodoAppObject], of namespace: String?) {
        self.namespace = namespace
        self.rows = apps.map(Row.init).sorted { ($0.namespace, $0.name) < ($1.namespace, $1.name) }
    }

    /// The list for programs.
    public var json: JSONValue {
        .array(
            self.rows.map { row in
                var json: JSONValue = [
                    "namespace": .string(row.namespace), "name": .string(row.name),
                    "verdict": .string(row.mark.rawValue), "status": .string(row.status),
                    "created": .string(row.created),
                ]
                for (name, text) in zip(ComponentName.allCases, row.components) where !text.isEmpty {
                    json[name.rawValue] = .string(text)
                }
                json["summary"] = row.summary.isEmpty ? nil : .string(row.summary)
                return json
            }
        )
    }
}

extension AppList.Row {
    fileprivate init(_ app: TodoAppObject) {
        let verdict = AppVerdict(app)
        self.mark = verdict.mark
        self.namespace = app.metadata.namespace ?? ""
        self.name = app.metadata.name
        self.status = verdict.status
        self.components = ComponentName.allCases.map { name in
            app.status?["components"]?[name.rawValue]?["readyText"]?.string ?? ""
        }
        self.created = app.metadata.creationTimestamp ?? ""
        self.summary = verdict.mark == .good ? "" : app.status?["summary"]?.string ?? ""
    }
}
