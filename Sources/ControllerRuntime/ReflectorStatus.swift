public import KubernetesAPI

/// How one reflector stands: for health checks, metrics, and whoever looks.
public struct ReflectorStatus: Sendable, Equatable {
    /// The type, for example `deployments.apps`.
    public var resource: String
    /// The namespace; `nil` for all.
    public var namespace: String?
    /// Whether the collection has been read whole at least once.
    public var isSynced = false
    /// What the server refuses, in one line that names verb, resource and namespace; `nil` while it refuses nothing.
    public var refusal: String?
    /// When the server was last heard of: an event, a bookmark, a page; `nil` before the first.
    public var lastHeard: ContinuousClock.Instant?
    /// The version up to which all changes are in the store.
    public var version = ResourceVersion("")
    /// Collections that were read whole.
    public var syncs = 0
    /// Watches that were opened.
    public var watches = 0
    /// Lists and watches that failed.
    public var failures = 0
    /// Events and bookmarks that have come.
    public var events = 0
    /// Objects that could not be read, each time that they came.
    public var unreadable = 0

    /// A reflector that has not begun.
    init(resource: String, namespace: String?) {
        self.resource = resource
        self.namespace = namespace
    }
}
