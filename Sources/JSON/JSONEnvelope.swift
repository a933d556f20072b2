/// A document within a document: the value of one member, and the bytes of another one.
public struct JSONEnvelope: Sendable {
    /// The value of the member that was to be read; `nil` where there is none.
    public let label: JSONValue?
    /// The bytes of the other one, known to end where it does and else unread; `nil` where there is none.
    public let content: ArraySlice<UInt8>?

    /// Reads the label, and finds the content.
    ///
    /// - Parameters:
    ///   - bytes: The outer document.
    ///   - label: The key of the member to read.
    ///   - content: The key of the other one.
    ///   - isContentLast: Whether the content is taken for all that comes after its key, where the label came before it: then no
    ///     byte of it is looked at. Where that is wrong it is no document, and the envelope has to be read without this.
    ///   - limits: The outer document's.
    public init(
        of bytes: ArraySlice<UInt8>,
        label: String,
        content: String,
        isContentLast: Bool = false,
        limits: JSONLimits = .standard
    ) throws(JSONParseError) {
        var parser = JSONParser(limits: limits)
        let (value, range) = try parser.members(label: label, content: content, isLast: isContentLast, of: bytes.span)
        self.label = value
        self.content = range.map { bytes[($0.lowerBound + bytes.startIndex)..<($0.upperBound + bytes.startIndex)] }
    }
}
