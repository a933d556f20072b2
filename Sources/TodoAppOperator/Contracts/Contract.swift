public import KubernetesAPI
public import TodoAppAPI

/// What an app's images promise and need: ports, probes, users, keys, resources.
///
/// A contract is data. A new one is a file beside this one and a line in ``Contract/named(_:)``.
public struct Contract: Sendable, Hashable {
    /// Its name in the spec.
    public let name: ContractName
    /// The API server's part.
    public let backend: ComponentContract
    /// The web server's part; contracts that name no frontend have taskflow's.
    public let frontend: ComponentContract

    /// The part of a component.
    public subscript(_ component: ComponentName) -> ComponentContract {
        switch component {
        case .backend: self.backend
        case .frontend: self.frontend
        }
    }
}

/// What one image promises and needs.
public struct ComponentContract: Sendable, Hashable {
    /// The image's name, without registry and tag.
    public var imageName: Figure<String>
    /// Tags that the contract speaks of.
    public var exampleTags: Figure<[String]>
    /// How the container is called.
    public var containerName: Figure<ContainerName>
    /// Where the app listens; the Service has the same port.
    public var port: Figure<Int>
    /// How the Service finds the pods' port.
    public var targetPort: Figure<TargetPort>
    /// Whom the container runs as.
    public var user: Figure<ContainerUser>
    /// How to ask whether the container must be restarted, and when.
    public var liveness: ContractProbe
    /// How to ask whether it may be sent requests, and when.
    public var readiness: ContractProbe
    /// Whether a probe of its own guards the start.
    public var startup: Figure<StartupProbe>
    /// Seconds that the start should take; `nil` where nobody says.
    public var startupExpectedSeconds: Figure<Int?>
    /// Seconds that the start may take, by which `ContractMet` judges; `nil` where nobody says.
    public var startupAllowedSeconds: Figure<Int?>
    /// The keys of the app's Secret that the container reads.
    public var secretKeys: [SecretKey]
    /// The keys of the app's ConfigMap that the container reads, beside the user's own variables.
    public var configKeys: [ConfigKey]
    /// What is set aside for each pod and what it may use at most.
    public var resources: Figure<ResourcesSpec>
    /// Requests below these are refused; empty for no bound.
    public var smallestRequests: Figure<[String: Quantity]>
    /// Limits above these are refused; empty for no bound.
    public var largestLimits: Figure<[String: Quantity]>
    /// When the kubelet pulls in Minikube.
    public var minikubePullPolicy: Figure<ImagePullPolicy>
    /// When the kubelet pulls in Production.
    public var productionPullPolicy: Figure<ImagePullPolicy>
    /// The Service's port on every node of a Minikube; `nil` where the exposure alone decides, as in Production.
    public var minikubeNodePort: Figure<Int?>
    /// Seconds between SIGTERM and SIGKILL.
    public var stopSeconds: Figure<Int>
    /// How large the image may be; `nil` where nobody says.
    public var imageSizeLimit: Figure<ImageSizeLimit?>
    /// Whether the app writes to its root file system, so that it cannot be read-only.
    public var writesToRootFilesystem: Figure<Bool>
    /// The capabilities that are taken from the container.
    public var droppedCapabilities: Figure<[String]>
    /// Folders the app writes to, beside `/tmp`, when the root file system is read-only.
    public var writablePaths: Figure<[String]>
    /// What the contract says beyond what a manifest can hold.
    public var remarks: [Figure<String>]
}

/// How a container is called.
public enum ContainerName: String, Sendable, Hashable {
    /// `backend` or `frontend`.
    case component
    /// As its Deployment: `NAME-backend`.
    case deployment
}

/// How a Service finds the port of its pods.
public enum TargetPort: String, Sendable, Hashable {
    /// By the container port's name: pods of the old and of the new revision are both found when the port changes.
    case name
    /// By the number.
    case number
}

/// Whom a container runs as.
public enum ContainerUser: Sendable, Hashable {
    /// A user that is not root; without a group the image's own holds.
    case nonRoot(uid: Int64, gid: Int64?)
    /// Whomever the image names, which may be root.
    case image
}

/// How and when a container is asked for its health.
public struct ContractProbe: Sendable, Hashable {
    /// What is asked.
    public var check: Figure<HealthCheck>
    /// When; what is `nil` is left to Kubernetes.
    public var timings: Figure<ProbeTimings>
}

/// What a probe asks.
public enum HealthCheck: Sendable, Hashable {
    /// GET of a path must be answered with 200 to 399.
    case http(path: String)
    /// The port must take a connection.
    case tcp
}

/// Whether a probe of its own guards the start.
public enum StartupProbe: Sendable, Hashable {
    /// None: the liveness probe's delay must do.
    case none
    /// The liveness probe's question, at these times.
    case asLiveness(ProbeTimings)
}

/// How large an image may be.
public struct ImageSizeLimit: Sendable, Hashable {
    /// Millions of bytes, uncompressed.
    public var megabytes: Int
    /// Whether the base image is left out of the count.
    public var excludesBase: Bool
}
