public import JSON

extension JSONValue {
    /// A manifest: the body with `apiVersion` and `kind` of its type before it.
    public static func manifest(_ type: ResourceType, _ body: JSONValue) -> JSONValue {
        let head: JSONValue = ["apiVersion": .string(type.apiVersion), "kind": .string(type.kind)]
        return head.merging(body)
    }
}

extension ResourceVersion {
    /// The version of an object as the API server answered it; empty where it has none.
    public init(of object: JSONValue) {
        self.init(object["metadata"]?["resourceVersion"]?.string ?? "")
    }
}

extension ObjectMeta {
    /// The reference with which another object names this one as its controller.
    ///
    /// - Parameter type: This object's type.
    public func controllerReference(to type: ResourceType) -> OwnerReference {
        OwnerReference(
            apiVersion: type.apiVersion,
            kind: type.kind,
            name: self.name,
            uid: self.uid,
            isController: true
        )
    }
}
