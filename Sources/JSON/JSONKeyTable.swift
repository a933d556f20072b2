/// Where the keys of an object that is being read are, so that one that comes twice is noticed.
///
/// Looking through all members for each new one is quick while they are few. So that a hostile object of a million
/// keys does not take a million times a million steps, a table takes over when they are many.
struct JSONKeyTable {
    private static let fewMembers = 24

    /// One bit for each key, chosen by its length and two of its bytes: where it is not set, the key is new.
    private var seen: UInt64 = 0
    private var indices: [JSONKey: Int] = [:]

    /// The index of the member that has this key already.
    ///
    /// If there is none, the caller appends it and the table remembers it.
    mutating func insert(_ key: String, mark: UInt64, into members: [JSONObject.Member], from base: Int) -> Int? {
        let count = members.count - base
        if self.seen & mark != 0, let index = self.index(of: key, in: members, from: base) {
            return index
        }
        self.seen |= mark
        if count == Self.fewMembers {
            for index in base..<members.count {
                self.indices[JSONKey(members[index].key)] = index
            }
        }
        if count >= Self.fewMembers {
            self.indices[JSONKey(key)] = members.count
        }
        return nil
    }

    private func index(of key: String, in members: [JSONObject.Member], from base: Int) -> Int? {
        if members.count - base > Self.fewMembers {
            return self.indices[JSONKey(key)]
        }
        return members[base...].firstIndex { $0.key.isSame(as: key) }
    }

    /// The bit of a key that lies there in the bytes.
    @inline(__always)
    static func mark(of bytes: Span<UInt8>, from start: Int, to end: Int) -> UInt64 {
        guard start < end else { return 1 }
        let mixed = (UInt64(truncatingIfNeeded: end - start) &* 31 &+ UInt64(bytes[start])) &* 31
        return 1 << ((mixed &+ UInt64(bytes[end - 1])) & 63)
    }
}
