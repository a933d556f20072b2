/// A place where a live object is not what is wanted.
public struct JSONDifference: Sendable, Equatable {
    /// The place, in the wanted value.
    public let path: JSONPath
    /// What is there; `nil` if there is nothing.
    public let live: JSONValue?
    /// What is wanted.
    public let wanted: JSONValue

    /// A difference by its parts.
    public init(path: JSONPath, live: JSONValue?, wanted: JSONValue) {
        self.path = path
        self.live = live
        self.wanted = wanted
    }
}

extension JSONValue {
    /// All places where this live Kubernetes object lacks something that is wanted, from top to bottom.
    ///
    /// It judges as ``holds(_:equivalent:)`` does: there are none if, and only if, that says yes.
    public func differences(
        from wanted: JSONValue,
        equivalent: @escaping Equivalence = { _, live, wanted in live == wanted }
    ) -> [JSONDifference] {
        var search = DifferenceSearch(equivalent: equivalent)
        search.compare(self, wanted, at: JSONPath())
        return search.differences
    }
}

private struct DifferenceSearch {
    let equivalent: JSONValue.Equivalence
    private(set) var differences: [JSONDifference] = []

    init(equivalent: @escaping JSONValue.Equivalence) {
        self.equivalent = equivalent
    }

    mutating func compare(_ live: JSONValue?, _ wanted: JSONValue, at path: JSONPath) {
        switch (wanted, live ?? .null) {
        case (.object(let members), .object(let live)):
            for member in members {
                self.compare(live[member.key], member.value, at: path.appending(member.key))
            }
        case (.array(let elements), .array(let live)):
            self.compare(live, elements, at: path)
        case (let wanted, let value):
            guard !value.holds(wanted), !self.equivalent(path, value, wanted) else { return }
            self.differences.append(JSONDifference(path: path, live: live, wanted: wanted))
        }
    }

    private mutating func compare(_ live: [JSONValue], _ wanted: [JSONValue], at path: JSONPath) {
        switch JSONSubset.rule(at: path.steps, live: live, wanted: wanted) {
        case .set:
            for (index, element) in wanted.enumerated() where !live.contains(element) {
                self.differences.append(JSONDifference(path: path.appending(index), live: nil, wanted: element))
            }
        case .keyed(let keys):
            for (index, element) in wanted.enumerated() {
                let identity = JSONSubset.identity(of: element, keys: keys)
                let match = live.first { JSONSubset.identity(of: $0, keys: keys) == identity }
                self.compare(match, element, at: path.appending(index))
            }
        case .atomic where live.count == wanted.count:
            for (index, element) in wanted.enumerated() {
                self.compare(live[index], element, at: path.appending(index))
            }
        case .atomic:
            self.differences.append(JSONDifference(path: path, live: .array(live), wanted: .array(wanted)))
        }
    }
}
