internal import JSON

/// What a scalar means, by the rules of the YAML library that `kubectl` uses (go-yaml version 2, YAML 1.1 with changes).
///
/// `y`, `yes` and `on` are true and `n`, `no` and `off` false; a leading zero makes a number octal; underscores may part
/// digits; timestamps and sexagesimal numbers are strings.
enum YAMLScalar {
    /// The value of a plain scalar without a tag; `nil` for a number that JSON lacks.
    static func plain(_ text: String) -> JSONValue? {
        // Most scalars are names; what means something else is known by its first byte.
        guard let first = text.utf8.first else { return .null }
        guard "yYnNtTfFoO~+-.0123456789".utf8.contains(first) else { return .string(text) }
        if text.utf8.count <= 5, let word = self.words[text] { return word }
        guard !self.notNumbers.contains(text) else { return nil }
        return self.number(text) ?? .string(text)
    }

    /// The value of a scalar with one of the tags `!!str`, `!!int`, …, named without its prefix; `nil` if it is not of
    /// that type.
    static func tagged(_ tag: Tag, _ text: String) -> JSONValue? {
        switch (tag, self.plain(text)) {
        case (.string, _), (.timestamp, _): .string(text)
        case (.null, .null), (.bool, .bool), (.float, .integer), (.float, .number): self.plain(text)
        case (.int, .integer), (.int, .number): self.whole(text)
        default: nil
        }
    }

    /// The types that a tag may name.
    enum Tag: String {
        case string = "str"
        case null = "null"
        case bool = "bool"
        case int = "int"
        case float = "float"
        case timestamp = "timestamp"
    }

    private static let words: [String: JSONValue] = [
        "~": .null, "null": .null, "Null": .null, "NULL": .null,
        "true": true, "True": true, "TRUE": true, "false": false, "False": false, "FALSE": false,
        "y": true, "Y": true, "yes": true, "Yes": true, "YES": true, "on": true, "On": true, "ON": true,
        "n": false, "N": false, "no": false, "No": false, "NO": false, "off": false, "Off": false, "OFF": false,
    ]

    private static let notNumbers: Set<String> = [
        ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF",
    ]

    // MARK: - Numbers

    private static func number(_ text: String) -> JSONValue? {
        switch text.utf8.first ?? 0 {
        case UInt8(ascii: "."):
            return self.float(text)
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            let digits = text.filter { $0 != "_" }
            return self.whole(digits) ?? self.float(digits)
        default:
            return nil
        }
    }

    /// A whole number of up to 64 bits in any of the bases.
    private static func whole(_ text: String) -> JSONValue? {
        var digits = text.filter { $0 != "_" }[...]
        let isNegative = digits.first == "-"
        if isNegative || digits.first == "+" {
            digits = digits.dropFirst()
        }
        var radix = 10
        switch digits.prefix(2).lowercased() {
        case "0x": radix = 16
        case "0o": radix = 8
        case "0b": radix = 2
        default: break
        }
        if radix != 10 {
            digits = digits.dropFirst(2)
        } else if digits.first == "0", digits.count > 1 {
            radix = 8
        }
        // Swift would take a second sign.
        guard digits.first?.isHexDigit == true, let magnitude = UInt64(digits, radix: radix) else { return nil }
        if let small = Int64(exactly: magnitude) {
            return .integer(isNegative ? -small : small)
        }
        guard isNegative else { return .number(JSONNumber(text: "\(magnitude)")) }
        return magnitude == UInt64(Int64.max) + 1 ? .integer(.min) : nil
    }

    /// A decimal number with or without fraction and exponent, that a double can hold.
    private static func float(_ text: String) -> JSONValue? {
        var rest = Substring(text).utf8
        if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") {
            rest = rest.dropFirst()
        }
        let whole = self.dropDigits(&rest)
        var fraction = 0
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            fraction = self.dropDigits(&rest)
        }
        guard whole + fraction > 0 else { return nil }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") {
                rest = rest.dropFirst()
            }
            guard self.dropDigits(&rest) > 0 else { return nil }
        }
        guard rest.isEmpty, let value = Double(text), value.isFinite else { return nil }
        return JSONValue(value)
    }

    private static func dropDigits(_ text: inout Substring.UTF8View) -> Int {
        let digits = text.prefix { $0 &- UInt8(ascii: "0") <= 9 }.count
        text = text.dropFirst(digits)
        return digits
    }
}
