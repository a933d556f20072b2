extension JSONParser {
    /// Reads a string; the byte at hand is its opening quote.
    mutating func string(_ bytes: Span<UInt8>) throws(JSONParseError) -> String {
        let start = self.offset + 1
        let end = bytes.endOfRun(from: start)
        guard end < bytes.count, bytes[end] == UInt8(ascii: "\"") else {
            return try self.stringWithEscapes(bytes, start: start, firstRunEnd: end)
        }
        self.offset = end + 1
        self.hadEscape = false
        return try self.text(bytes.extracting(start..<end), at: start)
    }

    /// Reads an object's key; the byte at hand is its opening quote.
    mutating func key(_ bytes: Span<UInt8>) throws(JSONParseError) -> String {
        let start = self.offset + 1
        let end = bytes.endOfRun(from: start)
        guard JSONKeyCache.lengths.contains(end - start), end < bytes.count, bytes[end] == UInt8(ascii: "\"") else {
            return try self.string(bytes)
        }
        let run = bytes.extracting(start..<end)
        let slot = JSONKeyCache.slot(of: run)
        self.offset = end + 1
        self.hadEscape = false
        if let known = self.keyCache.key(run, slot: slot) {
            return known
        }
        let key = try self.text(run, at: start)
        self.keyCache.remember(key, slot: slot)
        return key
    }

    /// Passes over an object or an array, looking only at where it ends; `false` where something else is at hand.
    mutating func skip(_ bytes: Span<UInt8>) throws(JSONParseError) -> Bool {
        self.skipSpace(bytes)
        guard self.peek(bytes) == UInt8(ascii: "{") || self.peek(bytes) == UInt8(ascii: "[") else { return false }
        var depth = 0
        var offset = self.offset
        defer { self.offset = offset }
        repeat {
            guard offset < bytes.count else {
                self.offset = offset
                throw self.unexpected(bytes, expected: .value)
            }
            switch bytes[offset] {
            case UInt8(ascii: "\""):
                // What an escape stands for does not matter, but it may be a quote.
                offset = bytes.quoteOrBackslash(from: offset + 1)
                while offset < bytes.count, bytes[offset] == UInt8(ascii: "\\") {
                    offset = bytes.quoteOrBackslash(from: offset + 2)
                }
                guard offset < bytes.count else {
                    self.offset = bytes.count
                    throw self.unexpected(bytes, expected: .stringEnd)
                }
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
            offset += 1
        } while depth > 0
        return true
    }

    private mutating func stringWithEscapes(
        _ bytes: Span<UInt8>,
        start: Int,
        firstRunEnd: Int
    ) throws(JSONParseError) -> String {
        self.hadEscape = true
        var decoded: [UInt8] = []
        var runStart = start
        var runEnd = firstRunEnd
        while true {
            // Each run is checked by itself, so that an error's offset is the one in the document. A character cannot
            // lie across an escape.
            decoded.append(contentsOf: try self.text(bytes.extracting(runStart..<runEnd), at: runStart).utf8)
            self.offset = runEnd
            guard runEnd < bytes.count else { throw self.unexpected(bytes, expected: .stringEnd) }
            switch bytes[runEnd] {
            case UInt8(ascii: "\""):
                self.offset += 1
                return String(decoding: decoded, as: UTF8.self)
            case UInt8(ascii: "\\"):
                decoded.append(contentsOf: UTF8.encode(try self.escape(bytes)) ?? UTF8.encodedReplacementCharacter)
            case let byte:
                throw .controlCharacter(byte, offset: runEnd)
            }
            runStart = self.offset
            runEnd = bytes.endOfRun(from: runStart)
        }
    }

    /// Reads one escape, or two that make up a surrogate pair; the byte at hand is the backslash.
    mutating func escape(_ bytes: Span<UInt8>) throws(JSONParseError) -> Unicode.Scalar {
        let start = self.offset
        self.offset += 1
        let kind = self.peek(bytes)
        guard kind == UInt8(ascii: "u") else {
            guard let scalar = Self.shortEscape(kind) else { throw self.unexpected(bytes, expected: .escape) }
            self.offset += 1
            return scalar
        }
        self.offset += 1
        let first = try self.fourHexDigits(bytes)
        if let scalar = Unicode.Scalar(first) {
            return scalar
        }
        guard first < 0xDC00, self.peek(bytes) == UInt8(ascii: "\\") else { throw .loneSurrogate(offset: start) }
        self.offset += 1
        guard self.peek(bytes) == UInt8(ascii: "u") else { throw .loneSurrogate(offset: start) }
        self.offset += 1
        let second = try self.fourHexDigits(bytes)
        let pair = 0x10000 + (first - 0xD800) * 0x400
        guard (0xDC00...0xDFFF).contains(second), let scalar = Unicode.Scalar(pair + (second - 0xDC00)) else {
            throw .loneSurrogate(offset: start)
        }
        return scalar
    }

    private mutating func fourHexDigits(_ bytes: Span<UInt8>) throws(JSONParseError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            let digit: UInt8
            switch self.peek(bytes) {
            case let byte where (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte): digit = byte - 0x30
            case let byte where (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte): digit = byte - 0x57
            case let byte where (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(byte): digit = byte - 0x37
            default: throw self.unexpected(bytes, expected: .escape)
            }
            value = value << 4 | UInt32(digit)
            self.offset += 1
        }
        return value
    }

    private static func shortEscape(_ byte: UInt8) -> Unicode.Scalar? {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): Unicode.Scalar(byte)
        case UInt8(ascii: "b"): "\u{8}"
        case UInt8(ascii: "f"): "\u{C}"
        case UInt8(ascii: "n"): "\n"
        case UInt8(ascii: "r"): "\r"
        case UInt8(ascii: "t"): "\t"
        default: nil
        }
    }

    private func text(_ run: Span<UInt8>, at offset: Int) throws(JSONParseError) -> String {
        if self.isKnownASCII {
            return String(copying: unsafe UTF8Span(unchecked: run, isKnownASCII: true))
        }
        let valid: UTF8Span
        do {
            valid = try UTF8Span(validating: run)
        } catch {
            throw .invalidUTF8(offset: offset + error.byteOffsets.lowerBound)
        }
        return String(copying: valid)
    }
}
