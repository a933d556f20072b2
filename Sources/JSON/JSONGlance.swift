/// A few strings of a document's beginning, read no further than they are found.
///
/// What comes after them may be anything: who wants to know that the whole is sound reads it.
public struct JSONGlance: Sendable {
    /// The values, in the order of the keys; `nil` where there is none, or where it is no string.
    public let values: [String?]

    /// Looks for members of an object, which is itself a member of the document's top level.
    public init(of bytes: ArraySlice<UInt8>, member: String, keys: [String]) throws(JSONParseError) {
        var parser = JSONParser(limits: .standard)
        self.values = try parser.strings(keys, in: member, of: bytes.span)
    }
}
