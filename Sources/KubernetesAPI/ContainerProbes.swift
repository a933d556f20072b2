public import JSON

/// The probes of one container, as far as they tell how long they bear with it.
public struct ContainerProbes: Sendable, Equatable {
    /// Whether the container must be restarted; `nil` for no probe.
    public var liveness: ProbeRule?
    /// Whether it may be sent requests; `nil` for no probe.
    public var readiness: ProbeRule?
    /// Whether it has started; `nil` for no probe.
    public var startup: ProbeRule?

    /// Reads the probes of a container.
    public init(json: JSONValue) {
        self.liveness = json["livenessProbe"].map(ProbeRule.init(json:))
        self.readiness = json["readinessProbe"].map(ProbeRule.init(json:))
        self.startup = json["startupProbe"].map(ProbeRule.init(json:))
    }
}

/// When a probe asks and how often it may fail.
public struct ProbeRule: Sendable, Equatable {
    /// Seconds between the container's start and the first question.
    public var initialDelaySeconds: Int64
    /// Seconds between two questions.
    public var periodSeconds: Int64
    /// Bad answers in a row until the probe fails.
    public var failureThreshold: Int64

    /// Reads a probe; what is not there is Kubernetes' default.
    public init(json: JSONValue) {
        self.initialDelaySeconds = json["initialDelaySeconds"]?.integer ?? 0
        self.periodSeconds = json["periodSeconds"]?.integer ?? 10
        self.failureThreshold = json["failureThreshold"]?.integer ?? 3
    }

    /// The shortest time, in seconds, that a container runs before the probe can have failed for good.
    public var patience: Double {
        Double(self.initialDelaySeconds + max(0, self.failureThreshold - 1) * self.periodSeconds)
    }
}
