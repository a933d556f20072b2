/// Going over a document of which a part alone is read: what is passed over is seen to be sound, and nothing is kept of it.
extension JSONParser {
    /// The value of one member of a document's top level; all others are passed over.
    mutating func member(_ wanted: String, of bytes: Span<UInt8>) throws(JSONParseError) -> JSONValue? {
        try self.checkUTF8(bytes)
        var value: JSONValue?
        guard try self.enterObject(bytes) else { return nil }
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
    ///
    /// - Parameter isLast: Whether the other one is taken for the document's last member: then it is not looked for its end.
    mutating func members(
        label: String,
        content: String,
        isLast: Bool,
        of bytes: Span<UInt8>
    ) throws(JSONParseError) -> (label: JSONValue?, content: Range<Int>?) {
        var found: (label: JSONValue?, content: Range<Int>?) = (nil, nil)
        guard try self.enterObject(bytes) else { return found }
        var isFirst = true
        while let key = try self.nextKey(bytes, &isFirst) {
            if key.isSame(as: label) {
                found.label = try self.value(bytes)
            } else if key.isSame(as: content) {
                self.skipSpace(bytes)
                let start = self.offset
                if isLast, found.label != nil, let brace = Self.lastBrace(bytes), brace >= start {
                    found.content = start..<brace
                    return found
                }
                if try !self.skip(bytes) { try self.pass(bytes) }
                found.content = start..<self.offset
            } else {
                try self.pass(bytes)
            }
        }
        try self.end(bytes)
        return found
    }

    /// Some strings of an object that is a member of a document's top level, looked for no further than they are found.
    mutating func strings(
        _ wanted: [String],
        in member: String,
        of bytes: Span<UInt8>
    ) throws(JSONParseError) -> [String?] {
        var values = [String?](repeating: nil, count: wanted.count)
        var missing = wanted.count
        guard try self.enterObject(bytes) else { return values }
        var isFirst = true
        while let key = try self.nextKey(bytes, &isFirst) {
            self.skipSpace(bytes)
            guard key.isSame(as: member), try self.enter(bytes, UInt8(ascii: "{")) else {
                try self.pass(bytes)
                continue
            }
            var isFirstOfMember = true
            while let key = try self.nextKey(bytes, &isFirstOfMember) {
                self.skipSpace(bytes)
                let index = wanted.firstIndex { $0.isSame(as: key) }
                guard let index, self.peek(bytes) == UInt8(ascii: "\"") else {
                    try self.pass(bytes)
                    continue
                }
                if values[index] == nil { missing -= 1 }
                values[index] = try self.string(bytes)
                if missing == 0 { return values }
            }
            self.ascend()
        }
        try self.end(bytes)
        return values
    }

    /// Where the closing brace is that a document ends with.
    private static func lastBrace(_ bytes: Span<UInt8>) -> Int? {
        var index = bytes.count - 1
        while index >= 0 {
            switch bytes[index] {
            case 0x20, 0x0A, 0x0D, 0x09: index -= 1
            case UInt8(ascii: "}"): return index
            default: return nil
            }
        }
        return nil
    }

    /// Enters a document that is an object; anything else is passed over, and gives `false`.
    private mutating func enterObject(_ bytes: Span<UInt8>) throws(JSONParseError) -> Bool {
        self.skipSpace(bytes)
        if try self.enter(bytes, UInt8(ascii: "{")) { return true }
        try self.pass(bytes)
        try self.end(bytes)
        return false
    }

    /// Enters the object or array at hand that begins with this bracket; `false` where something else is.
    mutating func enter(_ bytes: Span<UInt8>, _ bracket: UInt8) throws(JSONParseError) -> Bool {
        guard self.peek(bytes) == bracket else { return false }
        try self.descend()
        self.offset += 1
        return true
    }

    /// The next key of an object that was entered; `nil` behind its end.
    mutating func nextKey(_ bytes: Span<UInt8>, _ isFirst: inout Bool) throws(JSONParseError) -> String? {
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
    mutating func pass(_ bytes: Span<UInt8>) throws(JSONParseError) {
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
    mutating func stepToElement(_ bytes: Span<UInt8>, _ isFirst: inout Bool) throws(JSONParseError) -> Bool {
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
            self.offset = bytes.endOfRun(from: self.offset)
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
