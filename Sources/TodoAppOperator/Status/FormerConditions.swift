public import JSON
public import KubernetesAPI

/// The conditions of the status that stands there now, by their type.
public struct FormerConditions: Sendable {
    private let byType: [String: Condition]

    /// Reads a status; `nil` has none.
    public init(_ status: JSONValue?) {
        let conditions = (status?["conditions"]?.array ?? []).compactMap(Condition.init(json:))
        self.byType = Dictionary(conditions.map { ($0.type, $0) }) { first, _ in first }
    }

    /// The condition of a type.
    public subscript(type: String) -> Condition? {
        self.byType[type]
    }
}
