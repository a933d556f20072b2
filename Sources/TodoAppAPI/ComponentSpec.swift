public import JSON
public import KubernetesAPI

/// What a user wants of the backend or of the frontend, beyond what the contract says.
public struct ComponentSpec: Sendable, Equatable {
    /// The whole image reference; `nil` for registry, contract's name and version.
    public var image: String?
    /// When the kubelet pulls; `nil` for the environment's.
    public var imagePullPolicy: ImagePullPolicy?
    /// How many pods.
    public var scaling: Scaling
    /// Requests and limits that stand in the place of the contract's, each by its name.
    public var resources: ResourcesSpec
    /// Variables for the app's ConfigMap, in the user's order; they win over the contract's.
    public var env: [EnvironmentVariable]
    /// Timings that stand in the place of the contract's.
    public var probes: ProbesSpec
    /// The Service.
    public var service: ServiceSpec
    /// Labels that a node must have.
    public var nodeSelector: [String: String]
    /// As in a pod.
    public var tolerations: [JSONValue]
    /// As in a pod.
    public var affinity: JSONValue?
    /// As in a pod; they stand in the place of the operator's soft spreading.
    public var topologySpreadConstraints: [JSONValue]
    /// Labels for the pods, beside the operator's own.
    public var podLabels: [String: String]
    /// Annotations for the pods, beside the operator's own.
    public var podAnnotations: [String: String]
    /// Whether the container's root file system is read-only; false by default.
    public var readOnlyRootFilesystem: Bool
    /// The port of contract `fastapi`; `nil` everywhere else.
    public var port: Int?
    /// The path of the health checks of contract `fastapi`; `nil` everywhere else.
    public var healthPath: String?
    /// The user id of contract `fastapi`; `nil` everywhere else.
    public var runAsUser: Int64?
    /// The keys of the app's Secret for contract `fastapi`, each of them a variable too; empty everywhere else.
    public var secretKeys: [String]

    /// A component of which the contract decides everything, where nothing else is said.
    public init(
        image: String? = nil,
        imagePullPolicy: ImagePullPolicy? = nil,
        scaling: Scaling = .byEnvironment,
        resources: ResourcesSpec = ResourcesSpec(),
        env: [EnvironmentVariable] = [],
        probes: ProbesSpec = ProbesSpec(),
        service: ServiceSpec = ServiceSpec(),
        nodeSelector: [String: String] = [:],
        tolerations: [JSONValue] = [],
        affinity: JSONValue? = nil,
        topologySpreadConstraints: [JSONValue] = [],
        podLabels: [String: String] = [:],
        podAnnotations: [String: String] = [:],
        readOnlyRootFilesystem: Bool = false,
        port: Int? = nil,
        healthPath: String? = nil,
        runAsUser: Int64? = nil,
        secretKeys: [String] = []
    ) {
        self.image = image
        self.imagePullPolicy = imagePullPolicy
        self.scaling = scaling
        self.resources = resources
        self.env = env
        self.probes = probes
        self.service = service
        self.nodeSelector = nodeSelector
        self.tolerations = tolerations
        self.affinity = affinity
        self.topologySpreadConstraints = topologySpreadConstraints
        self.podLabels = podLabels
        self.podAnnotations = podAnnotations
        self.readOnlyRootFilesystem = readOnlyRootFilesystem
        self.port = port
        self.healthPath = healthPath
        self.runAsUser = runAsUser
        self.secretKeys = secretKeys
    }
}

/// When the kubelet pulls an image.
public enum ImagePullPolicy: String, Sendable, Hashable, CaseIterable {
    /// At every start of a container.
    case always = "Always"
    /// When the node lacks it.
    case ifNotPresent = "IfNotPresent"
    /// Not at all: the image was loaded into the node.
    case never = "Never"
}

/// Who decides how many pods there are.
public enum Scaling: Sendable, Hashable {
    /// The user did not say: two in Production, one in Minikube.
    case byEnvironment
    /// The user, with a number.
    case fixed(replicas: Int)
    /// A HorizontalPodAutoscaler, within bounds.
    case automatic(Autoscaling)
}

