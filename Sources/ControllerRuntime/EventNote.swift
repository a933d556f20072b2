public import KubernetesAPI

/// Something worth telling about an object, for `kubectl describe` and `kubectl get events`.
public struct EventNote: Sendable, Hashable {
    /// How an event is meant.
    public enum Kind: String, Sendable, Hashable {
        /// As it should be.
        case normal = "Normal"
        /// Somebody should look.
        case warning = "Warning"
    }

    /// The object that the event is about.
    public var regarding: ObjectReference
    /// How it is meant.
    public var kind: Kind
    /// One CamelCase word, 128 characters at most.
    public var reason: String
    /// What the controller was doing, one CamelCase word.
    public var action: String
    /// The sentence for people; cut at 1,024 bytes, the API's limit.
    public var note: String

    /// A note by its parts.
    public init(regarding: ObjectReference, kind: Kind, reason: String, action: String, note: String) {
        self.regarding = regarding
        self.kind = kind
        self.reason = reason
        self.action = action
        self.note = note
    }
}

/// Which object is meant, down to the very one.
public struct ObjectReference: Sendable, Hashable {
    /// Group and version.
    public var apiVersion: String
    /// The kind.
    public var kind: String
    /// Namespace and name.
    public var key: ObjectKey
    /// The identity.
    public var uid: String

    /// A reference by its parts.
    public init(apiVersion: String, kind: String, key: ObjectKey, uid: String) {
        self.apiVersion = apiVersion
        self.kind = kind
        self.key = key
        self.uid = uid
    }
}
