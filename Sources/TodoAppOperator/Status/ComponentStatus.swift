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
    /// The Deployment, or as much of it as its status goes by; `nil` while there is none.
    public var deployment: DynamicObject?
    /// The Deployment's ReplicaSets.
    public var replicaSets: [ReplicaSet]
    /// Their pods.
    public var pods: [Pod]
    /// What the kubelets told of the pods that are not ready, by the pod's UID.
    public var events: [String: [PodEvent]]
    /// The nodes that are not ready, and what is said of them.
    public var nodeTroubles: [String: String]
    /// How large the image is that runs.
    public var imageSize: ImageSize
    /// The start-up time that was measured before.
    public var startup: StartupTime?
    /// What the status says of the component now; `nil` for nothing.
    public var former: JSONValue?
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
        events: [String: [PodEvent]] = [:],
        nodeTroubles: [String: String] = [:],
        imageSize: ImageSize = .notThere,
        startup: StartupTime? = nil,
        former: JSONValue? = nil,
        url: String
    ) {
        self.name = name
        self.image = image
        self.desired = desired
        self.deployment = deployment
        self.replicaSets = replicaSets
        self.pods = pods
        self.events = events
        self.nodeTroubles = nodeTroubles
        self.imageSize = imageSize
        self.startup = startup
        self.former = former
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
    /// The revisions of ConfigMap and Secret that the current pods read; empty while there are none.
    public var configuration = ""
    /// Where it is reached.
    public var url: String
    /// How large the image is that runs.
    public var imageSize = ImageSize.notThere
    /// How long the first pod of the current revision took from being scheduled to being ready; `nil` before that, and where
    /// none was ready at its first start.
    public var startupSeconds: Int64?
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
        json["startupSeconds"] = self.startupSeconds.map { .integer($0) }
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
        let current = observation.currentReplicaSet
        let livePods = observation.pods.filter { !$0.metadata.isBeingDeleted && !$0.isOver }
        let readyPods = Int64(livePods.count(where: \.isReady))
        let currentPods = livePods.filter { $0.metadata.controller?.uid == current?.metadata.uid }

        self.name = observation.name
        self.image = observation.image
        self.desired = deployment?.desired ?? observation.desired
        self.updated = deployment?.updated ?? 0
        self.ready = min(deployment?.ready ?? 0, readyPods)
        self.available = min(deployment?.available ?? 0, readyPods)
        self.revision = current?.podTemplateHash ?? ""
        self.configuration = configurationRevision(of: observation.deployment)
        self.url = observation.url
        self.imageSize = observation.imageSize
        self.startupSeconds =
            observation.startup.flatMap { $0.revision == current?.podTemplateHash ? $0.seconds : nil }
            ?? measuredStartup(of: currentPods)
        self.imageID = currentPods.flatMap(\.containers).first { !$0.imageID.isEmpty }?.imageID ?? ""
        self.restarts = livePods.flatMap(\.containers).reduce(0) { $0 + $1.restartCount }
        let hasSeenGeneration =
            deployment.map { $0.observedGeneration >= (observation.deployment?.metadata.generation ?? 0) } ?? false
        self.progress = .pending
        self.failures = []
        self.progress = self.judged(hasSeenGeneration: hasSeenGeneration, deployment, former: observation.former)
        self.failures = failureList(
            of: observation,
            deployment,
            current: current,
            // What is left of a pod that was thrown out lies about for days; it counts until another pod serves in its place.
            pods: self.progress == .complete ? livePods : observation.pods,
            circumstances
        )
    }

    private func judged(
        hasSeenGeneration: Bool,
        _ deployment: DeploymentStatus?,
        former: JSONValue?
    ) -> Progress {
        guard let deployment, hasSeenGeneration else { return .pending }
        let isUpdated = self.updated == self.desired && deployment.replicas == self.desired
        if isUpdated, self.available == self.desired, self.ready == self.desired {
            return .complete
        }
        // The Deployment controller says so once, when the last pod of a new revision has become available; it takes it
        // back at the next rollout. Pods that go missing later are no rollout.
        let wasComplete = deployment.condition("Progressing")?.reason == "NewReplicaSetAvailable"
        guard isUpdated, wasComplete else { return .rollingOut }
        // At the end of a rollout the Deployment may be heard of before its last pod: nothing is missing then.
        let isFull = deployment.ready == self.desired && deployment.available == self.desired
        guard isFull, let former else { return .degraded }
        let wasFull = former["revision"]?.string == self.revision && former["ready"]?.integer == self.desired
        return wasFull ? .degraded : .rollingOut
    }
}

