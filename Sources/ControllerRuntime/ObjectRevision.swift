public import KubernetesAPI

/// An object in one of its states, without what it holds.
public struct ObjectRevision: Sendable, Hashable {
    /// What it is called.
    public var key: ObjectKey
    /// Which object of that name it is.
    public var uid: String
    /// The state.
    public var version: ResourceVersion

    /// A revision by its parts.
    public init(key: ObjectKey, uid: String, version: ResourceVersion) {
        self.key = key
        self.uid = uid
        self.version = version
    }
}
