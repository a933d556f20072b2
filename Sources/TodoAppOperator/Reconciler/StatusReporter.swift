internal import ControllerRuntime
internal import JSON
internal import KubernetesAPI
internal import KubernetesClient
internal import TodoAppAPI

/// Says in the status of TodoApps how far the world is as they want it.
struct StatusReporter: Sendable {
    private let client: KubernetesClient
    private let world: World
    private let ledger: WriteLedger<ObjectKey>
    private let measurements: Measurements
    private let pace: StatusPace
    private let surroundings: TodoAppReconciler.Surroundings

    init(
        client: KubernetesClient,
        world: World,
        ledger: WriteLedger<ObjectKey>,
        time: TimeSource,
        surroundings: TodoAppReconciler.Surroundings
    ) {
        self.client = client
        self.world = world
        self.ledger = ledger
        self.measurements = Measurements(images: ImageSizes(client: client, time: time))
        self.pace = StatusPace(time: time)
        self.surroundings = surroundings
    }

    /// Forgets a TodoApp that is gone.
    func forget(_ key: ObjectKey) {
        self.measurements.forget(key)
        self.pace.forget(key)
    }

    /// What a pass over the children has brought; no app where the spec cannot be read.
    struct Report {
        var app: EffectiveApp?
        var sync = SyncResult()
    }

    /// Judges what is seen, and writes the status if it differs.
    func report(_ object: TodoAppObject, _ report: Report) async -> Outcome {
        let now = self.surroundings.now()
        let circumstances = PodDiagnosis.Circumstances(
            now: now,
            isMinikube: report.app?.spec.environment == .minikube
        )
        var observations =
            report.app.map { app in app.components.map { self.world.observe($0, of: app) } }
            ?? self.world.observeExisting(of: object.metadata, status: object.status)
        for index in observations.indices {
            observations[index].former = object.status?["components"]?[observations[index].name.rawValue]
        }
        let again = await self.measurements.add(to: &observations, of: object)
        let components = observations.map { ComponentStatus(of: $0, circumstances) }
        let urls = Dictionary(observations.map { ($0.name, $0.url) }) { $1 }
        self.measurements.note(components, of: object.metadata.key)
        let status = AppStatus(
            AppStatus.Facts(
                metadata: object.metadata,
                former: object.status,
                app: report.app,
                sync: report.sync,
                components: components,
                endpoints: report.app.map { self.endpoints(of: $0, inside: urls) } ?? [],
                now: now,
                operatorVersion: self.surroundings.operatorVersion
            )
        )
        do throws(KubernetesClientError) {
            if let wait = try await self.write(status, of: object) { return .requeue(after: wait) }
        } catch {
            // Deleted meanwhile: there is nobody left to tell.
            return error.status?.isNotFound == true ? .done : .retry("\(error)")
        }
        let looks = [again, secondLook(at: observations, components), self.lookAfter(status, of: object, report.app)]
            .compactMap { $0 }
        return outcome(of: report.sync, secondLook: looks.min())
    }

    /// A rollback goes by the status that was written last, of which nobody hears again: a new word on readiness is looked at
    /// at once, so that a spec that has just become good is kept as such.
    private func lookAfter(_ status: AppStatus, of object: TodoAppObject, _ app: EffectiveApp?) -> Duration? {
        guard app?.spec.rollout.onFailure == .rollback else { return nil }
        let (before, after) = (FormerConditions(object.status)["Ready"], FormerConditions(status.json)["Ready"])
        return before?.reason == after?.reason ? nil : .zero
    }

    /// - Parameter urls: Where the components are reached inside the cluster.
    private func endpoints(of app: EffectiveApp, inside urls: [ComponentName: String]) -> [Endpoint] {
        var endpoints: [Endpoint] = []
        // The front door first: it is what people look for.
        let door = app.components.filter { $0.name == app.spec.frontDoor }
        for component in door + app.components.filter({ $0.name != app.spec.frontDoor }) {
            let name = component.name.rawValue
            let key = ObjectKey(namespace: app.namespace, name: component.childName)
            if component.serviceType == .nodePort, let service = self.world.child(.services, key),
                let address = self.world.nodePortAddress(ofService: service.value)
            {
                endpoints.append(Endpoint(name: name, scope: .external, url: address.url))
            }
            if component.name == app.spec.frontDoor, let url = self.world.outsideURL(of: component, app: app) {
                endpoints.append(Endpoint(name: name, scope: .external, url: url))
            }
            if let url = urls[component.name] { endpoints.append(Endpoint(name: name, scope: .internal, url: url)) }
        }
        return endpoints
    }

