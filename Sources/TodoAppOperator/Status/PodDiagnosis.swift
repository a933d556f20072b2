public import KubernetesAPI

/// What is wrong with a pod, if anything: the cause that the user would otherwise have to look for in the pod itself.
public enum PodDiagnosis {
    /// How long a pod may be without a node before that is a failure; kstatus allows the same time.
    public static let schedulingPatience: Double = 15
    /// How long an event about volumes or the sandbox speaks of the present: the kubelet tries again after 122 s at most.
    public static let preparationMemory: Double = 150

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
    ///
    /// - Parameters:
    ///   - events: What the kubelet told of the pod beside its status; without them the failures of probes that are known by
    ///     nothing else are not seen.
    ///   - nodeTrouble: What is said of the pod's node, if it is not ready.
    public static func failures(
        of pod: Pod,
        events: [PodEvent] = [],
        nodeTrouble: String? = nil,
        image: String,
        _ circumstances: Circumstances
    ) -> [Failure] {
        guard !pod.metadata.isBeingDeleted else { return [] }
        let ofPod = podFailure(pod, nodeTrouble: nodeTrouble, circumstances)
        var failures = ofPod.map { [$0] } ?? containerFailures(of: pod, events: events, now: circumstances.now)
        if failures.isEmpty {
            failures = [preparationFailure(pod, events: events, now: circumstances.now)].compactMap { $0 }
        }
        return failures.map { failure in
            var failure = failure
            failure.pod = pod.metadata.name
            failure.hint = FailureHint.text(
                for: failure,
                image: image,
                namespace: pod.metadata.namespace ?? "",
                node: pod.nodeName,
                isMinikube: circumstances.isMinikube
            )
            return failure
        }
    }

    private static func containerFailures(of pod: Pod, events: [PodEvent], now: Double) -> [Failure] {
        func diagnosis(of status: ContainerStatus) -> ContainerDiagnosis {
            ContainerDiagnosis(status, of: pod, events: events, now: now)
        }
        let ofInit = pod.initContainers.compactMap { status -> Failure? in
            guard var failure = diagnosis(of: status).failure else { return nil }
            failure.reason = failure.reason == .crashLoopBackOff ? .initContainerFailed : failure.reason
            return failure
        }
        return ofInit + pod.containers.compactMap { diagnosis(of: $0).failure }
    }
}

// MARK: - The pod as a whole

private func podFailure(
    _ pod: Pod,
    nodeTrouble: String?,
    _ circumstances: PodDiagnosis.Circumstances
) -> Failure? {
    if pod.reason == "Evicted" {
        return Failure(reason: .podEvicted, rawReason: pod.reason, message: shortened(pod.message))
    }
    if pod.isOver {
        // Thrown out in another way, by a node that was shut down for example; another pod takes its place.
        guard !pod.reason.isEmpty else { return nil }
        return Failure(reason: .podEvicted, rawReason: pod.reason, message: shortened(pod.message))
    }
    if pod.hasLostItsNode || (nodeTrouble != nil && !pod.isReady) {
        let trouble = nodeTrouble.map { ": \($0)" } ?? " does not answer"
        return Failure(
            reason: .nodeNotReady,
            rawReason: pod.reason.isEmpty ? "NodeStatusUnknown" : pod.reason,
            message: shortened("node \(pod.nodeName)\(trouble)"),
            since: pod.condition("Ready")?.lastTransitionTime ?? ""
        )
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
        since: scheduled.lastTransitionTime
    )
}

extension Pod {
    /// Whether the pod itself says that nobody hears of its node any more.
    ///
    /// The node controller turns `Ready` over and touches nothing else: all containers still seem to be ready, and a kubelet
    /// would have given a reason.
    fileprivate var hasLostItsNode: Bool {
        if self.reason == "NodeLost" { return true }
        guard let ready = self.condition("Ready"), !ready.isTrue else { return false }
        if ready.reason == "NodeStatusUnknown" { return true }
        return ready.reason.isEmpty && self.condition("ContainersReady")?.isTrue == true
    }
}

// MARK: - Before the first container

/// Why a pod that has a node has no containers yet, which the kubelet tells in events alone.
private func preparationFailure(_ pod: Pod, events: [PodEvent], now: Double) -> Failure? {
    let isPreparing = (pod.initContainers + pod.containers).allSatisfy { status in
        if case .waiting = status.state { return status.restartCount == 0 }
        return false
    }
    guard isPreparing, !pod.nodeName.isEmpty else { return nil }
    let recent = events.filter { event in
        guard event.kind == .failedMount || event.kind == .failedSandbox else { return false }
        // Once is nothing: a Secret that was made a moment ago is often not seen at the first look.
        guard event.count > 1, let last = Timestamp.seconds(event.lastSeen) else { return false }
        return now - last < PodDiagnosis.preparationMemory
    }
    // The one that came most often names the volume; "timed out waiting" comes beside it and names all of them.
    guard let event = recent.max(by: { $0.count < $1.count }) else { return nil }
    return Failure(
        reason: event.kind == .failedMount ? .volumeMountFailed : .containerStartFailed,
        rawReason: event.kind?.rawValue ?? "",
        message: shortened(event.message),
        since: event.firstSeen
    )
}
