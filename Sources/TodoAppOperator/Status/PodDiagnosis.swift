public import KubernetesAPI

/// What is wrong with a pod, if anything: the cause that the user would otherwise have to look for in the pod itself.
public enum PodDiagnosis {
    /// How long a pod may be without a node before that is a failure; kstatus allows the same time.
    public static let schedulingPatience: Double = 15

    /// What is known beside the pod.
    public struct Circumstances: Sendable {
        /// Seconds since 1970.
        public var now: Double
        /// Whether the pods are to come from images that are loaded into the nodes.
        public var isMinikube: Bool

        /// Circumstances by their parts.
        public init(now: Double, isMinikube: Bool) {
            self.now = now
            self.isMinikube = isMinikube
        }
    }

    /// The failures of a pod, none if it does what it should or is still on its way.
    public static func failures(of pod: Pod, image: String, _ circumstances: Circumstances) -> [Failure] {
        guard !pod.metadata.isBeingDeleted else { return [] }
        if let failure = podFailure(pod, circumstances) {
            return [named(failure, pod: pod)]
        }
        let ofInit = pod.initContainers.compactMap { status -> Failure? in
            guard var failure = containerFailure(status) else { return nil }
            failure.reason = failure.reason == .crashLoopBackOff ? .initContainerFailed : failure.reason
            return failure
        }
        let ofContainers = pod.containers.compactMap(containerFailure)
        return (ofInit + ofContainers).map { failure in
            var failure = named(failure, pod: pod)
            failure.hint = hint(for: failure, image: image, isMinikube: circumstances.isMinikube)
            return failure
        }
    }

    private static func named(_ failure: Failure, pod: Pod) -> Failure {
        var failure = failure
        failure.pod = pod.metadata.name
        return failure
    }
}

// MARK: - The pod as a whole

private func podFailure(_ pod: Pod, _ circumstances: PodDiagnosis.Circumstances) -> Failure? {
    if pod.reason == "Evicted" {
        return Failure(
            reason: .podEvicted,
            rawReason: pod.reason,
            message: shortened(pod.message),
            hint: "free the resource that the message names on the node, or ask for it in resources.requests"
        )
    }
    if pod.reason == "NodeLost" || pod.condition("Ready")?.reason == "NodeStatusUnknown" {
        return nodeNotReady(pod)
    }
    guard let scheduled = pod.condition("PodScheduled"), !scheduled.isTrue, scheduled.reason == "Unschedulable" else {
        return nil
    }
    let since = Timestamp.seconds(scheduled.lastTransitionTime) ?? circumstances.now
    guard circumstances.now - since >= PodDiagnosis.schedulingPatience else { return nil }
    return Failure(
        reason: .unschedulable,
        rawReason: scheduled.reason,
        message: shortened(scheduled.message),
        since: scheduled.lastTransitionTime,
        hint: "make room on a node, or lower resources.requests"
    )
}

private func nodeNotReady(_ pod: Pod) -> Failure {
    Failure(
        reason: .nodeNotReady,
        rawReason: pod.reason.isEmpty ? "NodeStatusUnknown" : pod.reason,
        message: "node \(pod.nodeName) does not answer",
        since: pod.condition("Ready")?.lastTransitionTime ?? "",
        hint: "look at the kubelet of node \(pod.nodeName)"
    )
}

// MARK: - One container

private func containerFailure(_ status: ContainerStatus) -> Failure? {
    switch status.state {
    case .waiting(let reason, let message):
        return waitingFailure(status, reason: reason, message: message)
    case .terminated(let end):
        // A container that has just ended is started again at once the first time; it counts when it failed.
        return end.exitCode == 0 ? nil : endedFailure(status, end: end, rawReason: end.reason)
    case .running:
        return runningFailure(status)
    }
}

private func waitingFailure(_ status: ContainerStatus, reason: String, message: String) -> Failure? {
    if reason == "CrashLoopBackOff" {
        guard let end = status.lastTermination else {
            return failure(.crashLoopBackOff, status, rawReason: reason, message: message)
        }
        return endedFailure(status, end: end, rawReason: reason)
    }
    guard let failureClass = waitingReasons[reason] else { return nil }
    return failure(failureClass, status, rawReason: reason, message: message)
}

