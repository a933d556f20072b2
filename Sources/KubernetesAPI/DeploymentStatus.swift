public import JSON

/// What the Deployment controller says of a Deployment.
public struct DeploymentStatus: Sendable, Equatable {
    /// How many pods the spec asks for.
    public var desired: Int64
    /// The generation that the controller has seen.
    public var observedGeneration: Int64
    /// All pods, of any revision.
    public var replicas: Int64
    /// Pods of the current revision.
    public var updated: Int64
    /// Pods that pass their readiness probe, of any revision.
    public var ready: Int64
    /// Pods that have been ready for long enough, of any revision.
    public var available: Int64
    /// The current revision's number; empty before the controller gave one.
    public var revision: String
    /// `Available`, `Progressing`, `ReplicaFailure`.
    public var conditions: [PodCondition]

    /// Reads the status of a Deployment.
    public init(of deployment: JSONValue) {
        let status = deployment["status"]
        self.desired = deployment["spec"]?["replicas"]?.integer ?? 1
        self.observedGeneration = status?["observedGeneration"]?.integer ?? 0
        self.replicas = status?["replicas"]?.integer ?? 0
        self.updated = status?["updatedReplicas"]?.integer ?? 0
        self.ready = status?["readyReplicas"]?.integer ?? 0
        self.available = status?["availableReplicas"]?.integer ?? 0
        self.revision =
            deployment["metadata"]?["annotations"]?["deployment.kubernetes.io/revision"]?.string ?? ""
        self.conditions = (status?["conditions"]?.array ?? []).map(PodCondition.init(json:))
    }

    /// The condition of a type.
    public func condition(_ type: String) -> PodCondition? {
        self.conditions.first { $0.type == type }
    }
}
