/// A value as the bytes of its document: a fraction of the memory of a tree, for what is held long and read seldom.
public struct PackedJSON: Sendable, Hashable {
    private let bytes: [UInt8]

    /// Packs a value.
    public init(_ value: JSONValue) {
        // Writing leaves room to grow; this is as large as it will ever be.
        self.bytes = Array(value.bytes()[...])
    }

    /// How many bytes that takes.
    public var byteCount: Int { self.bytes.count }

    /// The value.
    public var value: JSONValue {
        // The writer's own bytes can be read, but for a tree that no parser has made and that is deeper than any may be.
        (try? JSONValue(parsing: self.bytes)) ?? .null
    }
}
