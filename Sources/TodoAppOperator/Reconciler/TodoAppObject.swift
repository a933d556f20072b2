public import ControllerRuntime
public import JSON
public import KubernetesAPI

/// A TodoApp as the store keeps it: who it is, what it wants and what was said of it last.
public struct TodoAppObject: StoredObject, Equatable {
    /// The type's coordinates.
    public static let resource = ResourceType(
        group: "todo.taskflow.dev",
        version: "v1alpha1",
        plural: "todoapps",
        kind: "TodoApp"
    )

    /// The metadata.
    public let metadata: ObjectMeta
    /// The spec as it stands in the API server; not known to be valid.
    public let spec: JSONValue
    /// The status as it stands there; `nil` before the first one.
    public let status: JSONValue?

    /// Reads a TodoApp.
    ///
    /// - Throws: `ObjectReadError` where it has no name.
    public init(json: JSONValue) throws(ObjectReadError) {
        self.metadata = try ObjectMeta(of: json)
        self.spec = json["spec"] ?? .null
        self.status = json["status"]
    }

    /// A TodoApp with spec and status packed.
    public struct Kept: Sendable {
        fileprivate let metadata: ObjectMeta
        fileprivate let spec: PackedJSON
        fileprivate let status: PackedJSON?
    }

    /// The TodoApp with spec and status packed.
    public var kept: Kept {
        Kept(metadata: self.metadata, spec: PackedJSON(self.spec), status: self.status.map { PackedJSON($0) })
    }

    /// The TodoApp with spec and status as trees.
    public init(kept: Kept) {
        self.metadata = kept.metadata
        self.spec = kept.spec.value
        self.status = kept.status?.value
    }

    /// The Secrets that the spec names, and the app's own one, as `namespace/name`; the spec need not be valid for that.
    var secretKeys: [String] {
        let secrets = self.spec["secrets"]
        let named =
            (secrets?["from"]?.array ?? []).map { $0["secretName"]?.string } + [secrets?["existingSecret"]?.string]
        let names = Set(named.compactMap { $0 } + ["\(self.metadata.name)-secrets"])
        return names.map { ObjectKey(namespace: self.metadata.namespace, name: $0).description }
    }

    /// Whether an operator has said anything of it; the schema's default does not count.
    public var isJudged: Bool {
        self.status?["conditions"] != nil
    }
}
