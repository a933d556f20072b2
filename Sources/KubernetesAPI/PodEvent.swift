public import JSON

/// What the kubelet told of a pod in an event and nowhere in the pod's own status.
public struct PodEvent: Sendable, Equatable {
    /// What is told.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A probe failed.
        case unhealthy = "Unhealthy"
        /// A volume could not be mounted.
        case failedMount = "FailedMount"
        /// The pod's sandbox, its network above all, could not be made.
        case failedSandbox = "FailedCreatePodSandBox"
    }

    /// The event's own metadata, without labels and annotations.
    public var metadata: ObjectMeta
    /// The kind; `nil` for what no ``Kind`` names.
    public var kind: Kind?
    /// The UID of the pod.
    public var podUID: String
    /// Namespace and name of the pod.
    public var pod: ObjectKey
    /// The container; empty where the pod as a whole is concerned.
    public var container: String
    /// The sentence.
    public var message: String
    /// How often it has happened.
    public var count: Int64
    /// When it happened first, as RFC 3339.
    public var firstSeen: String
    /// When it happened last, as RFC 3339.
    public var lastSeen: String

    /// Reads a `v1` Event.
    ///
    /// - Throws: ``ObjectReadError`` where it has no name.
    public init(json: JSONValue) throws(ObjectReadError) {
        let whole = try ObjectMeta(of: json)
        self.metadata = ObjectMeta(
            name: whole.name,
            namespace: whole.namespace,
            uid: whole.uid,
            resourceVersion: whole.resourceVersion
        )
        let pod = json["involvedObject"]
        self.kind = json["reason"]?.string.flatMap(Kind.init(rawValue:))
        self.podUID = pod?["uid"]?.string ?? ""
        self.pod = ObjectKey(namespace: pod?["namespace"]?.string, name: pod?["name"]?.string ?? "")
        self.container = containerName(at: pod?["fieldPath"]?.string ?? "")
        self.message = json["message"]?.string ?? ""
        self.count = json["count"]?.integer ?? json["series"]?["count"]?.integer ?? 1
        // Whoever reports with the newer API fills other fields with the same.
        let made = json["eventTime"]?.string ?? whole.creationTimestamp ?? ""
        self.firstSeen = json["firstTimestamp"]?.string ?? made
        self.lastSeen = json["lastTimestamp"]?.string ?? json["series"]?["lastObservedTime"]?.string ?? made
    }
}

/// The container in `spec.containers{backend}`.
private func containerName(at fieldPath: String) -> String {
    guard let open = fieldPath.firstIndex(of: "{"), fieldPath.last == "}" else { return "" }
    return String(fieldPath[fieldPath.index(after: open)...].dropLast())
}
