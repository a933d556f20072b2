/// A document of which one member was read, and the whole kept as bytes.
///
/// Most objects that a controller hears of are known already, or looked at much later: who they are is enough to tell. That the rest
/// is sound is seen to, so that it can be read at any time.
public struct JSONExcerpt: Sendable {
    /// The value of the member; `nil` where there is none.
    public let member: JSONValue?
    /// The document, without what was to be left out of the member.
    public let document: PackedJSON

    /// Reads the member of that name of an object's top level.
    ///
    /// The limits are the whole document's, but for what is left out: that is left out of the member alone.
    public init(
        of bytes: ArraySlice<UInt8>,
        member key: String,
        limits: JSONLimits = .standard
    ) throws(JSONParseError) {
        var parser = JSONParser(limits: limits)
        self.member = try parser.member(key, of: bytes.span)
        self.document = PackedJSON(cutting: parser.omissions, from: bytes)
    }
}