/// Nobody waits for longer; a pod that became ready later than that was ready before and lost it for a while.
private let longestStartup = 600.0

/// How long the first of these pods took that was ready at its first start.
private func measuredStartup(of pods: [Pod]) -> Int64? {
    let times = pods.compactMap { pod -> (ready: Double, seconds: Double)? in
        guard pod.isReady, pod.containers.allSatisfy({ $0.restartCount == 0 }),
            let scheduled = pod.condition("PodScheduled").flatMap({ Timestamp.seconds($0.lastTransitionTime) }),
            let ready = pod.condition("Ready").flatMap({ Timestamp.seconds($0.lastTransitionTime) }),
            (0...longestStartup).contains(ready - scheduled)
        else { return nil }
        return (ready, ready - scheduled)
    }
    return times.min { $0.ready < $1.ready }.map { Int64($0.seconds) }
}

private func configurationRevision(of deployment: DynamicObject?) -> String {
    let annotations = deployment?.value["spec"]?["template"]?["metadata"]?["annotations"]
    return [ChildAnnotation.configRevision, ChildAnnotation.secretRevision]
        .compactMap { annotations?[$0]?.string }.joined(separator: "-")
}

extension ComponentObservation {
    /// The ReplicaSet that stands for the Deployment's present template.
    var currentReplicaSet: ReplicaSet? {
        guard let deployment = self.deployment else { return nil }
        let revision = DeploymentStatus(of: deployment.value).revision
        return revision.isEmpty ? nil : self.replicaSets.first { $0.revision == revision }
    }
}

private func failureList(
    of observation: ComponentObservation,
    _ deployment: DeploymentStatus?,
    current: ReplicaSet?,
    pods: [Pod],
    _ circumstances: PodDiagnosis.Circumstances
) -> [Failure] {
    var failures = pods.flatMap { pod in
        let isCurrent = pod.metadata.controller?.uid == current?.metadata.uid
        return PodDiagnosis.failures(
            of: pod,
            events: observation.events[pod.metadata.uid] ?? [],
            nodeTrouble: observation.nodeTroubles[pod.nodeName],
            image: observation.image,
            circumstances
        )
        .map { failure in
            var failure = failure.keepingCause(from: observation.former)
            failure.isOfCurrentRevision = isCurrent
            return failure
        }
    }
    if let refused = deployment?.condition("ReplicaFailure"), refused.isTrue {
        failures.append(Failure(.podCreationFailed, refused))
    }
    if let progressing = deployment?.condition("Progressing"), progressing.reason == "ProgressDeadlineExceeded" {
        failures.append(Failure(.progressDeadlineExceeded, progressing))
    }
    return Array(failures.sorted(by: Failure.precedes).prefix(mostFailures))
}

extension Failure {
    /// The failure with the words that the status had for it.
    ///
    /// Why an image cannot be pulled a kubelet says for a moment only; then it says for minutes that it will try again.
    fileprivate func keepingCause(from former: JSONValue?) -> Failure {
        guard self.rawReason == "ImagePullBackOff" else { return self }
        let known = former?["failures"]?.array?.first { entry in
            entry["reason"]?.string == self.reason.rawValue && entry["pod"]?.string == self.pod
                && entry["container"]?.string == self.container && entry["rawReason"]?.string != self.rawReason
        }
        guard let rawReason = known?["rawReason"]?.string, let message = known?["message"]?.string else { return self }
        var failure = self
        (failure.rawReason, failure.message) = (rawReason, message)
        return failure
    }

    /// What the Deployment controller says.
    fileprivate init(_ reason: FailureClass, _ condition: PodCondition) {
        self.init(
            reason: reason,
            rawReason: condition.reason,
            message: shortened(condition.message),
            since: condition.lastTransitionTime
        )
        self.hint = FailureHint.text(for: self, image: "", namespace: "")
    }
}
