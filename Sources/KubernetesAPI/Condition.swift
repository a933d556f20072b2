public import JSON

/// A condition in the shape that all Kubernetes types share.
public struct Condition: Sendable, Equatable {
    /// What the condition is about, for example `Ready`.
    public var type: String
    /// Whether it holds.
    public var status: Truth
    /// One CamelCase word; never empty.
    public var reason: String
    /// A sentence for people.
    public var message: String
    /// The generation of the spec that was judged.
    public var observedGeneration: Int64
    /// When ``status`` last changed, as RFC 3339.
    public var lastTransitionTime: String

    /// The three answers that Kubernetes allows.
    public enum Truth: String, Sendable, Equatable {
        /// It holds.
        case `true` = "True"
        /// It does not hold.
        case `false` = "False"
        /// Nobody can tell yet.
        case unknown = "Unknown"
    }

    /// A condition by its parts.
    public init(
        type: String,
        status: Truth,
        reason: String,
        message: String,
        observedGeneration: Int64,
        lastTransitionTime: String
    ) {
        self.type = type
        self.status = status
        self.reason = reason
        self.message = message
        self.observedGeneration = observedGeneration
        self.lastTransitionTime = lastTransitionTime
    }

    /// Reads a condition; `nil` where it has no type.
    public init?(json: JSONValue) {
        guard let type = json["type"]?.string else { return nil }
        self.init(
            type: type,
            status: json["status"]?.string.flatMap(Truth.init(rawValue:)) ?? .unknown,
            reason: json["reason"]?.string ?? "",
            message: json["message"]?.string ?? "",
            observedGeneration: json["observedGeneration"]?.integer ?? 0,
            lastTransitionTime: json["lastTransitionTime"]?.string ?? ""
        )
    }

    /// The condition as it stands in a status.
    public var json: JSONValue {
        [
            "type": .string(self.type),
            "status": .string(self.status.rawValue),
            "observedGeneration": .integer(self.observedGeneration),
            "lastTransitionTime": .string(self.lastTransitionTime),
            "reason": .string(self.reason),
            "message": .string(self.message),
        ]
    }
}
