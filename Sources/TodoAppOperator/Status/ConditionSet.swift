public import JSON
public import KubernetesAPI

/// The conditions of one status, in a fixed order, with transition times that move only when a status does.
public struct ConditionSet: Sendable {
    private let former: FormerConditions
    private let generation: Int64
    private let now: String
    private var conditions: [Condition] = []

    /// A set that is empty.
    ///
    /// - Parameters:
    ///   - former: The status that stands there now; `nil` before the first one.
    ///   - generation: The generation of the spec that is judged.
    ///   - now: As RFC 3339.
    public init(former: JSONValue?, generation: Int64, now: String) {
        self.former = FormerConditions(former)
        self.generation = generation
        self.now = now
    }

    /// Adds a condition.
    public mutating func add(_ type: String, _ status: Condition.Truth, _ reason: String, _ message: String) {
        let former = self.former[type]
        self.conditions.append(
            Condition(
                type: type,
                status: status,
                reason: reason,
                message: message,
                observedGeneration: self.generation,
                lastTransitionTime: former.flatMap { $0.status == status ? $0.lastTransitionTime : nil } ?? self.now
            )
        )
    }

    /// The condition of a type.
    public subscript(type: String) -> Condition? {
        self.conditions.first { $0.type == type }
    }

    /// The conditions as they stand in the status.
    public var json: JSONValue {
        .array(self.conditions.map(\.json))
    }
}
