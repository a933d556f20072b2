extension String {
    /// Whether both have the same bytes.
    ///
    /// Swift's `==` sees no difference between `é` as one scalar and as two, or between the Kelvin sign and `K`. To the
    /// API server they differ, and so they must here: an object with both as keys is not one with a duplicate.
    func isSame(as other: String) -> Bool {
        let (left, right) = (self.utf8.span, other.utf8.span)
        guard left.count == right.count else { return false }
        for index in left.indices where left[index] != right[index] {
            return false
        }
        return true
    }
}

/// A string that is compared by its bytes, for tables.
struct JSONKey: Hashable {
    private let text: String

    init(_ text: String) {
        self.text = text
    }

    static func == (left: JSONKey, right: JSONKey) -> Bool {
        left.text.isSame(as: right.text)
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(self.text)
    }
}
