public import JSON

/// An object of any type: its metadata, and the whole of it without `managedFields`.
public struct DynamicObject: Sendable, Equatable {
    /// The metadata.
    public let metadata: ObjectMeta
    private let content: Content

    private enum Content: Sendable {
        case tree(JSONValue)
        case packed(PackedJSON)
    }

    /// Reads an object.
    ///
    /// - Throws: ``ObjectReadError`` where it has no name.
    public init(json: JSONValue) throws(ObjectReadError) {
        self.metadata = try ObjectMeta(of: json)
        var value = json
        if value["metadata"]?["managedFields"] != nil {
            value["metadata"]?["managedFields"] = nil
        }
        self.content = .tree(value)
    }

    /// Takes over an object that was one before, such as one that was stored.
    ///
    /// Its metadata is empty where that is not so.
    public init(reading value: JSONValue) {
        self.metadata = (try? ObjectMeta(of: value)) ?? ObjectMeta(name: "")
        self.content = .tree(value)
    }

    /// Reads the metadata of an object, of which everything else stays as the bytes that it came in.
    ///
    /// The metadata is empty where the document is no object of Kubernetes', and without a name where it has none: see ``named()``.
    /// - Throws: `JSONParseError` where it is no document at all.
    public init(parsing bytes: ArraySlice<UInt8>) throws(JSONParseError) {
        let excerpt = try JSONExcerpt(of: bytes, member: "metadata", limits: JSONLimits(omittedKey: "managedFields"))
        self.metadata = ObjectMeta(reading: excerpt.member ?? .null)
        self.content = .packed(excerpt.document)
    }

    /// The object as a tree; one that came as bytes is read anew each time.
    public var value: JSONValue {
        switch self.content {
        case .tree(let value): value
        case .packed(let document): document.value
        }
    }

    /// The object as bytes.
    public var packed: PackedJSON {
        switch self.content {
        case .tree(let value): PackedJSON(value)
        case .packed(let document): document
        }
    }

    /// The object itself, if it has a name.
    ///
    /// - Throws: ``ObjectReadError`` where it has none.
    public func named() throws(ObjectReadError) -> DynamicObject {
        guard !self.metadata.name.isEmpty else { throw .missing("metadata.name") }
        return self
    }

    /// Whether both hold the same.
    public static func == (left: DynamicObject, right: DynamicObject) -> Bool {
        left.metadata == right.metadata && left.value == right.value
    }
}
