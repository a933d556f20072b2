public import JSON

/// A pod, as far as a controller that reports on pods needs it.
public struct Pod: Sendable, Equatable {
    /// The metadata.
    public var metadata: ObjectMeta
    /// `Pending`, `Running`, `Succeeded`, `Failed` or `Unknown`.
    public var phase: String
    /// Why the pod as a whole is where it is, for example `Evicted`; mostly empty.
    public var reason: String
    /// The sentence to ``reason``.
    public var message: String
    /// The node the pod runs on; empty while it has none.
    public var nodeName: String
    /// The containers' probes, by the container's name.
    public var probes: [String: ContainerProbes]
    /// The conditions, for example `PodScheduled` and `Ready`.
    public var conditions: [PodCondition]
    /// What the init containers do.
    public var initContainers: [ContainerStatus]
    /// What the containers do.
    public var containers: [ContainerStatus]

    /// Reads a pod.
    ///
    /// - Throws: ``ObjectReadError`` where it has no name.
    public init(json: JSONValue) throws(ObjectReadError) {
        self.metadata = try ObjectMeta(of: json)
        let status = json["status"]
        self.phase = status?["phase"]?.string ?? ""
        self.reason = status?["reason"]?.string ?? ""
        self.message = status?["message"]?.string ?? ""
        self.nodeName = json["spec"]?["nodeName"]?.string ?? ""
        self.probes = [:]
        for container in json["spec"]?["containers"]?.array ?? [] {
            self.probes[container["name"]?.string ?? ""] = ContainerProbes(json: container)
        }
        self.conditions = (status?["conditions"]?.array ?? []).map(PodCondition.init(json:))
        self.initContainers = (status?["initContainerStatuses"]?.array ?? []).map(ContainerStatus.init(json:))
        self.containers = (status?["containerStatuses"]?.array ?? []).map(ContainerStatus.init(json:))
    }

    /// Whether the pod has ended for good: none of its containers will ever run again.
    public var isOver: Bool {
        self.phase == "Failed" || self.phase == "Succeeded"
    }

    /// Whether the pod takes traffic.
    public var isReady: Bool {
        self.metadata.deletionTimestamp == nil && self.condition("Ready")?.isTrue == true
    }

    /// The condition of a type.
    public func condition(_ type: String) -> PodCondition? {
        self.conditions.first { $0.type == type }
    }
}

/// A condition in the shape that pods and Deployments have.
public struct PodCondition: Sendable, Equatable {
    /// What the condition is about.
    public var type: String
    /// Whether it holds.
    public var isTrue: Bool
    /// The machine's word; may be empty.
    public var reason: String
    /// The sentence for people; may be empty.
    public var message: String
    /// When it last changed, as RFC 3339; may be empty.
    public var lastTransitionTime: String

    init(json: JSONValue) {
        self.type = json["type"]?.string ?? ""
        self.isTrue = json["status"]?.string == "True"
        self.reason = json["reason"]?.string ?? ""
        self.message = json["message"]?.string ?? ""
        self.lastTransitionTime = json["lastTransitionTime"]?.string ?? ""
    }
}

/// What one container of a pod does.
public struct ContainerStatus: Sendable, Equatable {
    /// The container's name.
    public var name: String
    /// The image as the runtime names it.
    public var image: String
    /// The image's digest as the runtime names it; empty while it is not there.
    public var imageID: String
    /// Whether it passes its readiness probe.
    public var isReady: Bool
    /// Whether its start-up probe has passed, or it has none.
    public var isStarted: Bool
    /// How often it was started again.
    public var restartCount: Int64
    /// What it does now.
    public var state: State
    /// How it ended the last time; `nil` if it never did.
    public var lastTermination: Termination?

    /// What a container does.
    public enum State: Sendable, Equatable {
        /// Nothing yet, for this reason.
        case waiting(reason: String, message: String)
        /// It runs since then (RFC 3339).
        case running(since: String)
        /// It has ended.
        case terminated(Termination)
    }

    /// How a container ended.
    public struct Termination: Sendable, Equatable {
        /// `Completed`, `Error`, `OOMKilled` and so on.
        public var reason: String
        /// The sentence to it; may be empty.
        public var message: String
        /// The exit code.
        public var exitCode: Int64
        /// The signal that ended it; 0 for none.
        public var signal: Int64
        /// When it had been started, as RFC 3339.
        public var startedAt: String
        /// When it ended, as RFC 3339.
        public var finishedAt: String

        init(json: JSONValue) {
            self.reason = json["reason"]?.string ?? ""
            self.message = json["message"]?.string ?? ""
            self.exitCode = json["exitCode"]?.integer ?? 0
            self.signal = json["signal"]?.integer ?? 0
            self.startedAt = json["startedAt"]?.string ?? ""
            self.finishedAt = json["finishedAt"]?.string ?? ""
        }
    }

    init(json: JSONValue) {
        self.name = json["name"]?.string ?? ""
        self.image = json["image"]?.string ?? ""
        self.imageID = json["imageID"]?.string ?? ""
        self.isReady = json["ready"]?.bool ?? false
        self.isStarted = json["started"]?.bool ?? false
        self.restartCount = json["restartCount"]?.integer ?? 0
        self.lastTermination = json["lastState"]?["terminated"].map(Termination.init(json:))
        let state = json["state"]
        if let running = state?["running"] {
            self.state = .running(since: running["startedAt"]?.string ?? "")
        } else if let terminated = state?["terminated"] {
            self.state = .terminated(Termination(json: terminated))
        } else {
            // The API says that a container without a state is waiting.
            self.state = .waiting(
                reason: state?["waiting"]?["reason"]?.string ?? "",
                message: state?["waiting"]?["message"]?.string ?? ""
            )
        }
    }
}
