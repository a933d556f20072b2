public import JSON

/// What all Kubernetes objects say of themselves, as far as controllers use it.
///
/// `managedFields` is left out on purpose: it is often larger than the rest of the object.
public struct ObjectMeta: Sendable, Equatable {
    /// The object's name.
    public var name: String
    /// The namespace; `nil` for objects that live in none.
    public var namespace: String?
    /// The identity that no later object of the same name shares.
    public var uid: String
    /// The version of this state of the object.
    public var resourceVersion: ResourceVersion
    /// The version of the spec; 0 where the type counts none.
    public var generation: Int64
    /// When the object was created, as RFC 3339.
    public var creationTimestamp: String?
    /// When deletion was asked for, as RFC 3339; `nil` while nobody did.
    public var deletionTimestamp: String?
    /// The labels.
    public var labels: [String: String]
    /// The annotations.
    public var annotations: [String: String]
    /// The objects that own this one.
    public var ownerReferences: [OwnerReference]
    /// Who must act before a deletion completes.
    public var finalizers: [String]

    /// Metadata by its parts.
    public init(
        name: String,
        namespace: String? = nil,
        uid: String = "",
        resourceVersion: ResourceVersion = ResourceVersion(""),
        generation: Int64 = 0,
        creationTimestamp: String? = nil,
        deletionTimestamp: String? = nil,
        labels: [String: String] = [:],
        annotations: [String: String] = [:],
        ownerReferences: [OwnerReference] = [],
        finalizers: [String] = []
    ) {
        self.name = name
        self.namespace = namespace
        self.uid = uid
        self.resourceVersion = resourceVersion
        self.generation = generation
        self.creationTimestamp = creationTimestamp
        self.deletionTimestamp = deletionTimestamp
        self.labels = labels
        self.annotations = annotations
        self.ownerReferences = ownerReferences
        self.finalizers = finalizers
    }

    /// The key under which the object is stored.
    public var key: ObjectKey {
        ObjectKey(namespace: self.namespace, name: self.name)
    }

    /// Whether the object is on its way out.
    public var isBeingDeleted: Bool {
        self.deletionTimestamp != nil
    }

    /// The owner that is responsible for the object; at most one owner is.
    public var controller: OwnerReference? {
        self.ownerReferences.first(where: \.isController)
    }
}

extension ObjectMeta {
    /// Reads the metadata of an object.
    ///
    /// - Throws: ``ObjectReadError`` where the object has no name.
    public init(of object: JSONValue) throws(ObjectReadError) {
        self.init(reading: object["metadata"] ?? .null)
        guard !self.name.isEmpty else { throw .missing("metadata.name") }
    }

    /// Reads an object's metadata; what it does not say is empty, and so may be the name.
    init(reading metadata: JSONValue) {
        self.init(
            name: metadata["name"]?.string ?? "",
            namespace: metadata["namespace"]?.string,
            uid: metadata["uid"]?.string ?? "",
            resourceVersion: ResourceVersion(metadata["resourceVersion"]?.string ?? ""),
            generation: metadata["generation"]?.integer ?? 0,
            creationTimestamp: metadata["creationTimestamp"]?.string,
            deletionTimestamp: metadata["deletionTimestamp"]?.string,
            labels: metadata["labels"]?.stringMembers ?? [:],
            annotations: metadata["annotations"]?.stringMembers ?? [:],
            ownerReferences: (metadata["ownerReferences"]?.array ?? []).map(OwnerReference.init(json:)),
            finalizers: (metadata["finalizers"]?.array ?? []).compactMap(\.string)
        )
    }
}

/// A pointer from an object to one that owns it.
public struct OwnerReference: Sendable, Hashable {
    /// Group and version of the owner.
    public var apiVersion: String
    /// The owner's kind.
    public var kind: String
    /// The owner's name, in the same namespace.
    public var name: String
    /// The owner's identity.
    public var uid: String
    /// Whether this owner is the one that is responsible.
    public var isController: Bool

    /// A reference by its parts.
    public init(apiVersion: String, kind: String, name: String, uid: String, isController: Bool) {
        self.apiVersion = apiVersion
        self.kind = kind
        self.name = name
        self.uid = uid
        self.isController = isController
    }

    init(json: JSONValue) {
        self.init(
            apiVersion: json["apiVersion"]?.string ?? "",
            kind: json["kind"]?.string ?? "",
            name: json["name"]?.string ?? "",
            uid: json["uid"]?.string ?? "",
            isController: json["controller"]?.bool ?? false
        )
    }

    /// The owner's API group; versions come and go, the group stays.
    public var group: String {
        let text = self.apiVersion.utf8
        guard let slash = text.firstIndex(of: UInt8(ascii: "/")) else { return "" }
        return String(self.apiVersion[..<slash])
    }

    /// The reference as a manifest has it; a controller also blocks a foreground deletion of its owner.
    public var json: JSONValue {
        [
            "apiVersion": .string(self.apiVersion),
            "kind": .string(self.kind),
            "name": .string(self.name),
            "uid": .string(self.uid),
            "controller": .bool(self.isController),
            "blockOwnerDeletion": .bool(self.isController),
        ]
    }
}

/// Why an object that the API server sent cannot be used.
public enum ObjectReadError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A field that every object of the type has is not there.
    case missing(String)
    /// A field holds something else than it must.
    case invalid(field: String, rule: String)

    /// One line for people.
    public var description: String {
        switch self {
        case .missing(let field): "\(field): missing"
        case .invalid(let field, let rule): "\(field): \(rule)"
        }
    }
}
