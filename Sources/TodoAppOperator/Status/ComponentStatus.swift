public import JSON
public import KubernetesAPI
public import TodoAppAPI

/// What the cluster says about one component.
public struct ComponentObservation: Sendable {
    /// Which component it is.
    public var name: ComponentName
    /// The image that is wanted.
    public var image: String
    /// How many pods are wanted, where no Deployment says it.
    public var desired: Int64
    /// The Deployment; `nil` while there is none.
    public var deployment: DynamicObject?
    /// The Deployment's ReplicaSets.
    public var replicaSets: [ReplicaSet]
    /// Their pods.
    public var pods: [Pod]
    /// Where the component is reached.
    public var url: String

    /// An observation by its parts.
    public init(
        name: ComponentName,
        image: String,
        desired: Int64,
        deployment: DynamicObject?,
        replicaSets: [ReplicaSet],
        pods: [Pod],
        url: String
    ) {
        self.name = name
        self.image = image
        self.desired = desired
        self.deployment = deployment
        self.replicaSets = replicaSets
        self.pods = pods
        self.url = url
    }
}

/// What the status says of one component.
public struct ComponentStatus: Sendable, Equatable {
    /// How far the component is from what is wanted.
    public enum Progress: Sendable, Equatable {
        /// There is no Deployment, or its controller has not looked at this generation of it.
        case pending
        /// Pods of the current revision are taking the place of others, or are the first ones.
        case rollingOut
        /// Every pod is of the current revision, and all of them are available.
        case complete
        /// The rollout was complete once; pods are missing now.
        case degraded
    }

    /// Which component it is.
    public var name: ComponentName
    /// How far it is.
    public var progress: Progress
    /// The image that is wanted.
    public var image: String
    /// The digest that runs; empty while nothing does.
    public var imageID: String
    /// How many pods are wanted.
    public var desired: Int64
    /// How many are of the current revision.
    public var updated: Int64
    /// How many take traffic.
    public var ready: Int64
    /// How many have been ready for long enough.
    public var available: Int64
    /// The pod-template hash of the current revision; empty while there is none.
    public var revision: String
    /// Where it is reached.
    public var url: String
    /// How often containers of the present pods were started again.
    public var restarts: Int64
    /// What is wrong, the most telling first.
    public var failures: [Failure]

    /// Whether pods of any revision serve.
    public var isServing: Bool { self.available > 0 }

    /// The most telling failure of the current revision.
    public var leadingFailure: Failure? { self.failures.first(where: \.isOfCurrentRevision) }

    /// `2/2`.
    public var readyText: String { "\(self.ready)/\(self.desired)" }

    /// The component as it stands in the status.
    public var json: JSONValue {
        var json: JSONValue = [
            "image": .string(self.image),
            "desired": .integer(self.desired),
            "updated": .integer(self.updated),
            "ready": .integer(self.ready),
            "available": .integer(self.available),
            "readyText": .string(self.readyText),
            "restarts": .integer(self.restarts),
            "url": .string(self.url),
        ]
        json["imageID"] = self.imageID.isEmpty ? nil : .string(self.imageID)
        json["revision"] = self.revision.isEmpty ? nil : .string(self.revision)
        json["failures"] = self.failures.isEmpty ? nil : .array(self.failures.map(\.json))
        return json
    }
}

// MARK: - From what the cluster says

/// The status shows this many failures at most; whoever needs more looks at the pods.
private let mostFailures = 5

extension ComponentStatus {
    /// Judges a component by its Deployment and by its pods.
    ///
    /// Where the two disagree, because one of them has not caught up yet, the worse one counts.
    public init(of observation: ComponentObservation, _ circumstances: PodDiagnosis.Circumstances) {
        let deployment = observation.deployment.map { DeploymentStatus(of: $0.value) }
        let current = currentReplicaSet(of: observation, deployment)
        let livePods = observation.pods.filter { !$0.metadata.isBeingDeleted }
        let readyPods = Int64(livePods.count(where: \.isReady))
        let currentPods = livePods.filter { $0.metadata.controller?.uid == current?.metadata.uid }

        self.name = observation.name
        self.image = observation.image
        self.desired = deployment?.desired ?? observation.desired
        self.updated = deployment?.updated ?? 0
        self.ready = min(deployment?.ready ?? 0, readyPods)
        self.available = min(deployment?.available ?? 0, readyPods)
        self.revision = current?.podTemplateHash ?? ""
        self.url = observation.url
        self.imageID = currentPods.flatMap(\.containers).first { !$0.imageID.isEmpty }?.imageID ?? ""
        self.restarts = livePods.flatMap(\.containers).reduce(0) { $0 + $1.restartCount }
        let hasSeenGeneration =
            deployment.map { $0.observedGeneration >= (observation.deployment?.metadata.generation ?? 0) } ?? false
        self.progress = .pending
        self.failures = failureList(of: observation, deployment, current: current, circumstances)
        self.progress = self.judged(hasSeenGeneration: hasSeenGeneration, deployment)
    }

    private func judged(hasSeenGeneration: Bool, _ deployment: DeploymentStatus?) -> Progress {
        guard let deployment, hasSeenGeneration else { return .pending }
        let isUpdated = self.updated == self.desired && deployment.replicas == self.desired
        if isUpdated, self.available == self.desired, self.ready == self.desired {
            return .complete
        }
        // The Deployment controller says so once, when the last pod of a new revision has become available; it takes it
        // back at the next rollout. Pods that go missing later are no rollout.
        let wasComplete = deployment.condition("Progressing")?.reason == "NewReplicaSetAvailable"
        return isUpdated && wasComplete ? .degraded : .rollingOut
    }
}

/// The ReplicaSet that stands for the Deployment's present template.
private func currentReplicaSet(of observation: ComponentObservation, _ deployment: DeploymentStatus?) -> ReplicaSet? {
    guard let deployment, !deployment.revision.isEmpty else { return nil }
    return observation.replicaSets.first { $0.revision == deployment.revision }
}

private func failureList(
    of observation: ComponentObservation,
    _ deployment: DeploymentStatus?,
    current: ReplicaSet?,
    _ circumstances: PodDiagnosis.Circumstances
) -> [Failure] {
    var failures = observation.pods.flatMap { pod in
        let isCurrent = pod.metadata.controller?.uid == current?.metadata.uid
        return PodDiagnosis.failures(of: pod, image: observation.image, circumstances).map { failure in
            var failure = failure
            failure.isOfCurrentRevision = isCurrent
            return failure
        }
    }
    if let refused = deployment?.condition("ReplicaFailure"), refused.isTrue {
        failures.append(
            Failure(
                reason: .podCreationFailed,
                rawReason: refused.reason,
                message: shortened(refused.message),
                since: refused.lastTransitionTime,
                hint: "the message names the quota or the rule that refuses the pod"
            )
        )
    }
    if let progressing = deployment?.condition("Progressing"), progressing.reason == "ProgressDeadlineExceeded" {
        failures.append(
            Failure(
                reason: .progressDeadlineExceeded,
                rawReason: progressing.reason,
                message: shortened(progressing.message),
                since: progressing.lastTransitionTime
            )
        )
    }
    return Array(failures.sorted(by: Failure.precedes).prefix(mostFailures))
}
