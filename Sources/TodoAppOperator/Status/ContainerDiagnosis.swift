internal import KubernetesAPI

/// What is wrong with one container of a pod.
struct ContainerDiagnosis {
    private let status: ContainerStatus
    private let pod: Pod
    /// What was told of failed probes of this container.
    private let unhealthy: [PodEvent]
    /// Seconds since 1970.
    private let now: Double

    init(_ status: ContainerStatus, of pod: Pod, events: [PodEvent], now: Double) {
        self.status = status
        self.pod = pod
        self.unhealthy = events.filter { $0.kind == .unhealthy && $0.container == status.name }
        self.now = now
    }

    /// The failure; `nil` if the container does what it should or is still on its way.
    var failure: Failure? {
        switch self.status.state {
        case .waiting(let reason, let message):
            self.waitingFailure(reason: reason, message: message)
        case .terminated(let end):
            // A container that has just ended is started again at once the first time; it counts when it failed.
            self.killingProbe(at: end) ?? (end.exitCode == 0 ? nil : self.endedFailure(end, rawReason: end.reason))
        case .running(let since):
            self.runningFailure(since: Timestamp.seconds(since) ?? self.now)
        }
    }

    private func waitingFailure(reason: String, message: String) -> Failure? {
        if reason == "CrashLoopBackOff" {
            guard let end = self.status.lastTermination else {
                return self.failure(.crashLoopBackOff, rawReason: reason, message: message)
            }
            return self.killingProbe(at: end) ?? self.endedFailure(end, rawReason: reason)
        }
        // A kubelet that has not heard of the Secret yet; it looks again, and says another thing if there is none.
        if message.contains("failed to sync"), message.contains("cache") { return nil }
        guard let failureClass = waitingReasons[reason] else { return nil }
        return self.failure(failureClass, rawReason: reason, message: message)
    }

    private func runningFailure(since: Double) -> Failure? {
        guard !self.status.isReady else { return nil }
        // It was ready since it was started: only its readiness probe can have said otherwise. One that was started again lost
        // its readiness by its end, which the kubelet may notice and note a moment later.
        let settling = self.status.lastTermination == nil ? 0 : clockStep
        if let ready = self.pod.condition("Ready"), let lost = Timestamp.seconds(ready.lastTransitionTime),
            lost > since + settling
        {
            return self.failingReadiness(since: since) ?? self.silentReadiness(ready)
        }
        // A container that ended and was started again must not look healthy before it is; one that has run for long since
        // then is no longer held to it.
        if let end = self.status.lastTermination, self.now - since < restartMemory {
            return self.killingProbe(at: end)
                ?? self.endedFailure(end, rawReason: end.reason.isEmpty ? "Error" : end.reason)
        }
        let patience = self.pod.probes[self.status.name]?.readiness?.patience ?? 0
        return self.now - since >= patience ? self.failingReadiness(since: since) : nil
    }

    private func endedFailure(_ end: ContainerStatus.Termination, rawReason: String) -> Failure {
        if let failureClass = runtimeReasons[end.reason] {
            return self.failure(failureClass, rawReason: end.reason, message: end.message)
        }
        let isOutOfMemory = end.reason == "OOMKilled"
        let how = end.signal != 0 ? "ended by signal \(end.signal)" : "ended with exit code \(end.exitCode)"
        var failure = self.failure(
            isOutOfMemory ? .oomKilled : .crashLoopBackOff,
            rawReason: isOutOfMemory ? end.reason : rawReason,
            message: end.message.isEmpty ? how : "\(how): \(end.message)"
        )
        failure.exitCode = end.exitCode
        failure.since = end.finishedAt
        return failure
    }

    private func failure(_ failureClass: FailureClass, rawReason: String, message: String) -> Failure {
        Failure(
            reason: failureClass,
            rawReason: rawReason,
            message: shortened(message),
            container: self.status.name,
            restartCount: self.status.restartCount
        )
    }
}

// MARK: - Probes

extension ContainerDiagnosis {
    /// The readiness probe's failure, if it has failed since the container was started.
    private func failingReadiness(since: Double) -> Failure? {
        let events = self.unhealthy.filter { $0.probe == .readiness && $0.isSeen(after: since - clockStep) }
        return latest(of: events).map { event in self.failure(.readinessProbeFailed, event) }
    }

    /// The same where the events are not known.
    private func silentReadiness(_ ready: PodCondition) -> Failure {
        var failure = self.failure(.readinessProbeFailed, rawReason: ready.reason, message: ready.message)
        failure.since = ready.lastTransitionTime
        return failure
    }

    /// The probe for whose sake the kubelet ended the container, if it was one.
    ///
    /// No status says so. It is told from a container that did not end by itself (a signal, or an orderly end upon one), that
    /// had run for long enough for the probe to give up, and whose probe is known to fail: how lately is not asked, since a
    /// kubelet that has told of a pod 25 times tells of it once in five minutes only.
    private func killingProbe(at end: ContainerStatus.Termination) -> Failure? {
        guard endsUponSignal.contains(end.exitCode) || end.signal == 9 || end.signal == 15,
            end.reason != "OOMKilled",
            let finished = Timestamp.seconds(end.finishedAt), let started = Timestamp.seconds(end.startedAt)
        else { return nil }
        let probes = self.pod.probes[self.status.name]
        let events = self.unhealthy.filter { event in
            let rule =
                switch event.probe {
                case .liveness: probes?.liveness
                case .startup: probes?.startup
                case .readiness, nil: ProbeRule?.none
                }
            guard let rule, finished - started >= rule.patience - clockStep else { return false }
            return event.isSeen(after: finished - eventMemory) && !event.isFirstSeen(after: finished + clockStep)
        }
        return latest(of: events).map { event in
            var failure = self.failure(event.probe == .startup ? .startupProbeFailed : .livenessProbeFailed, event)
            failure.exitCode = end.exitCode
            return failure
        }
    }

    private func failure(_ failureClass: FailureClass, _ event: PodEvent) -> Failure {
        var failure = self.failure(failureClass, rawReason: PodEvent.Kind.unhealthy.rawValue, message: event.message)
        failure.since = event.firstSeen
        return failure
    }
}

extension PodEvent {
    /// The probes of a container.
    fileprivate enum Probe {
        case liveness
        case readiness
        case startup
    }

    /// The probe that an event of kind ``Kind/unhealthy`` tells of: the kubelet's sentence begins with its name.
    fileprivate var probe: Probe? {
        if self.message.hasPrefix("Liveness probe") { return .liveness }
        if self.message.hasPrefix("Readiness probe") { return .readiness }
        return self.message.hasPrefix("Startup probe") ? .startup : nil
    }

    fileprivate func isSeen(after time: Double) -> Bool {
        Timestamp.seconds(self.lastSeen).map { $0 >= time } ?? false
    }

    fileprivate func isFirstSeen(after time: Double) -> Bool {
        Timestamp.seconds(self.firstSeen).map { $0 > time } ?? false
    }
}

private func latest(of events: [PodEvent]) -> PodEvent? {
    events.max { ($0.lastSeen, $0.metadata.name) < ($1.lastSeen, $1.metadata.name) }
}

/// Kubernetes' times are whole seconds, and each of two may be cut.
private let clockStep: Double = 2

/// As long as API servers keep an event, as a rule.
private let eventMemory: Double = 3600

/// A container that has run for ten minutes has its restarts forgotten by the kubelet's back-off too.
private let restartMemory: Double = 600

/// An orderly end, SIGKILL and SIGTERM: what a container can end with that was told to.
private let endsUponSignal: Set<Int64> = [0, 137, 143]

// MARK: - Words

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
