extension JSONValue {
    /// Reads a document, which must be the only thing in the bytes besides white space.
    public init(parsing bytes: [UInt8], limits: JSONLimits = .standard) throws(JSONParseError) {
        try self.init(parsing: bytes.span, limits: limits)
    }

    /// Reads a document that is a part of other bytes; offsets in errors count from the start of the slice.
    public init(parsing bytes: ArraySlice<UInt8>, limits: JSONLimits = .standard) throws(JSONParseError) {
        try self.init(parsing: bytes.span, limits: limits)
    }

    /// Reads a document from a string.
    public init(parsing text: String, limits: JSONLimits = .standard) throws(JSONParseError) {
        try self.init(parsing: text.utf8.span, limits: limits)
    }

    /// Reads a document from memory that somebody else owns.
    public init(parsing bytes: Span<UInt8>, limits: JSONLimits = .standard) throws(JSONParseError) {
        var parser = JSONParser(limits: limits)
        self = try parser.document(bytes)
    }
}

/// Goes through a document from its first byte to its last; the bytes come in with every call, for a `Span` cannot
/// be kept.
struct JSONParser {
    private let limits: JSONLimits
    var offset = 0
    private var depth = 0
    var keyCache = JSONKeyCache()
    /// Whether the string that was read last had an escape in it.
    var hadEscape = false
    /// Whether the whole document was seen to be ASCII, so that no string of it has to be looked at again.
    private(set) var isKnownASCII = false
    /// Where the members lie that were left out, from the first byte of the key to the last of the value.
    var omissions: [Range<Int>] = []
    /// The elements and members of all arrays and objects that are not complete yet, the innermost's last.
    ///
    /// From here each array is made in one piece of the right size, instead of growing to it.
    private var elements: [JSONValue] = []
    private var members: [JSONObject.Member] = []

    init(limits: JSONLimits) {
        self.limits = limits
    }

    mutating func document(_ bytes: Span<UInt8>) throws(JSONParseError) -> JSONValue {
        try self.checkUTF8(bytes)
        let value = try self.value(bytes)
        self.skipSpace(bytes)
        guard self.offset == bytes.count else { throw self.unexpected(bytes, expected: .end) }
        return value
    }

    /// Sees to it that the document is UTF-8: once for all of it is a fraction of what once for each string takes.
    mutating func checkUTF8(_ bytes: Span<UInt8>) throws(JSONParseError) {
        do {
            self.isKnownASCII = try UTF8Span(validating: bytes).isKnownASCII
        } catch {
            throw .invalidUTF8(offset: error.byteOffsets.lowerBound)
        }
    }

    mutating func value(_ bytes: Span<UInt8>) throws(JSONParseError) -> JSONValue {
        self.skipSpace(bytes)
        switch self.peek(bytes) {
        case UInt8(ascii: "\""): return .string(try self.string(bytes))
        case UInt8(ascii: "{"): return try self.object(bytes)
        case UInt8(ascii: "["): return try self.array(bytes)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try self.number(bytes)
        case UInt8(ascii: "t"): return try self.literal("true", .bool(true), bytes)
        case UInt8(ascii: "f"): return try self.literal("false", .bool(false), bytes)
        case UInt8(ascii: "n"): return try self.literal("null", .null, bytes)
        default: throw self.unexpected(bytes, expected: .value)
        }
    }

    private mutating func literal(
        _ word: StaticString,
        _ value: JSONValue,
        _ bytes: Span<UInt8>
    ) throws(JSONParseError) -> JSONValue {
        let end = self.offset + word.utf8CodeUnitCount
        guard end <= bytes.count else { throw self.unexpected(bytes, expected: .value) }
        for (index, byte) in word.description.utf8.enumerated() where bytes[self.offset + index] != byte {
            throw self.unexpected(bytes, expected: .value)
        }
        self.offset = end
        return value
    }

    // MARK: - Arrays and objects

