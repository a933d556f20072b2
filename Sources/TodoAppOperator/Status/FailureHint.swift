/// What a helpful colleague would say to a failure.
enum FailureHint {
    /// The sentence; for a class that has several causes the one that says where to look.
    ///
    /// - Parameters:
    ///   - image: The image that is wanted.
    ///   - namespace: The pod's namespace.
    ///   - node: The pod's node; empty where it has none.
    static func text(
        for failure: Failure,
        image: String,
        namespace: String,
        node: String = "",
        isMinikube: Bool = false
    ) -> String {
        let logs = "kubectl logs -n \(namespace) \(failure.pod) -c \(failure.container)"
        let formerLogs = "\(logs) --previous"

        return switch failure.reason {
        case .invalidImageName:
            "correct the image's name, which the message quotes"
        case .imageNotPresent:
            isMinikube
                ? "run: minikube image load \(image)"
                : "load the image into every node, or set imagePullPolicy to IfNotPresent"
        case .imagePullFailed:
            "check that the node can reach the registry, that it has \(image), and imagePullSecrets if it wants a login"
        case .containerConfigError:
            "the message names what is missing: a key of the Secret or ConfigMap, or a user that is not root"
        case .podCreationFailed:
            "the message names the quota or the rule that refuses the pod"
        case .oomKilled:
            "raise resources.limits.memory, or find the leak"
        case .crashLoopBackOff where failure.exitCode == 0:
            "the image's command must go on running; run: \(formerLogs)"
        case .crashLoopBackOff, .initContainerFailed:
            "run: \(formerLogs)"
        case .containerStartFailed where failure.container.isEmpty:
            "the pod's network or sandbox cannot be made: look at the CNI plugin and the runtime of node \(node)"
        case .containerStartFailed:
            "the message is the container runtime's; most often the image's command is not there"
        case .volumeMountFailed:
            "the message names the volume; what it is made from must exist, and be reachable from node \(node)"
        case .unschedulable:
            "make room on a node, or lower resources.requests"
        case .startupProbeFailed:
            "the app does not answer in time after its start; run: \(formerLogs)"
        case .livenessProbeFailed:
            "the app stopped answering and was restarted; run: \(formerLogs)"
        case .readinessProbeFailed:
            "the app runs but says that it is not ready; run: \(logs)"
        case .progressDeadlineExceeded:
            "find out why no new pod becomes ready, and apply a better spec: it is rolled out at once"
        case .podEvicted:
            "the message names the resource: allow the pod more of it in resources, or free it on the node"
        case .nodeNotReady:
            "look at the kubelet of node \(node)"
        }
    }
}
