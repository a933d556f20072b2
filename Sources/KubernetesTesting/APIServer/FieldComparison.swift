internal import JSON

/// What a write does to an object, field by field.
struct FieldComparison: Equatable {
    /// Fields that were not there.
    private(set) var added = FieldSet()
    /// Fields that hold something else.
    private(set) var modified = FieldSet()
    /// Fields that are gone.
    private(set) var removed = FieldSet()

    /// What whoever wrote answers for.
    var written: FieldSet { self.added.union(self.modified) }

    /// Compares two states; `nil` for no object.
    init(from old: JSONValue?, to new: JSONValue?, at place: FieldTree.Place = FieldTree.Place()) {
        switch (old, new) {
        case (nil, nil):
            break
        case (nil, let new?):
            self.added = FieldTree.fields(of: new, at: place)
        case (let old?, nil):
            self.removed = FieldTree.fields(of: old, at: place)
        case (let old?, let new?) where old != new:
            self.compare(old, new, at: place)
        case (.some, .some):
            break
        }
    }

    private mutating func compare(_ old: JSONValue, _ new: JSONValue, at place: FieldTree.Place) {
        switch (FieldTree.node(old, at: place), FieldTree.node(new, at: place)) {
        case (.map(let old), .map(let new)):
            let before = Dictionary(old.map { ($0.element, $0.value) }, uniquingKeysWith: { $1 })
            for part in new {
                self.take(
                    FieldComparison(from: before[part.element], to: part.value, at: place.beneath(part.member)),
                    under: part.element
                )
            }
            let kept = Set(new.map(\.element))
            for part in old where !kept.contains(part.element) {
                self.removed[part.element] = FieldTree.fields(of: part.value, at: place.beneath(part.member))
            }
        case (.list(let old), .list(let new)):
            let before = Dictionary(old.map { ($0.element, $0.value) }, uniquingKeysWith: { $1 })
            for part in new {
                var comparison = FieldComparison(from: before[part.element], to: part.value, at: place.element)
                if before[part.element] == nil { comparison.added.isMember = true }
                self.take(comparison, under: part.element)
            }
            let kept = Set(new.map(\.element))
            for part in old where !kept.contains(part.element) {
                var gone = FieldTree.fields(of: part.value, at: place.element)
                gone.isMember = true
                self.removed[part.element] = gone
            }
        case (.leaf, .leaf):
            self.modified.isMember = true
        default:
            // A leaf that was taken apart, or the other way round: an empty map that is filled, say.
            let (old, new) = (FieldTree.fields(of: old, at: place), FieldTree.fields(of: new, at: place))
            self.removed = old.subtracting(new)
            self.added = new.subtracting(old)
            self.modified = new.intersection(old)
        }
    }

    private mutating func take(_ part: FieldComparison, under element: String) {
        self.added[element] = part.added
        self.modified[element] = part.modified
        self.removed[element] = part.removed
    }
}
