/// Why bytes are not a JSON document.
///
/// Offsets count bytes from 0.
public enum JSONParseError: Error, Sendable, Hashable {
    /// What the grammar asks for where something else was found.
    public enum Expectation: String, Sendable, Hashable {
        /// Any value.
        case value = "a value"
        /// An object's first key, or its end.
        case keyOrEnd = "a key or \"}\""
        /// The key that a comma announces.
        case key = "a key"
        /// What parts a key from its value.
        case colon = "\":\""
        /// What follows a member of an object.
        case commaOrObjectEnd = "\",\" or \"}\""
        /// What follows an element of an array.
        case commaOrArrayEnd = "\",\" or \"]\""
        /// A digit of a number.
        case digit = "a digit"
        /// The rest of a string.
        case stringEnd = "the end of the string"
        /// What may follow a backslash.
        case escape = "an escape sequence"
        /// Nothing more.
        case end = "the end of the document"
    }

    /// The grammar does not allow what is there; `found` is `nil` where the document ends.
    case unexpected(found: UInt8?, expected: Expectation, offset: Int)
    /// A control character stands in a string without being escaped.
    case controlCharacter(UInt8, offset: Int)
    /// A string is not UTF-8.
    case invalidUTF8(offset: Int)
    /// A `\u` escape names half of a surrogate pair.
    case loneSurrogate(offset: Int)
    /// Arrays and objects lie deeper in one another than ``JSONLimits/depth`` allows.
    case tooDeep(limit: Int, offset: Int)
    /// A key comes twice in an object and ``JSONLimits/duplicateKeys`` refuses that.
    case duplicateKey(String, offset: Int)

    /// Where in the document the trouble is.
    public var offset: Int {
        switch self {
        case .unexpected(_, _, let offset), .controlCharacter(_, let offset), .invalidUTF8(let offset),
            .loneSurrogate(let offset), .tooDeep(_, let offset), .duplicateKey(_, let offset):
            offset
        }
    }
}

extension JSONParseError: CustomStringConvertible {
    /// One line for a log: the byte offset, what was expected and what was found.
    public var description: String {
        "byte \(self.offset): \(self.problem)"
    }

    private var problem: String {
        switch self {
        case .unexpected(nil, let expected, _):
            "expected \(expected.rawValue), but the document ends"
        case .unexpected(let found?, let expected, _) where (0x21...0x7E).contains(found):
            "expected \(expected.rawValue), found \"\(Character(Unicode.Scalar(found)))\""
        case .unexpected(let found?, let expected, _):
            "expected \(expected.rawValue), found byte 0x\(String(found, radix: 16, uppercase: true))"
        case .controlCharacter(let byte, _):
            "control character 0x\(String(byte, radix: 16, uppercase: true)) in a string"
        case .invalidUTF8:
            "invalid UTF-8 in a string"
        case .loneSurrogate:
            "half of a surrogate pair"
        case .tooDeep(let limit, _):
            "more than \(limit) levels of nesting"
        case .duplicateKey(let key, _):
            "duplicate key \(JSONValue.string(key).text())"
        }
    }
}
