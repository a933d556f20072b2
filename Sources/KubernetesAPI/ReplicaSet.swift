public import JSON

/// A ReplicaSet, as far as it tells which pods belong to which revision of a Deployment.
public struct ReplicaSet: Sendable, Equatable {
    /// The metadata.
    public var metadata: ObjectMeta
    /// How many pods it is to have.
    public var desired: Int64
    /// What its pods' containers read into variables: without it none of them can be started once more.
    public var references: Set<KeyReference>

    /// Reads a ReplicaSet.
    ///
    /// - Throws: ``ObjectReadError`` where it has no name.
    public init(json: JSONValue) throws(ObjectReadError) {
        self.metadata = try ObjectMeta(of: json)
        self.desired = json["spec"]?["replicas"]?.integer ?? 1
        var references: Set<KeyReference> = []
        for container in json["spec"]?["template"]?["spec"]?["containers"]?.array ?? [] {
            for variable in container["env"]?.array ?? [] {
                if let reference = KeyReference(json: variable["valueFrom"]) { references.insert(reference) }
            }
        }
        self.references = references
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

/// A key of a Secret or ConfigMap that a variable of a container holds.
public struct KeyReference: Sendable, Hashable {
    /// What kind of object has the key.
    public enum Kind: Sendable, Hashable {
        /// A Secret.
        case secret
        /// A ConfigMap.
        case configMap
    }

    /// What kind of object has the key.
    public var kind: Kind
    /// The object's name.
    public var object: String
    /// The key.
    public var key: String

    /// A key of an object.
    public init(_ kind: Kind, _ object: String, key: String) {
        self.kind = kind
        self.object = object
        self.key = key
    }

    /// Reads `valueFrom`; `nil` where it is about something else.
    init?(json: JSONValue?) {
        let (kind, reference): (Kind, JSONValue?) =
            json?["secretKeyRef"] == nil ? (.configMap, json?["configMapKeyRef"]) : (.secret, json?["secretKeyRef"])
        guard let object = reference?["name"]?.string, let key = reference?["key"]?.string else { return nil }
        self.init(kind, object, key: key)
    }
}