/// What a HorizontalPodAutoscaler keeps to.
public struct Autoscaling: Sendable, Hashable {
    /// The fewest pods; `nil` for the environment's number, or for the most where that is less.
    public var minReplicas: Int?
    /// The most pods.
    public var maxReplicas: Int
    /// The mean CPU use, in per cent of what the pods request; 80 where the user does not say.
    public var targetCPUUtilizationPercentage: Int

    /// Autoscaling up to a number of pods.
    public init(minReplicas: Int? = nil, maxReplicas: Int, targetCPUUtilizationPercentage: Int = 80) {
        self.minReplicas = minReplicas
        self.maxReplicas = maxReplicas
        self.targetCPUUtilizationPercentage = targetCPUUtilizationPercentage
    }
}

/// Requests and limits, by the resource's name.
public struct ResourcesSpec: Sendable, Hashable {
    /// What is set aside for each pod.
    public var requests: [String: Quantity]
    /// What each pod may use at most.
    public var limits: [String: Quantity]

    /// No requests and no limits, where nothing else is said.
    public init(requests: [String: Quantity] = [:], limits: [String: Quantity] = [:]) {
        self.requests = requests
        self.limits = limits
    }
}

/// A variable and its value.
public struct EnvironmentVariable: Sendable, Hashable {
    /// The variable's name.
    public var name: String
    /// Its value.
    public var value: String

    /// A variable with its value.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// Timings of the three probes.
public struct ProbesSpec: Sendable, Hashable {
    /// Whether the container must be restarted.
    public var liveness: ProbeTimings
    /// Whether it may be sent requests.
    public var readiness: ProbeTimings
    /// Whether it has started, until which the other two wait.
    public var startup: ProbeTimings

    /// The contract's timings, where nothing else is said.
    public init(
        liveness: ProbeTimings = ProbeTimings(),
        readiness: ProbeTimings = ProbeTimings(),
        startup: ProbeTimings = ProbeTimings()
    ) {
        self.liveness = liveness
        self.readiness = readiness
        self.startup = startup
    }
}

/// When a probe asks and how often it may fail; `nil` for the contract's figure.
public struct ProbeTimings: Sendable, Hashable {
    /// Seconds between the container's start and the first question.
    public var initialDelaySeconds: Int?
    /// Seconds between two questions.
    public var periodSeconds: Int?
    /// Seconds until an answer counts as missing.
    public var timeoutSeconds: Int?
    /// Good answers in a row until the probe succeeds; for readiness only, Kubernetes fixes it at 1 for the others.
    public var successThreshold: Int?
    /// Bad answers in a row until the probe fails.
    public var failureThreshold: Int?

    /// The contract's figures, where nothing else is said.
    public init(
        initialDelaySeconds: Int? = nil,
        periodSeconds: Int? = nil,
        timeoutSeconds: Int? = nil,
        successThreshold: Int? = nil,
        failureThreshold: Int? = nil
    ) {
        self.initialDelaySeconds = initialDelaySeconds
        self.periodSeconds = periodSeconds
        self.timeoutSeconds = timeoutSeconds
        self.successThreshold = successThreshold
        self.failureThreshold = failureThreshold
    }
}

/// What a user wants of a component's Service.
public struct ServiceSpec: Sendable, Hashable {
    /// The Service's type; `nil` for what the exposure, the contract and the environment ask for.
    public var type: ServiceType?
    /// The port on every node; `nil` for the contract's, or one that Kubernetes picks.
    public var nodePort: Int?

    /// A Service of which the exposure decides everything, where nothing else is said.
    public init(type: ServiceType? = nil, nodePort: Int? = nil) {
        self.type = type
        self.nodePort = nodePort
    }
}

/// The types of Service that the operator makes.
public enum ServiceType: String, Sendable, Hashable, CaseIterable {
    /// Inside the cluster only.
    case clusterIP = "ClusterIP"
    /// By a port of every node, too.
    case nodePort = "NodePort"
}