    private mutating func array(_ bytes: Span<UInt8>) throws(JSONParseError) -> JSONValue {
        try self.descend()
        defer { self.ascend() }
        self.offset += 1
        self.skipSpace(bytes)
        guard self.peek(bytes) != UInt8(ascii: "]") else {
            self.offset += 1
            return .array([])
        }
        let base = self.elements.count
        while true {
            self.elements.append(try self.value(bytes))
            self.skipSpace(bytes)
            switch self.peek(bytes) {
            case UInt8(ascii: ","): self.offset += 1
            case UInt8(ascii: "]"):
                self.offset += 1
                return .array(Self.takeLast(self.elements.count - base, of: &self.elements))
            default: throw self.unexpected(bytes, expected: .commaOrArrayEnd)
            }
        }
    }

    private mutating func object(_ bytes: Span<UInt8>) throws(JSONParseError) -> JSONValue {
        try self.descend()
        defer { self.ascend() }
        self.offset += 1
        self.skipSpace(bytes)
        guard self.peek(bytes) != UInt8(ascii: "}") else {
            self.offset += 1
            return .object(JSONObject())
        }
        let base = self.members.count
        var keys = JSONKeyTable()
        var expected = JSONParseError.Expectation.keyOrEnd
        while true {
            self.skipSpace(bytes)
            guard self.peek(bytes) == UInt8(ascii: "\"") else { throw self.unexpected(bytes, expected: expected) }
            let keyOffset = self.offset
            let key = try self.key(bytes)
            // An escaped key's mark is not the one of the same key unescaped, so such a key must be looked for.
            let mark =
                self.hadEscape
                ? UInt64.max : JSONKeyTable.mark(of: bytes, from: keyOffset + 1, to: self.offset - 1)
            self.skipSpace(bytes)
            guard self.peek(bytes) == UInt8(ascii: ":") else { throw self.unexpected(bytes, expected: .colon) }
            self.offset += 1
            if let omittedKey = self.limits.omittedKey, key.isSame(as: omittedKey), try self.skip(bytes) {
                self.omissions.append(keyOffset..<self.offset)
            } else {
                let value = try self.value(bytes)
                if let index = keys.insert(key, mark: mark, into: self.members, from: base) {
                    guard self.limits.duplicateKeys == .lastWins else { throw .duplicateKey(key, offset: keyOffset) }
                    self.members[index].value = value
                } else {
                    self.members.append(JSONObject.Member(key: key, value: value))
                }
            }
            self.skipSpace(bytes)
            switch self.peek(bytes) {
            case UInt8(ascii: ","): self.offset += 1
            case UInt8(ascii: "}"):
                self.offset += 1
                return .object(JSONObject(uniqueMembers: Self.takeLast(self.members.count - base, of: &self.members)))
            default: throw self.unexpected(bytes, expected: .commaOrObjectEnd)
            }
            expected = .key
        }
    }

    /// Moves elements over instead of copying them, which would count each one's references up and down again.
    @inline(__always)
    private static func takeLast<Element>(_ count: Int, of stack: inout [Element]) -> [Element] {
        var taken: [Element] = []
        taken.reserveCapacity(count)
        for _ in 0..<count {
            taken.append(stack.removeLast())
        }
        taken.reverse()
        return taken
    }

    mutating func descend() throws(JSONParseError) {
        guard self.depth < self.limits.depth else { throw .tooDeep(limit: self.limits.depth, offset: self.offset) }
        self.depth += 1
    }

    mutating func ascend() { self.depth -= 1 }

    // MARK: - Bytes

    /// The byte at hand, or 0 at the end: no token starts with a zero byte.
    @inline(__always)
    func peek(_ bytes: Span<UInt8>) -> UInt8 {
        self.offset < bytes.count ? bytes[self.offset] : 0
    }

    @inline(__always)
    mutating func skipSpace(_ bytes: Span<UInt8>) {
        while self.offset < bytes.count {
            switch bytes[self.offset] {
            case 0x20, 0x0A, 0x0D, 0x09: self.offset += 1
            default: return
            }
        }
    }

    func unexpected(_ bytes: Span<UInt8>, expected: JSONParseError.Expectation) -> JSONParseError {
        .unexpected(
            found: self.offset < bytes.count ? bytes[self.offset] : nil,
            expected: expected,
            offset: self.offset
        )
    }
}
