public import JSON

/// An object of any type: its metadata, and the whole of it as a tree without `managedFields`.
public struct DynamicObject: Sendable, Equatable {
    /// The metadata.
    public let metadata: ObjectMeta
    /// The object.
    public let value: JSONValue

    /// Reads an object.
    ///
    /// - Throws: ``ObjectReadError`` where it has no name.
    public init(json: JSONValue) throws(ObjectReadError) {
        self.metadata = try ObjectMeta(of: json)
        var value = json
        if value["metadata"]?["managedFields"] != nil {
            value["metadata"]?["managedFields"] = nil
        }
        self.value = value
    }

    /// Takes over an object that was one before, such as one that was stored.
    ///
    /// Its metadata is empty where that is not so.
    public init(reading value: JSONValue) {
        self.metadata = (try? ObjectMeta(of: value)) ?? ObjectMeta(name: "")
        self.value = value
    }
}