    /// Writes the status if it says something new, and tells what that is.
    ///
    /// - Returns: How long to wait before the TodoApp is looked at again: because the status may not be written yet, or because
    ///   the answer shows another TodoApp than the one that was judged; `nil` if nothing is left to do.
    private func write(
        _ status: AppStatus,
        of object: TodoAppObject
    ) async throws(KubernetesClientError) -> Duration? {
        let key = object.metadata.key
        let patch = JSONValue.difference(from: object.status ?? .object(JSONObject()), to: status.json)
        guard patch.object?.isEmpty == false else { return nil }
        let isBadNews = isReady(object.status) && !isReady(status.json)
        if let wait = self.pace.remainingWait(for: key, isBadNews: isBadNews) { return wait }
        let stored = try await self.client.merge(
            TodoAppObject.resource,
            key,
            subresource: "status",
            // Bound to this very TodoApp: one that was deleted and made anew has a history of its own.
            ["metadata": ["uid": .string(object.metadata.uid)], "status": patch],
            fieldManager: ChildWriter.fieldManager
        )
        self.pace.wrote(key)
        let version = ResourceVersion(stored["metadata"]?["resourceVersion"]?.string ?? "")
        self.ledger.note(key, wrote: version)
        self.surroundings.tell(AppEvent.transitions(from: object.status, to: status), of: object.metadata)
        guard let answer = try? TodoAppObject(json: stored), self.world.apps.anticipate(answer) else {
            self.ledger.record(key, wrote: version, to: self.world.apps, in: key.namespace)
            return nil
        }
        // The store shows it from now on, and the watch will have nothing to tell.
        return answer.isAsJudged(object) ? nil : .zero
    }
}

private func isReady(_ status: JSONValue?) -> Bool { FormerConditions(status)["Ready"]?.status == .true }

/// How long after a problem that is not ours to mend we look again, since no watch tells when it is mended.
private let patience = Duration.seconds(30)

private func outcome(of sync: SyncResult, secondLook: Duration?) -> Outcome {
    if let passing = sync.problems.first(where: \.isPassing) {
        return .retry(passing.message)
    }
    // No watch tells when these are mended.
    let unseen = sync.problems.contains(where: \.reason.isMendedUnseen) ? patience : nil
    let next = [sync.lookAgain, secondLook, unseen].compactMap { $0 }.min()
    return next.map { .requeue(after: $0) } ?? .done
}

extension SyncReason {
    /// Whether it may be mended without anything that a watch tells of.
    fileprivate var isMendedUnseen: Bool {
        switch self {
        case .invalidSpec, .referencedSecretNotFound, .referencedKeyNotFound, .invalidSecretValue, .rolledBack:
            false
        // A database's too: a pod that finds no node is said to fail when a while has passed.
        default: true
        }
    }
}

/// When the mere passing of time changes what is to be said of the pods; `nil` for never.
private func secondLook(at observations: [ComponentObservation], _ components: [ComponentStatus]) -> Duration? {
    if observations.contains(where: \.hasPodWithoutNode) {
        return .seconds(Int64(PodDiagnosis.schedulingPatience))
    }
    let isPreparing = components.contains { component in
        component.failures.contains { PodEvent.Kind(rawValue: $0.rawReason) != nil && $0.container.isEmpty }
    }
    return isPreparing ? .seconds(Int64(PodDiagnosis.preparationMemory)) : nil
}

extension ComponentObservation {
    /// Whether a pod waits for a node, which becomes a failure by the mere passing of time.
    fileprivate var hasPodWithoutNode: Bool {
        self.pods.contains { pod in
            pod.condition("PodScheduled").map { !$0.isTrue && $0.reason == "Unschedulable" } ?? false
        }
    }
}

extension TodoAppObject {
    /// Whether everything that a pass goes by, but for the status that it writes, is what it was.
    fileprivate func isAsJudged(_ judged: TodoAppObject) -> Bool {
        let (now, then) = (self.metadata, judged.metadata)
        return now.generation == then.generation && now.isBeingDeleted == then.isBeingDeleted
            && now.labels == then.labels && now.annotations == then.annotations
    }
}
