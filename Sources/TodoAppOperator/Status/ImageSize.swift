/// How large an image is.
public enum ImageSize: Sendable, Hashable {
    /// So many bytes, as the node's container runtime counts them: uncompressed by Docker, compressed by containerd.
    case bytes(Int64)
    /// Not known; why, in a few words.
    case unknown(String)

    /// While no pod runs that would have it.
    public static let notThere = ImageSize.unknown("no pod runs yet")
}

/// How long pods of a revision took to start.
public struct StartupTime: Sendable, Hashable {
    /// The pod-template hash of the revision.
    public var revision: String
    /// From being scheduled to being ready; Kubernetes notes both in whole seconds.
    public var seconds: Int64

    /// A time by its parts.
    public init(revision: String, seconds: Int64) {
        self.revision = revision
        self.seconds = seconds
    }
}
