/// The long keys that a document has had so far, so that each is made once and shared by all objects that have it.
///
/// The keys of Kubernetes' objects are few and come thousands of times in a list. Those of up to 15 bytes live within
/// Swift's string; a longer one is a piece of memory of its own. The cache has a fixed size: where two keys fall on
/// the same slot the later one takes it, so that a hostile document gains nothing.
struct JSONKeyCache {
    /// Made and taken away with each document: most have some dozens of long keys.
    private static let slotCount = 64
    static let lengths = 16...64

    private var slots: [String] = []

    /// The key that these bytes are, if it has come before.
    mutating func key(_ bytes: Span<UInt8>, slot: Int) -> String? {
        guard !self.slots.isEmpty else { return nil }
        let candidate = self.slots[slot]
        guard candidate.utf8.count == bytes.count else { return nil }
        let known = candidate.utf8.span
        for index in 0..<bytes.count where known[index] != bytes[index] {
            return nil
        }
        return candidate
    }

    mutating func remember(_ key: String, slot: Int) {
        if self.slots.isEmpty {
            self.slots = Array(repeating: "", count: Self.slotCount)
        }
        self.slots[slot] = key
    }

    /// A slot chosen by the length and a few bytes; the bytes are ``lengths`` many.
    static func slot(of bytes: Span<UInt8>) -> Int {
        let count = bytes.count
        var hash = UInt(truncatingIfNeeded: count)
        hash = hash &* 31 &+ UInt(bytes[2])
        hash = hash &* 31 &+ UInt(bytes[count / 2])
        hash = hash &* 31 &+ UInt(bytes[count - 4])
        hash = hash &* 31 &+ UInt(bytes[count - 1])
        return Int(truncatingIfNeeded: (hash ^ (hash >> 8)) & UInt(Self.slotCount - 1))
    }
}