private func endedFailure(_ status: ContainerStatus, end: ContainerStatus.Termination, rawReason: String) -> Failure {
    if let failureClass = runtimeReasons[end.reason] {
        return failure(failureClass, status, rawReason: end.reason, message: end.message)
    }
    let isOutOfMemory = end.reason == "OOMKilled"
    let how = end.signal != 0 ? "ended by signal \(end.signal)" : "ended with exit code \(end.exitCode)"
    let detail = end.message.isEmpty ? how : "\(how): \(end.message)"
    var failure = failure(
        isOutOfMemory ? .oomKilled : .crashLoopBackOff,
        status,
        rawReason: isOutOfMemory ? end.reason : rawReason,
        message: detail
    )
    failure.exitCode = end.exitCode
    failure.since = end.finishedAt
    return failure
}

private func runningFailure(_ status: ContainerStatus) -> Failure? {
    // A container that runs but was out of memory a moment ago will be so again: it must not look healthy in between.
    if let end = status.lastTermination, end.reason == "OOMKilled", !status.isReady {
        return endedFailure(status, end: end, rawReason: end.reason)
    }
    // Not ready: either it was just started, or a probe fails. The kubelet tells the two apart only by events; a restart in
    // between shows that it is no mere beginning.
    guard !status.isReady, status.restartCount > 0, let end = status.lastTermination else { return nil }
    return endedFailure(status, end: end, rawReason: end.reason.isEmpty ? "Error" : end.reason)
}

private func failure(
    _ failureClass: FailureClass,
    _ status: ContainerStatus,
    rawReason: String,
    message: String
) -> Failure {
    Failure(
        reason: failureClass,
        rawReason: rawReason,
        message: shortened(message),
        container: status.name,
        restartCount: status.restartCount
    )
}

/// The container runtimes' words for a container that never ran: there are no logs to look into.
private let runtimeReasons: [String: FailureClass] = [
    "StartError": .containerStartFailed,
    "ContainerCannotRun": .containerStartFailed,
]

/// The kubelet's words for why a container waits, as far as they are failures.
private let waitingReasons: [String: FailureClass] = [
    "InvalidImageName": .invalidImageName,
    "ErrImageNeverPull": .imageNotPresent,
    "ErrImagePull": .imagePullFailed,
    "ImagePullBackOff": .imagePullFailed,
    "RegistryUnavailable": .imagePullFailed,
    "ImageInspectError": .imagePullFailed,
    "SignatureValidationFailed": .imagePullFailed,
    "CreateContainerConfigError": .containerConfigError,
    "CreateContainerError": .containerStartFailed,
    "PreCreateHookError": .containerStartFailed,
    "PreStartHookError": .containerStartFailed,
    "PostStartHookError": .containerStartFailed,
    "RunContainerError": .containerStartFailed,
    "StartError": .containerStartFailed,
    "CreatePodSandboxError": .containerStartFailed,
]

// MARK: - Hints

private func hint(for failure: Failure, image: String, isMinikube: Bool) -> String {
    switch failure.reason {
    case .imageNotPresent:
        isMinikube
            ? "run: minikube image load \(image)"
            : "load the image into every node, or set imagePullPolicy to IfNotPresent"
    case .imagePullFailed:
        "check the image's name, the registry and imagePullSecrets"
    case .invalidImageName:
        "correct the image's name: \(image)"
    case .containerConfigError:
        "the message names what is missing: a key of the Secret or ConfigMap, or a user that is not root"
    case .oomKilled:
        "raise resources.limits.memory, or find the leak"
    case .crashLoopBackOff, .initContainerFailed:
        "run: kubectl logs --previous \(failure.pod) -c \(failure.container)"
    case .containerStartFailed:
        "the message is the container runtime's; most often the image's command is not there"
    default:
        ""
    }
}
