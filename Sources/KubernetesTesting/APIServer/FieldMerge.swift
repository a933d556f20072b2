internal import JSON

// A `nil` between question mark and colon would be the JSON value `null` here: what is gone is written `.none`.

extension FieldTree {
    /// The live value with everything that is applied; what the live one has beside it stays.
    static func merging(_ applied: JSONValue, into live: JSONValue?, at place: Place = Place()) -> JSONValue {
        guard let live else { return applied }
        switch (Self.node(live, at: place), Self.node(applied, at: place)) {
        case (.map, .map(let parts)):
            var result = live
            for part in parts {
                result[part.member] = Self.merging(
                    part.value,
                    into: live[part.member],
                    at: place.beneath(part.member)
                )
            }
            return result
        case (.list(let old), .list(let new)):
            let wanted = Dictionary(new.map { ($0.element, $0.value) }, uniquingKeysWith: { $1 })
            let known = Set(old.map(\.element))
            let merged = old.map { part in
                wanted[part.element].map { Self.merging($0, into: part.value, at: place.element) } ?? part.value
            }
            return .array(merged + new.filter { !known.contains($0.element) }.map(\.value))
        default:
            return applied
        }
    }

    /// The value without some of its fields; `nil` where nothing stays.
    ///
    /// An element of a list goes as a whole if it is itself among them, defaults that nobody owns included.
    static func removing(_ fields: FieldSet, from value: JSONValue, at place: Place = Place()) -> JSONValue? {
        guard !fields.isEmpty else { return value }
        switch Self.node(value, at: place) {
        case .leaf:
            return fields.isMember ? .none : value
        case .map(let parts):
            var result = JSONObject()
            for part in parts {
                let branch = fields[part.element]
                result[part.member] = Self.removing(branch, from: part.value, at: place.beneath(part.member))
            }
            return result.isEmpty ? .none : .object(result)
        case .list(let parts):
            let left = parts.compactMap { part -> JSONValue? in
                let branch = fields[part.element]
                return branch.isMember ? .none : Self.removing(branch, from: part.value, at: place.element)
            }
            return left.isEmpty ? .none : .array(left)
        }
    }
}
