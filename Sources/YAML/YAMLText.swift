internal import JSON

/// How a string is written so that it reads back as itself.
enum YAMLText {
    /// The string on one line: plain if it may be, else in double quotes.
    static func inline(_ text: String) -> String {
        self.isSafePlain(text) ? text : self.quoted(text)
    }

    // MARK: - Plain

    /// Whether the string means itself without quotes, to this module's reader and to those of YAML 1.1 and 1.2.
    private static func isSafePlain(_ text: String) -> Bool {
        guard YAMLScalar.plain(text) == .string(text), !self.looksLikeOther(text) else { return false }
        let scalars = text.unicodeScalars
        guard let first = scalars.first, let last = scalars.last else { return false }
        guard !"-?:,[]{}#&*!|>'\"%@`<=~".unicodeScalars.contains(first) else { return false }
        guard first != " ", last != " ", last != ":" else { return false }
        var previous: Unicode.Scalar = " "
        for scalar in scalars {
            // Letters of any script are fine where they are printable.
            guard self.isPrintable(scalar), scalar != "\n", scalar != "\t" else { return false }
            guard !(previous == ":" && scalar == " "), !(previous == " " && scalar == "#") else { return false }
            // Where a document is pasted into a flow collection these would end the string.
            guard !",[]{}".unicodeScalars.contains(scalar) else { return false }
            previous = scalar
        }
        return true
    }

    /// Dates, sexagesimal and too large numbers and the end of a document, which other readers do not take for strings.
    private static func looksLikeOther(_ text: String) -> Bool {
        guard let first = text.utf8.first else { return true }
        if text == "..." { return true }
        let startsAsNumber = first &- UInt8(ascii: "0") <= 9 || "+-.".utf8.contains(first)
        guard startsAsNumber else { return false }
        let isDate =
            text.utf8.count > 4 && text.utf8.prefix { $0 &- UInt8(ascii: "0") <= 9 }.count == 4
            && text.utf8.dropFirst(4).first == UInt8(ascii: "-")
        let isNumber =
            text.utf8.contains { ":eE".utf8.contains($0) }
            && text.utf8.allSatisfy { $0 &- UInt8(ascii: "0") <= 9 || "+-.:_eE".utf8.contains($0) }
        return isDate || isNumber
    }

    /// What libyaml takes as it is, without what it takes for a line's end or drops at the start.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD,
            0x10000...0x10FFFF:
            true
        default:
            false
        }
    }

    // MARK: - Quoted

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _ where self.isPrintable(scalar): quoted.unicodeScalars.append(scalar)
            default: quoted += self.escape(scalar)
            }
        }
        return quoted + "\""
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let (letter, width) = scalar.value <= 0xFF ? ("x", 2) : ("u", 4)
        return "\\\(letter)\(String(repeating: "0", count: width - digits.utf8.count))\(digits)"
    }

    // MARK: - Literal blocks

    /// Whether a string of several lines may stand as it is below a `|`.
    ///
    /// A block's indentation is that of its first line, so that one must not be blank or start with a space.
    static func fitsLiteralBlock(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        guard scalars.contains("\n"), let first = scalars.first else { return false }
        return first != " " && first != "\n" && first != "\t" && scalars.allSatisfy(self.isPrintable)
    }

    /// What follows the `|`: how many line feeds at the end belong to the string.
    static func chomping(of text: String) -> String {
        let scalars = text.unicodeScalars
        guard scalars.last == "\n" else { return "-" }
        return scalars.dropLast().last == "\n" ? "+" : ""
    }
}
