public import JSON

/// One thing in the picture of a TodoApp: the app itself, a component, a revision or a pod, with what hangs below it.
public struct TreeNode: Sendable, Equatable {
    /// What a node stands for.
    public enum Kind: String, Sendable, Equatable {
        /// The TodoApp.
        case app = "TodoApp"
        /// The backend or the frontend.
        case component = "Component"
        /// A ReplicaSet: one state of a component's pod template.
        case revision = "Revision"
        /// A pod.
        case pod = "Pod"
    }

    /// How it is, at a glance.
    public enum Mark: String, Sendable, Equatable, CaseIterable {
        /// As it should be.
        case good = "Good"
        /// On its way.
        case progress = "InProgress"
        /// Something fails.
        case bad = "Failing"
        /// At rest on purpose: suspended, paused, scaled to zero, on its way out.
        case off = "AtRest"
    }

    /// A sentence below a node.
    public struct Note: Sendable, Equatable {
        /// How a note is meant.
        public enum Kind: String, Sendable, Equatable {
            /// Why it is not as it should be.
            case cause = "cause"
            /// What to do about it.
            case hint = "hint"
            /// Something worth knowing.
            case remark = "remark"
        }

        /// How it is meant.
        public var kind: Kind
        /// The sentence, in one line.
        public var text: String

        /// A note.
        public init(_ kind: Kind, _ text: String) {
            self.kind = kind
            self.text = text
        }
    }

    /// What it stands for.
    public var kind: Kind
    /// How it is.
    public var mark: Mark
    /// Its name.
    public var name: String
    /// `1/2`; empty where nothing is counted.
    public var ready = ""
    /// How it is, in one word.
    public var status: String
    /// How often containers were started again; `nil` where nobody counts.
    public var restarts: Int64?
    /// Since when it is there, as RFC 3339; empty where nobody says.
    public var created = ""
    /// What else fits in its line.
    public var info = ""
    /// What is to be said about it.
    public var notes: [Note] = []
    /// What hangs below it.
    public var children: [TreeNode] = []

    /// A node by its parts.
    public init(_ kind: Kind, _ mark: Mark, name: String, status: String) {
        self.kind = kind
        self.mark = mark
        self.name = name
        self.status = status
    }

    /// The node and all below it, for programs.
    public var json: JSONValue {
        var json: JSONValue = [
            "kind": .string(self.kind.rawValue), "name": .string(self.name), "verdict": .string(self.mark.rawValue),
            "status": .string(self.status),
        ]
        json["ready"] = self.ready.isEmpty ? nil : .string(self.ready)
        json["restarts"] = self.restarts.map { .integer($0) }
        json["created"] = self.created.isEmpty ? nil : .string(self.created)
        json["info"] = self.info.isEmpty ? nil : .string(self.info)
        let notes = self.notes.map { note in
            JSONValue.object(
                JSONObject(uniqueMembers: [.init(key: note.kind.rawValue, value: .string(note.text))])
            )
        }
        json["notes"] = notes.isEmpty ? nil : .array(notes)
        json["children"] = self.children.isEmpty ? nil : .array(self.children.map(\.json))
        return json
    }
}
