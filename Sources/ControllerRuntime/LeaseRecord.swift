internal import JSON
public import KubernetesAPI

/// What a `Lease` (coordination.k8s.io/v1) says.
public struct LeaseRecord: Sendable, Equatable {
    /// Who holds it; empty for nobody.
    public var holder: String
    /// How long it keeps others out after each change; `nil` where it does not say.
    public var duration: Duration?
    /// When the holder got it and when it last renewed it, by the holder's own wall clock.
    ///
    /// For people only: nobody else's clock is compared with it. That it changes is what shows that the holder lives.
    public var times: Times
    /// How often it went from one holder to another.
    public var transitions: Int
    /// Which state of the object this is: a write names it and is refused if there is a later one.
    public var version: ResourceVersion

    /// Times as the API has them, RFC 3339 with microseconds.
    public struct Times: Sendable, Equatable {
        /// When the holder got the lease.
        public var acquired: String
        /// When the holder last renewed it.
        public var renewed: String

        /// Times by their parts.
        public init(acquired: String, renewed: String) {
            self.acquired = acquired
            self.renewed = renewed
        }
    }

    /// A record by its parts.
    public init(holder: String, duration: Duration?, times: Times, transitions: Int, version: ResourceVersion) {
        self.holder = holder
        self.duration = duration
        self.times = times
        self.transitions = transitions
        self.version = version
    }

    /// Reads an object of the API.
    init(json: JSONValue) {
        let spec = json["spec"]
        let seconds = spec?["leaseDurationSeconds"]?.integer ?? 0
        self.init(
            holder: spec?["holderIdentity"]?.string ?? "",
            duration: seconds > 0 ? .seconds(seconds) : nil,
            times: Times(
                acquired: spec?["acquireTime"]?.string ?? "",
                renewed: spec?["renewTime"]?.string ?? ""
            ),
            transitions: Int(clamping: spec?["leaseTransitions"]?.integer ?? 0),
            version: ResourceVersion(json["metadata"]?["resourceVersion"]?.string ?? "")
        )
    }

    /// Whether both say the same, whatever happened to the object's labels between them.
    func saysTheSame(as other: LeaseRecord) -> Bool {
        var other = other
        other.version = self.version
        return self == other
    }
}

extension ResourceType {
    /// Served since Kubernetes 1.14.
    static let leases = ResourceType(group: "coordination.k8s.io", version: "v1", plural: "leases", kind: "Lease")
}
