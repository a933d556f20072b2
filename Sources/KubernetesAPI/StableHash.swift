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
        for byte in text.utf8 { self.combine(byte) }
    }

    /// The hash of all that was combined.
    public var value: UInt64 {
        var hash = self.hash
        hash = (hash ^ (hash >> 33)) &* 0xff51_afd7_ed55_8ccd
        hash = (hash ^ (hash >> 33)) &* 0xc4ce_b9fe_1a85_ec53
        return hash ^ (hash >> 33)
    }
}
