internal import JSON

/// How the API server takes an object apart into fields that can have different owners.
///
/// It knows the lists and maps that an operator's children have. What is not known is taken as most of Kubernetes' schemas
/// have it: a map's members are fields of their own, a list is one.
enum FieldTree {
    /// Where a value lies, as far as its rule depends on it.
    struct Place {
        var member = ""
        var parent = ""

        func beneath(_ member: String) -> Place {
            Place(member: member, parent: self.member)
        }

        /// An element of a list: the list's name stands for it.
        var element: Place { self }
    }

    /// A value and its parts.
    enum Node {
        /// One field, whatever it holds.
        case leaf
        /// A map; each member is a field.
        case map([(element: String, member: String, value: JSONValue)])
        /// A list whose elements are told apart by keys, or are a set.
        case list([(element: String, value: JSONValue)])
    }

    /// Takes a value apart.
    static func node(_ value: JSONValue, at place: Place) -> Node {
        switch value {
        case .object(let members) where !members.isEmpty && !Self.wholeMaps.contains(place.member):
            .map(members.map { ("f:\($0.key)", $0.key, $0.value) })
        case .array(let elements) where !elements.isEmpty:
            Self.list(elements, at: place)
        default:
            .leaf
        }
    }

    /// All fields of a value.
    static func fields(of value: JSONValue, at place: Place = Place()) -> FieldSet {
        var set = FieldSet()
        switch Self.node(value, at: place) {
        case .leaf:
            set.isMember = true
        case .map(let parts):
            for part in parts {
                set[part.element] = Self.fields(of: part.value, at: place.beneath(part.member))
            }
        case .list(let parts):
            for part in parts {
                var element = Self.fields(of: part.value, at: place.element)
                element.isMember = true
                set[part.element] = element
            }
        }
        return set
    }

    // MARK: Lists

    private static func list(_ elements: [JSONValue], at place: Place) -> Node {
        var parts: [(element: String, value: JSONValue)] = []
        switch JSONMergeKeys.rule(member: place.member, parent: place.parent) {
        case .atomic:
            return .leaf
        case .set:
            parts = elements.map { ("v:\($0.text())", $0) }
        case .keyed(let keys):
            for element in elements {
                guard let name = Self.name(of: element, keys: keys) else { return .leaf }
                parts.append((name, element))
            }
        }
        // Two elements of one name cannot be told apart.
        return Set(parts.map(\.element)).count == parts.count ? .list(parts) : .leaf
    }

    private static func name(of element: JSONValue, keys: [String]) -> String? {
        guard case .object(let members) = element else { return nil }
        var name = JSONObject()
        for key in keys.sorted() {
            guard let value = members[key] ?? JSONMergeKeys.defaults[key] else { return nil }
            name[key] = value
        }
        return "k:\(JSONValue.object(name).text())"
    }

    /// Maps that change hands as a whole: `x-kubernetes-map-type: atomic`.
    private static let wholeMaps: Set<String> = [
        "configMapKeyRef", "fieldRef", "labelSelector", "namespaceSelector", "nodeSelector", "podSelector",
        "resourceFieldRef", "secretKeyRef", "selector",
    ]
}
