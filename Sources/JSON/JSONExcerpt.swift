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
    /// - Parameter limits: As for the whole document; what is left out is left out within that member.
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

/// A document within a document: the value of one member, and the bytes of another one.
public struct JSONEnvelope: Sendable {
    /// The value of the member that was to be read; `nil` where there is none.
    public let label: JSONValue?
    /// The bytes of the other one, known to end where it does and else unread; `nil` where there is none.
    public let content: ArraySlice<UInt8>?

    /// Reads the label, and finds the content.
    public init(
        of bytes: ArraySlice<UInt8>,
        label: String,
        content: String,
        limits: JSONLimits = .standard
    ) throws(JSONParseError) {
        var parser = JSONParser(limits: limits)
        let (value, range) = try parser.members(label: label, content: content, of: bytes.span)
        self.label = value
        self.content = range.map { bytes[($0.lowerBound + bytes.startIndex)..<($0.upperBound + bytes.startIndex)] }
    }
}

// MARK: - Passing over what is not read

extension JSONParser {
    /// The value of one member of a document's top level; all others are passed over.
    fileprivate mutating func member(_ wanted: String, of bytes: Span<UInt8>) throws(JSONParseError) -> JSONValue? {
        do {
            _ = try UTF8Span(validating: bytes)
        } catch {
            throw .invalidUTF8(offset: error.byteOffsets.lowerBound)
        }
        var value: JSONValue?
        guard try self.isObject(bytes) else { return nil }
        var isFirst = true
        while let key = try self.nextKey(bytes, &isFirst) {
            if key.isSame(as: wanted) {
                self.omissions = []
                value = try self.value(bytes)
            } else {
                try self.pass(bytes)
            }
        }
        try self.end(bytes)
        return value
    }

    /// The value of one member of a document's top level, and where that of another one lies.
    fileprivate mutating func members(
        label: String,
        content: String,
        of bytes: Span<UInt8>
    ) throws(JSONParseError) -> (label: JSONValue?, content: Range<Int>?) {
        var found: (label: JSONValue?, content: Range<Int>?) = (nil, nil)
        guard try self.isObject(bytes) else { return found }
        var isFirst = true
        while let key = try self.nextKey(bytes, &isFirst) {
            if key.isSame(as: label) {
                found.label = try self.value(bytes)
            } else if key.isSame(as: content) {
                self.skipSpace(bytes)
                let start = self.offset
                if try !self.skip(bytes) { try self.pass(bytes) }
                found.content = start..<self.offset
            } else {
                try self.pass(bytes)
            }
        }
        try self.end(bytes)
        return found
    }

    /// Enters a document that is an object; anything else is passed over.
    private mutating func isObject(_ bytes: Span<UInt8>) throws(JSONParseError) -> Bool {
        self.skipSpace(bytes)
        guard self.peek(bytes) == UInt8(ascii: "{") else {
            try self.pass(bytes)
            try self.end(bytes)
            return false
        }
        try self.descend()
        self.offset += 1
        return true
    }

    private mutating func nextKey(_ bytes: Span<UInt8>, _ isFirst: inout Bool) throws(JSONParseError) -> String? {
        guard try self.stepToKey(bytes, &isFirst) else { return nil }
        let key = try self.key(bytes)
        try self.colon(bytes)
        return key
    }

    private mutating func end(_ bytes: Span<UInt8>) throws(JSONParseError) {
        self.skipSpace(bytes)
        guard self.offset == bytes.count else { throw self.unexpected(bytes, expected: .end) }
    }

    /// Passes over a value of any kind; nothing is kept of it but that it is one.
    private mutating func pass(_ bytes: Span<UInt8>) throws(JSONParseError) {
        self.skipSpace(bytes)
        switch self.peek(bytes) {
        case UInt8(ascii: "\""):
            try self.passString(bytes)
        case UInt8(ascii: "{"):
            try self.descend()
            self.offset += 1
            var isFirst = true
            while try self.stepToKey(bytes, &isFirst) {
                try self.passString(bytes)
                try self.colon(bytes)
                try self.pass(bytes)
            }
            self.ascend()
        case UInt8(ascii: "["):
            try self.descend()
            self.offset += 1
            var isFirst = true
            while try self.stepToElement(bytes, &isFirst) { try self.pass(bytes) }
            self.ascend()
        default:
            _ = try self.value(bytes)
        }
    }

    /// Goes on to the next key; `false` at the end of the object.
    private mutating func stepToKey(_ bytes: Span<UInt8>, _ isFirst: inout Bool) throws(JSONParseError) -> Bool {
        self.skipSpace(bytes)
        defer { isFirst = false }
        if self.peek(bytes) == UInt8(ascii: "}") {
            self.offset += 1
            return false
        }
        if !isFirst {
            guard self.peek(bytes) == UInt8(ascii: ",") else {
                throw self.unexpected(bytes, expected: .commaOrObjectEnd)
            }
            self.offset += 1
            self.skipSpace(bytes)
        }
        guard self.peek(bytes) == UInt8(ascii: "\"") else {
            throw self.unexpected(bytes, expected: isFirst ? .keyOrEnd : .key)
        }
        return true
    }

    /// Goes on to the next element; `false` at the end of the array.
    private mutating func stepToElement(_ bytes: Span<UInt8>, _ isFirst: inout Bool) throws(JSONParseError) -> Bool {
        self.skipSpace(bytes)
        defer { isFirst = false }
        if self.peek(bytes) == UInt8(ascii: "]") {
            self.offset += 1
            return false
        }
        guard !isFirst else { return true }
        guard self.peek(bytes) == UInt8(ascii: ",") else { throw self.unexpected(bytes, expected: .commaOrArrayEnd) }
        self.offset += 1
        // What comes now must be a value, and no end.
        self.skipSpace(bytes)
        guard self.peek(bytes) != UInt8(ascii: "]") else { throw self.unexpected(bytes, expected: .value) }
        return true
    }

    private mutating func colon(_ bytes: Span<UInt8>) throws(JSONParseError) {
        self.skipSpace(bytes)
        guard self.peek(bytes) == UInt8(ascii: ":") else { throw self.unexpected(bytes, expected: .colon) }
        self.offset += 1
    }

    /// Passes over a string; its bytes are known to be UTF-8, or will be looked at by somebody else.
    private mutating func passString(_ bytes: Span<UInt8>) throws(JSONParseError) {
        self.offset += 1
        while true {
            self.offset = Self.endOfRun(bytes, from: self.offset)
            guard self.offset < bytes.count else { throw self.unexpected(bytes, expected: .stringEnd) }
            switch bytes[self.offset] {
            case UInt8(ascii: "\""):
                self.offset += 1
                return
            case UInt8(ascii: "\\"):
                _ = try self.escape(bytes)
            case let byte:
                throw .controlCharacter(byte, offset: self.offset)
            }
        }
    }
}
