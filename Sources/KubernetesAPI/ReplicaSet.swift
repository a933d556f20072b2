public import JSON

/// A ReplicaSet, as far as it tells which pods belong to which revision of a Deployment.
public struct ReplicaSet: Sendable, Equatable {
    /// The metadata.
    public var metadata: ObjectMeta
    /// How many pods it is to have.
    public var desired: Int64

    /// Reads a ReplicaSet.
    ///
    /// - Throws: ``ObjectReadError`` where it has no name.
    public init(json: JSONValue) throws(ObjectReadError) {
        self.metadata = try ObjectMeta(of: json)
        self.desired = json["spec"]?["replicas"]?.integer ?? 1
    }

    /// The revision of its Deployment that it stands for, counted by the Deployment controller; empty before that.
    public var revision: String {
        self.metadata.annotations["deployment.kubernetes.io/revision"] ?? ""
    }

    /// The hash that its pods carry as a label.
    public var podTemplateHash: String {
        self.metadata.labels["pod-template-hash"] ?? ""
    }
}
