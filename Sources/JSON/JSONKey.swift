extension String {
    /// Whether both have the same bytes.
    ///
    /// Swift's `==` sees no difference between `é` as one scalar and as two, or between the Kelvin sign and `K`. To the
    /// API server they differ, and so they must here: an object with both as keys is not one with a duplicate.
    func isSame(as other: String) -> Bool {
        self == other && (self.utf8.count == other.utf8.count && self.utf8.elementsEqual(other.utf8))
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
