public import JSON

/// What the API server answers to a write: which object in which state that is, and the whole of it for who asks.
///
/// Most often a watch tells of a write before the answer comes. Then nothing of the answer is wanted but its version.
public struct ObjectAnswer: Sendable {
    /// The identity that no later object of the same name shares.
    public let uid: String
    /// The version of the state that was written.
    public let resourceVersion: ResourceVersion
    private let content: Content

    private enum Content: Sendable {
        case bytes([UInt8])
        case object(DynamicObject)
    }

    /// Takes over an object that has been read.
    public init(_ object: DynamicObject) {
        self.uid = object.metadata.uid
        self.resourceVersion = object.metadata.resourceVersion
        self.content = .object(object)
    }

    /// Reads as much of an answer as says which object it is.
    ///
    /// - Throws: `JSONParseError` where it is no document up to there.
    public init(parsing bytes: [UInt8]) throws(JSONParseError) {
        let glance = try JSONGlance(of: bytes[...], member: "metadata", keys: ["uid", "resourceVersion"])
        self.uid = glance.values[0] ?? ""
        self.resourceVersion = ResourceVersion(glance.values[1] ?? "")
        self.content = .bytes(bytes)
    }

    /// The object; read anew each time.
    ///
    /// - Throws: `JSONParseError` where the answer is no document.
    public func object() throws(JSONParseError) -> DynamicObject {
        switch self.content {
        case .bytes(let bytes): try DynamicObject(parsing: bytes[...])
        case .object(let object): object
        }
    }
}
