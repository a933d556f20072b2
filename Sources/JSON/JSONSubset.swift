extension JSONValue {
    /// Says whether a live value may stand for a wanted one, for example the quantity `1` for `1000m`.
    ///
    /// It is asked about values that are not equal; a live member that is absent comes as `null`.
    public typealias Equivalence = (_ path: JSONPath, _ live: JSONValue, _ wanted: JSONValue) -> Bool

    /// Whether this live Kubernetes object already has everything that is wanted; see ``firstDifference(from:equivalent:)``.
    public func holds(
        _ wanted: JSONValue,
        equivalent: @escaping Equivalence = { _, live, wanted in live == wanted }
    ) -> Bool {
        self.firstDifference(from: wanted, equivalent: equivalent) == nil
    }

    /// Where this live Kubernetes object first lacks something that is wanted; `nil` if it has everything.
    ///
    /// An object may have more members than wanted. The lists that the API server merges (containers, environment,
    /// ports, …) are compared by their keys and may have more elements; in others, such as arguments, each element
    /// must be there in its place. Numbers are compared by value. A wanted `null` and a wanted empty object or array
    /// are held by a member that is absent, for the API server does not store them. The path is one of the wanted value.
    public func firstDifference(
        from wanted: JSONValue,
        equivalent: @escaping Equivalence = { _, live, wanted in live == wanted }
    ) -> JSONPath? {
        var comparison = JSONSubset(equivalent: equivalent)
        return comparison.holds(live: self, wanted: wanted) ? nil : JSONPath(comparison.steps)
    }
}

/// Walks through a wanted value beside the live one, and stops with the path where they part.
struct JSONSubset {
    private let equivalent: JSONValue.Equivalence
    private(set) var steps: [JSONPath.Step] = []

    init(equivalent: @escaping JSONValue.Equivalence) {
        self.equivalent = equivalent
    }

    mutating func holds(live: JSONValue?, wanted: JSONValue) -> Bool {
        switch (wanted, live ?? .null) {
        case (.null, .null), (.array([]), .null):
            true
        case (.object(let members), .null) where members.isEmpty:
            true
        case (.object(let members), .object(let live)):
            self.holds(live: live, wanted: members)
        case (.array(let elements), .array(let live)):
            self.holds(live: live, wanted: elements)
        case (let wanted, let live):
            Self.areEqual(live, wanted) || self.equivalent(JSONPath(self.steps), live, wanted)
        }
    }

    private mutating func holds(live: JSONObject, wanted: JSONObject) -> Bool {
        for member in wanted {
            guard self.holds(live: live[member.key], wanted: member.value, step: .member(member.key)) else {
                return false
            }
        }
        return true
    }

    private mutating func holds(live: [JSONValue], wanted: [JSONValue]) -> Bool {
        switch Self.rule(at: self.steps, live: live, wanted: wanted) {
        case .set:
            for (index, element) in wanted.enumerated() where !live.contains(element) {
                self.steps.append(.index(index))
                return false
            }
            return true
        case .keyed(let keys):
            for (index, element) in wanted.enumerated() {
                let identity = Self.identity(of: element, keys: keys)
                let match = live.first { Self.identity(of: $0, keys: keys) == identity }
                guard let match else {
                    self.steps.append(.index(index))
                    return false
                }
                guard self.holds(live: match, wanted: element, step: .index(index)) else { return false }
            }
            return true
        case .atomic:
            guard live.count == wanted.count else { return false }
            for (index, element) in wanted.enumerated() {
                guard self.holds(live: live[index], wanted: element, step: .index(index)) else { return false }
            }
            return true
        }
    }

    /// The steps stay where they are when the answer is no: they are the path to the difference.
    private mutating func holds(live: JSONValue?, wanted: JSONValue, step: JSONPath.Step) -> Bool {
        self.steps.append(step)
        guard self.holds(live: live, wanted: wanted) else { return false }
        self.steps.removeLast()
        return true
    }

    // MARK: - Lists

    /// The rule for the list at hand; a keyed one only if each element really has its keys.
    static func rule(at steps: [JSONPath.Step], live: [JSONValue], wanted: [JSONValue]) -> JSONMergeKeys.Rule {
        guard case .member(let member) = steps.last else { return .atomic }
        let rule = JSONMergeKeys.rule(member: member, parent: Self.parent(of: steps))
        guard case .keyed(let keys) = rule else { return rule }
        let haveKeys = (live + wanted).allSatisfy { Self.identity(of: $0, keys: keys) != nil }
        return haveKeys ? rule : .atomic
    }

    /// The nearest member above the one at hand; indices in between do not count.
    private static func parent(of steps: [JSONPath.Step]) -> String {
        for step in steps.dropLast().reversed() {
            if case .member(let key) = step { return key }
        }
        return ""
    }

    static func identity(of element: JSONValue, keys: [String]) -> [JSONValue]? {
        guard case .object(let object) = element else { return nil }
        var identity: [JSONValue] = []
        for key in keys {
            guard let value = object[key] ?? JSONMergeKeys.defaults[key] else { return nil }
            identity.append(value)
        }
        return identity
    }

    // MARK: - Simple values

    static func areEqual(_ live: JSONValue, _ wanted: JSONValue) -> Bool {
        switch (live, wanted) {
        case (.integer, .number), (.number, .integer), (.number, .number): live.double == wanted.double
        default: live == wanted
        }
    }
}
