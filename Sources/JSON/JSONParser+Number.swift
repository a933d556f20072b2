extension JSONParser {
    /// Reads a number; the byte at hand is its sign or its first digit.
    mutating func number(_ bytes: Span<UInt8>) throws(JSONParseError) -> JSONValue {
        let start = self.offset
        let isNegative = self.peek(bytes) == UInt8(ascii: "-")
        if isNegative {
            self.offset += 1
        }
        let digitsStart = self.offset
        let magnitude = try self.wholePart(bytes)
        let digitCount = self.offset - digitsStart
        var isWhole = true
        if self.peek(bytes) == UInt8(ascii: ".") {
            isWhole = false
            self.offset += 1
            try self.digits(bytes)
        }
        if self.peek(bytes) | 0x20 == UInt8(ascii: "e") {
            isWhole = false
            self.offset += 1
            if self.peek(bytes) == UInt8(ascii: "+") || self.peek(bytes) == UInt8(ascii: "-") {
                self.offset += 1
            }
            try self.digits(bytes)
        }
        // Eighteen digits always fit; minus zero is not a whole number, for an integer would lose its sign.
        if isWhole, digitCount <= 18, !(isNegative && magnitude == 0) {
            return .integer(isNegative ? -magnitude : magnitude)
        }
        let text = self.text(bytes, from: start)
        if isWhole, magnitude != 0, let value = Int64(text) {
            return .integer(value)
        }
        return .number(JSONNumber(text: text))
    }

    /// The digits before a fraction; what comes back is only right for up to eighteen of them.
    private mutating func wholePart(_ bytes: Span<UInt8>) throws(JSONParseError) -> Int64 {
        if self.peek(bytes) == UInt8(ascii: "0") {
            self.offset += 1
            // A digit here would be a leading zero; let the one who comes next trip over it.
            return 0
        }
        var value: Int64 = 0
        let start = self.offset
        while true {
            let digit = self.peek(bytes) &- UInt8(ascii: "0")
            guard digit <= 9 else { break }
            value = value &* 10 &+ Int64(digit)
            self.offset += 1
        }
        guard self.offset > start else { throw self.unexpected(bytes, expected: .digit) }
        return value
    }

    private mutating func digits(_ bytes: Span<UInt8>) throws(JSONParseError) {
        let start = self.offset
        while self.peek(bytes) &- UInt8(ascii: "0") <= 9 {
            self.offset += 1
        }
        guard self.offset > start else { throw self.unexpected(bytes, expected: .digit) }
    }

    private func text(_ bytes: Span<UInt8>, from start: Int) -> String {
        var text: [UInt8] = []
        for index in start..<self.offset {
            text.append(bytes[index])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
