public import JSON

extension YAML {
    /// A document in block style as `kubectl` prints it, with a line feed at the end.
    ///
    /// What comes out reads back as the same value, here and in `kubectl`.
    public static func text(of value: JSONValue) -> String {
        var writer = YAMLWriter()
        writer.writeDocument(value)
        return writer.text
    }

    /// Several documents, parted by `---` lines.
    public static func text(ofDocuments documents: [JSONValue]) -> String {
        documents.map { self.text(of: $0) }.joined(separator: "---\n")
    }
}

/// Writes a value line by line.
struct YAMLWriter {
    /// Longer keys are written with a question mark: YAML looks no further than 1024 bytes for a key's colon.
    private static let maximumSimpleKey = 500

    private(set) var text = ""

    mutating func writeDocument(_ value: JSONValue) {
        switch value {
        case .object(let object) where !object.isEmpty:
            self.write(object, indent: 0, startsOnLine: false)
        case .array(let elements) where !elements.isEmpty:
            self.write(elements, indent: 0, startsOnLine: false)
        default:
            self.writeSimple(value, indent: 2)
        }
    }

    // MARK: - Objects and arrays

    /// The members, each on a line; the first one may go on where a `- ` or `? ` has begun the line.
    private mutating func write(_ object: JSONObject, indent: Int, startsOnLine: Bool) {
        for (index, member) in object.enumerated() {
            if index > 0 || !startsOnLine {
                self.writeIndent(indent)
            }
            let key = YAMLText.inline(member.key)
            if key.utf8.count > Self.maximumSimpleKey {
                self.text += "? \(key)\n"
                self.writeIndent(indent)
            } else {
                self.text += key
            }
            self.text += ":"
            self.writeMemberValue(member.value, indent: indent)
        }
    }

    private mutating func writeMemberValue(_ value: JSONValue, indent: Int) {
        switch value {
        case .object(let object) where !object.isEmpty:
            self.text += "\n"
            self.write(object, indent: indent + 2, startsOnLine: false)
        case .array(let elements) where !elements.isEmpty:
            self.text += "\n"
            // The dashes stand below the key and not indented, as in everything that Kubernetes prints.
            self.write(elements, indent: indent, startsOnLine: false)
        default:
            self.text += " "
            self.writeSimple(value, indent: indent + 2)
        }
    }

    private mutating func write(_ elements: [JSONValue], indent: Int, startsOnLine: Bool) {
        for (index, element) in elements.enumerated() {
            if index > 0 || !startsOnLine {
                self.writeIndent(indent)
            }
            self.text += "- "
            switch element {
            case .object(let object) where !object.isEmpty:
                self.write(object, indent: indent + 2, startsOnLine: true)
            case .array(let elements) where !elements.isEmpty:
                self.write(elements, indent: indent + 2, startsOnLine: true)
            default:
                self.writeSimple(element, indent: indent + 2)
            }
        }
    }

    private mutating func writeIndent(_ indent: Int) {
        self.text += String(repeating: " ", count: indent)
    }

    // MARK: - Simple values

    /// A value that needs no lines of its own, but for the lines of a literal block at this indentation.
    private mutating func writeSimple(_ value: JSONValue, indent: Int) {
        guard case .string(let string) = value, YAMLText.fitsLiteralBlock(string) else {
            self.text += "\(self.inline(value))\n"
            return
        }
        self.text += "|\(YAMLText.chomping(of: string))\n"
        var lines = string.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)[...]
        if string.unicodeScalars.last == "\n" {
            lines = lines.dropLast()
        }
        for line in lines {
            if !line.isEmpty {
                self.writeIndent(indent)
                self.text += String(line)
            }
            self.text += "\n"
        }
    }

    private func inline(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): YAMLText.inline(text)
        case .array: "[]"
        case .object: "{}"
        case .null, .bool, .integer, .number: value.text()
        }
    }
}
