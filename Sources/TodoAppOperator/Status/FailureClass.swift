/// Why a component does not run as it should, in the order of precedence: of several failures at the same time, the first
/// one here is what the user hears of first.
public enum FailureClass: String, Sendable, Hashable, CaseIterable {
    /// The image's name cannot be a name.
    case invalidImageName = "InvalidImageName"
    /// The image is not on the node, and the pull policy forbids to fetch it.
    case imageNotPresent = "ImageNotPresent"
    /// The image cannot be fetched.
    case imagePullFailed = "ImagePullFailed"
    /// The container cannot be configured: a missing key, a root image under runAsNonRoot.
    case containerConfigError = "ContainerConfigError"
    /// The pod cannot be created: a quota, an admission rule.
    case podCreationFailed = "PodCreationFailed"
    /// The container used more memory than its limit.
    case oomKilled = "OOMKilled"
    /// The container ends again and again.
    case crashLoopBackOff = "CrashLoopBackOff"
    /// A container that prepares the pod fails.
    case initContainerFailed = "InitContainerFailed"
    /// The container runtime cannot start the container.
    case containerStartFailed = "ContainerStartFailed"
    /// A volume cannot be mounted.
    case volumeMountFailed = "VolumeMountFailed"
    /// No node takes the pod.
    case unschedulable = "Unschedulable"
    /// The start-up probe does not succeed in time.
    case startupProbeFailed = "StartupProbeFailed"
    /// The liveness probe fails.
    case livenessProbeFailed = "LivenessProbeFailed"
    /// The readiness probe fails.
    case readinessProbeFailed = "ReadinessProbeFailed"
    /// The rollout has made no progress for too long.
    case progressDeadlineExceeded = "ProgressDeadlineExceeded"
    /// The node was short of something and threw the pod out.
    case podEvicted = "PodEvicted"
    /// The pod's node does not answer.
    case nodeNotReady = "NodeNotReady"

    /// Whether it stays as it is until somebody changes something, so that nobody need wait for it.
    public var isStalled: Bool {
        switch self {
        case .invalidImageName, .imageNotPresent, .progressDeadlineExceeded: true
        default: false
        }
    }

    /// Where it stands in the order of precedence; 0 comes first.
    var rank: Int {
        Self.allCases.firstIndex(of: self) ?? Self.allCases.count
    }
}
