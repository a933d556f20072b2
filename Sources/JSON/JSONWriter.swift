/// How a document is laid out.
public struct JSONStyle: Sendable, Hashable {
    /// Whether each member and element has a line of its own, indented by two spaces a level.
    public var pretty: Bool
    /// Whether an object's members come in the order of their keys' bytes instead of their own.
    public var sortedKeys: Bool

    /// A style of one's own.
    public init(pretty: Bool, sortedKeys: Bool) {
        self.pretty = pretty
        self.sortedKeys = sortedKeys
    }

    /// No white space, members in their own order.
    public static let compact = JSONStyle(pretty: false, sortedKeys: false)
    /// For people: indented, members in their own order.
    public static let pretty = JSONStyle(pretty: true, sortedKeys: false)
    /// For hashes and comparisons: no white space, members sorted by their keys.
    public static let canonical = JSONStyle(pretty: false, sortedKeys: true)
}

extension JSONValue {
    /// The document as UTF-8, without a line feed at the end.
    public func bytes(_ style: JSONStyle = .compact) -> [UInt8] {
        var writer = JSONWriter(style: style)
        writer.write(self)
        return writer.bytes
    }

    /// The document as a string, without a line feed at the end.
    public func text(_ style: JSONStyle = .compact) -> String {
        String(decoding: self.bytes(style), as: UTF8.self)
    }
}

/// Appends a value's bytes to those that are there.
struct JSONWriter {
    private let style: JSONStyle
    private var level = 0
    private(set) var bytes: [UInt8] = []

    init(style: JSONStyle) {
        self.style = style
        // As most objects have: growing to it from nothing would copy each byte several times.
        self.bytes.reserveCapacity(1024)
    }

    mutating func write(_ value: JSONValue) {
        switch value {
        case .null: self.bytes.append(contentsOf: "null".utf8)
        case .bool(true): self.bytes.append(contentsOf: "true".utf8)
        case .bool(false): self.bytes.append(contentsOf: "false".utf8)
        case .integer(let value): self.write(value)
        case .number(let value): self.bytes.append(contentsOf: value.text.utf8)
        case .string(let value): self.write(value)
        case .array(let elements): self.write(elements)
        case .object(let object): self.write(object)
        }
    }

    private mutating func write(_ value: Int64) {
        // Most numbers in Kubernetes' objects are small counts; a string for each would be waste.
        guard (0...9).contains(value) else {
            self.bytes.append(contentsOf: String(value).utf8)
            return
        }
        self.bytes.append(UInt8(ascii: "0") + UInt8(value))
    }

    private mutating func write(_ elements: [JSONValue]) {
        self.bytes.append(UInt8(ascii: "["))
        self.level += 1
        for (index, element) in elements.enumerated() {
            self.startItem(isFirst: index == 0)
            self.write(element)
        }
        self.level -= 1
        self.endItems(areNone: elements.isEmpty)
        self.bytes.append(UInt8(ascii: "]"))
    }

    private mutating func write(_ object: JSONObject) {
        var members = object.members
        if self.style.sortedKeys {
            members.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        }
        self.bytes.append(UInt8(ascii: "{"))
        self.level += 1
        for (index, member) in members.enumerated() {
            self.startItem(isFirst: index == 0)
            self.write(member.key)
            self.bytes.append(UInt8(ascii: ":"))
            if self.style.pretty {
                self.bytes.append(UInt8(ascii: " "))
            }
            self.write(member.value)
        }
        self.level -= 1
        self.endItems(areNone: members.isEmpty)
        self.bytes.append(UInt8(ascii: "}"))
    }

    private mutating func startItem(isFirst: Bool) {
        if !isFirst {
            self.bytes.append(UInt8(ascii: ","))
        }
        self.breakLine()
    }

    private mutating func endItems(areNone: Bool) {
        if !areNone {
            self.breakLine()
        }
    }

    private mutating func breakLine() {
        guard self.style.pretty else { return }
        self.bytes.append(UInt8(ascii: "\n"))
        self.bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * self.level))
    }

    private mutating func write(_ text: String) {
        self.bytes.append(UInt8(ascii: "\""))
        let span = text.utf8.span
        if span.endOfRun(from: 0) == span.count {
            self.bytes.append(contentsOf: text.utf8)
        } else {
            for byte in text.utf8 {
                self.writeEscaped(byte)
            }
        }
        self.bytes.append(UInt8(ascii: "\""))
    }

    private static func mustEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func writeEscaped(_ byte: UInt8) {
        guard Self.mustEscape(byte) else {
            self.bytes.append(byte)
            return
        }
        self.bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: self.bytes.append(UInt8(ascii: "b"))
        case 0x09: self.bytes.append(UInt8(ascii: "t"))
        case 0x0A: self.bytes.append(UInt8(ascii: "n"))
        case 0x0C: self.bytes.append(UInt8(ascii: "f"))
        case 0x0D: self.bytes.append(UInt8(ascii: "r"))
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): self.bytes.append(byte)
        default:
            let digits = Array("0123456789abcdef".utf8)
            self.bytes.append(contentsOf: "u00".utf8)
            self.bytes.append(digits[Int(byte >> 4)])
            self.bytes.append(digits[Int(byte & 15)])
        }
    }
}
