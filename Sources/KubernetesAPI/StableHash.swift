public import JSON

/// A hash that is the same in every process and on every machine, which Swift's own is not.
///
/// FNV-1a over the bytes, with MurmurHash3's last step behind it, without which texts that differ in their last letter lie side by side.
/// It is no protection against anybody who wants two texts to have one hash.
public struct StableHash: Sendable {
    private var hash: UInt64 = 0xcbf2_9ce4_8422_2325

    /// Of nothing yet.
    public init() {}

    /// Goes on with a byte.
    public mutating func combine(_ byte: UInt8) {
        self.hash = (self.hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }

    /// Goes on with a text's bytes.
    public mutating func combine(_ text: String) {
        let bytes = text.utf8.span
        for index in bytes.indices { self.combine(bytes[index]) }
    }

    /// Goes on with a value; members count in their order.
    public mutating func combine(_ value: JSONValue) {
        switch value {
        case .null: self.combine("null")
        case .bool(let value): self.combine(value ? "true" : "false")
        case .integer(let value): self.combine("\(value)")
        case .number(let value): self.combine(value.text)
        case .string(let value):
            self.combine(UInt8(ascii: "\""))
            self.combine(value)
        case .array(let elements):
            self.combine(UInt8(ascii: "["))
            for element in elements { self.combine(element) }
        case .object(let members):
            self.combine(UInt8(ascii: "{"))
            for member in members {
                self.combine(member.key)
                self.combine(Self.end)
                self.combine(member.value)
            }
        }
        self.combine(Self.end)
    }

    /// What occurs in no text, so that none runs into the next one.
    public static let end: UInt8 = 0xFF

    /// The hash of all that was combined.
    public var value: UInt64 {
        var hash = self.hash
        hash = (hash ^ (hash >> 33)) &* 0xff51_afd7_ed55_8ccd
        hash = (hash ^ (hash >> 33)) &* 0xc4ce_b9fe_1a85_ec53
        return hash ^ (hash >> 33)
    }
}
