/// The members of a JSON object, in the order in which they came.
///
/// Kubernetes' objects are small, so members lie in one array and are found by looking through it: this is faster and
/// smaller than a hash table for the sizes that occur, and keeps the order in which a person wrote them.
/// Equality and hashing do not see the order.
public struct JSONObject: Sendable {
    /// A name and its value.
    public struct Member: Sendable {
        /// The member's name.
        public var key: String
        /// The member's value.
        public var value: JSONValue

        /// A name with its value.
        public init(key: String, value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// The members in order; no two have the same key.
    public private(set) var members: [Member]

    /// An object without members.
    public init() {
        self.members = []
    }

    /// Takes over members whose keys the caller knows to differ.
    public init(uniqueMembers: [Member]) {
        self.members = uniqueMembers
    }

    /// The value of a member; setting `nil` removes it, setting a new one appends it.
    public subscript(key: String) -> JSONValue? {
        get {
            for member in self.members where member.key.isSame(as: key) {
                return member.value
            }
            return nil
        }
        set {
            let index = self.members.firstIndex { $0.key.isSame(as: key) }
            switch (index, newValue) {
            case (let index?, let value?): self.members[index].value = value
            case (let index?, nil): self.members.remove(at: index)
            case (nil, let value?): self.members.append(Member(key: key, value: value))
            case (nil, nil): break
            }
        }
    }

    /// The keys in order.
    public var keys: [String] {
        self.members.map(\.key)
    }

    /// How many members there are.
    public var count: Int {
        self.members.count
    }

    /// Whether there are none.
    public var isEmpty: Bool {
        self.members.isEmpty
    }
}

extension JSONObject: Sequence {
    /// Gives the members in order.
    public func makeIterator() -> IndexingIterator<[Member]> {
        self.members.makeIterator()
    }
}

extension JSONObject: Hashable {
    /// Whether both hold the same members, in whatever order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left.members, right.members).allSatisfy { member, other in
            // Mostly the order is the same, and then nothing has to be looked for.
            let value = member.key.isSame(as: other.key) ? other.value : right[member.key]
            return value == member.value
        }
    }

    /// Mixes the members without regard to their order.
    public func hash(into hasher: inout Hasher) {
        var mixed = 0
        for member in self.members {
            var one = Hasher()
            one.combine(member.key)
            one.combine(member.value)
            mixed ^= one.finalize()
        }
        hasher.combine(mixed)
    }
}
