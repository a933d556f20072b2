public import ControllerRuntime
internal import JSON
public import KubernetesAPI
public import KubernetesClient
internal import TodoAppAPI

/// Makes the world as a TodoApp wants it, and says in its status how far that is.
///
/// One pass, from top to bottom: read the spec, put the Secret together, render the children, write those that differ,
/// delete those that are no longer wanted, judge what is seen, write the status if it differs.
public final class TodoAppReconciler: Sendable {
    /// What comes from outside beside the cluster.
    public struct Surroundings: Sendable {
        /// Seconds since 1970.
        public var now: @Sendable () -> Double
        /// So many bytes that nobody can guess.
        public var randomBytes: @Sendable (Int) -> [UInt8]
        /// What the status calls the operator's version.
        public var operatorVersion: String
        /// The image of embedded databases.
        public var databaseImage: String
        /// Takes what is worth telling the user; it must not block.
        public var tell: @Sendable (EventNote) -> Void

        /// Surroundings by their parts.
        public init(
            now: @escaping @Sendable () -> Double,
            randomBytes: @escaping @Sendable (Int) -> [UInt8],
            operatorVersion: String,
            databaseImage: String = defaultDatabaseImage,
            tell: @escaping @Sendable (EventNote) -> Void = { _ in }
        ) {
            self.now = now
            self.randomBytes = randomBytes
            self.operatorVersion = operatorVersion
            self.databaseImage = databaseImage
            self.tell = tell
        }
    }

    private let client: KubernetesClient
    private let world: World
    private let ledger: WriteLedger<ObjectKey>
    private let secrets: SecretResolver
    private let discovery: APIDiscovery
    private let memory: ChildMemory
    private let databases: DatabaseResolver
    private let measurements: Measurements
    private let pace: StatusPace
    private let surroundings: Surroundings

    /// A reconciler that reads from these stores and writes with this client.
    public init(
        client: KubernetesClient,
        world: World,
        ledger: WriteLedger<ObjectKey>,
        time: TimeSource = .system,
        surroundings: Surroundings
    ) {
        self.client = client
        self.world = world
        self.ledger = ledger
        self.secrets = SecretResolver(client: client, world: world, randomBytes: surroundings.randomBytes)
        self.memory = ChildMemory(time: time)
        self.databases = DatabaseResolver(client: client, world: world, randomBytes: surroundings.randomBytes)
        self.discovery = APIDiscovery(client: client, registry: world.apis, time: time)
        self.measurements = Measurements(images: ImageSizes(client: client, time: time))
        self.pace = StatusPace(time: time)
        self.surroundings = surroundings
    }

    /// One pass over one TodoApp.
    public func reconcile(_ key: ObjectKey) async -> Outcome {
        guard let object = self.world.apps[key] else {
            // The children go with it: that is the garbage collector's work.
            self.secrets.forget(key)
            self.memory.forget(key)
            self.databases.forget(key)
            self.measurements.forget(key)
            self.pace.forget(key)
            return .done
        }
        if let wait = self.ledger.remainingWait(for: key) {
            // What was written last has not come back yet; it will bring the key back when it does.
            return .requeue(after: wait)
        }
        if object.metadata.isBeingDeleted {
            return await self.report(object, Report())
        }
        do {
            let spec = try TodoAppSpec.read(object.spec, name: object.metadata.name)
            let app = EffectiveApp(name: key.name, namespace: key.namespace ?? "", spec: spec)
            let pass = await self.sync(app, object)
            let sync = pass.result
            if sync.problems.isEmpty, object.isJudged, let wait = sync.lookAgain {
                // A change waits for others to be made with it; until then the status keeps what it says.
                return .requeue(after: wait)
            }
            if sync.problems.isEmpty, object.isJudged, let wait = self.ledger.remainingWait(for: key) {
                // The stores still show the world before these writes: judged now, an old Deployment would pass for the new
                // one. Until the writes come back the status keeps its old observedGeneration, which is the truth.
                return .requeue(after: wait)
            }
            return await self.report(object, Report(app: pass.app, sync: sync))
        } catch {
            let problem = SyncProblem(.invalidSpec, "\(error)")
            return await self.report(object, Report(sync: SyncResult(problems: [problem])))
        }
    }
}

// MARK: - The children

extension TodoAppReconciler {
    /// What came of a pass over the children.
    private struct Pass {
        /// The app whose children these are: that of the spec, or of the last good one.
        var app: EffectiveApp
        var result: SyncResult
    }

    private func sync(_ app: EffectiveApp, _ object: TodoAppObject) async -> Pass {
        let owner = object.metadata
        let writer = self.writer(for: owner)
        var app = app
        var secret: Credentials
        var good: GoodRevision?
        do throws(SyncProblem) {
            secret = try await self.credentials(of: app, owner: owner)
            let rollback = self.rollback(app, object, secret)
            good = rollback.kept
            if let former = rollback.formerApp(of: app), !app.spec.paused {
                app = former
                secret = try await self.credentials(of: app, owner: owner)
                if good?.failed?.isReplaced == false {
                    let isReplaced = self.isRolledOut(app, owner: owner, secret: secret, good: good)
                    good?.failed?.isReplaced = isReplaced
                }
                self.tell(rollback.events(now: good), of: owner)
            }
        } catch {
            return Pass(app: app, result: SyncResult(problems: [error]))
        }
        let missing = await self.discovery.missing(of: Set(app.optionalAPIs.map(\.api)))
        let inputs = self.inputs(of: app, owner: owner, secret: secret, good: good)
        if app.spec.paused {
            let pending = children(of: app, inputs: inputs).count(where: writer.isPending)
            return Pass(app: app, result: SyncResult(pendingChanges: pending))
        }
        var sync = ChildrenSync(app: app, inputs: inputs, writer: writer)
        await sync.run()
        self.tell(sync.events, of: owner)
        if sync.written.contains(.secrets) {
            self.tell(secret.secret.events(in: app.ownSecretName), of: owner)
        }
        let fights = self.memory.fights(of: owner.key)
        // A child that is left alone just now has been told of already.
        let others = sync.problems.filter { $0.reason != .driftFight }
        let problems =
            secret.secret.problems + others + fights.messages.map { SyncProblem(.driftFight, $0) }
            + app.problems(withMissing: missing)
            + [good.flatMap { Rollback.problem($0) }, self.world.databaseProblem(of: app)].compactMap { $0 }
        let result = SyncResult(
            problems: problems,
            handledRestart: problems.isEmpty ? inputs.restartedAt.values.max() : nil,
            lookAgain: [fights.next, sync.postponed].compactMap { $0 }.min()
        )
        return Pass(app: app, result: result)
    }

    /// What the pods read, and what opens the database that the operator runs.
    private struct Credentials {
        var secret: ResolvedSecret
        var database: DatabaseCredentials?
    }

    private func credentials(of app: EffectiveApp, owner: ObjectMeta) async throws(SyncProblem) -> Credentials {
        let database = try await self.databases.resolve(app, owner: owner)
        let secret = try await self.secrets.resolve(app, owner: owner, database: database)
        return Credentials(secret: secret, database: database)
    }

    private func writer(for owner: ObjectMeta) -> ChildWriter {
        ChildWriter(client: self.client, world: self.world, ledger: self.ledger, memory: self.memory, owner: owner)
    }

    private func inputs(
        of app: EffectiveApp,
        owner: ObjectMeta,
        secret: Credentials,
        good: GoodRevision?
    ) -> RenderInputs {
        var inputs = self.world.inputs(of: app, owner: owner, secret: secret.secret)
        inputs.secretSources = self.secrets.stamp(of: app, database: secret.database)
        inputs.database = secret.database
        inputs.databaseImage = self.surroundings.databaseImage
        inputs.good = good
        return inputs
    }

    // MARK: Rollback

    private func rollback(_ app: EffectiveApp, _ object: TodoAppObject, _ secret: Credentials) -> Rollback {
        let (owner, status) = (object.metadata, object.status)
        let ready = FormerConditions(status)["Ready"]
        let isSeen = status?["observedGeneration"]?.integer == owner.generation
        let isReady = isSeen && ready?.status == .true && ready?.reason == "AllComponentsReady"
        let writer = self.writer(for: owner)
        var failed: ComponentName?
        if app.spec.rollout.onFailure == .rollback, isSeen, !isReady {
            let inputs = self.inputs(of: app, owner: owner, secret: secret, good: nil)
            let deployments = children(of: app, inputs: inputs).filter { $0.resource == .deployments }
            failed = deployments.first { writer.hasFailed($0) }?.component
        }
        return Rollback(
            Rollback.Facts(
                action: app.spec.rollout.onFailure,
                generation: owner.generation,
                spec: object.spec,
                isReady: isReady,
                failed: failed,
                kept: self.world.goodRevision(of: owner)
            )
        )
    }

    /// Whether every pod is of the app's present templates.
    private func isRolledOut(
        _ app: EffectiveApp,
        owner: ObjectMeta,
        secret: Credentials,
        good: GoodRevision?
    ) -> Bool {
        let writer = self.writer(for: owner)
        let wanted = children(of: app, inputs: self.inputs(of: app, owner: owner, secret: secret, good: good))
        let deployments = wanted.filter { $0.resource == .deployments }
        return deployments.count == app.components.count && deployments.allSatisfy { writer.isRolledOut($0) }
    }
}

extension Rollback {
    /// What is to be kept in the cluster.
    fileprivate var kept: GoodRevision? {
        switch self {
        case .none(let keep): keep
        case .begin(let good, _), .stay(let good): good
        }
    }

    /// What the user hears of it, the good revision being what it is now.
    fileprivate func events(now good: GoodRevision?) -> [AppEvent] {
        switch self {
        case .none: []
        case .begin(let good, let failed): [Self.begun(good, failed: failed)]
        case .stay(let before):
            good?.failed?.isReplaced == true && before.failed?.isReplaced == false ? [Self.completed(before)] : []
        }
    }

    /// The app of the spec that was good; `nil` where the app's own spec is to run.
    fileprivate func formerApp(of app: EffectiveApp) -> EffectiveApp? {
        switch self {
        case .none: nil
        case .begin(let good, _), .stay(let good):
            (try? TodoAppSpec.read(good.spec, name: app.name)).map { spec in
                EffectiveApp(name: app.name, namespace: app.namespace, spec: spec)
            }
        }
    }
}

// MARK: - The status

extension TodoAppReconciler {
    private struct Report {
        var app: EffectiveApp?
        var sync = SyncResult()
    }

    private func report(_ object: TodoAppObject, _ report: Report) async -> Outcome {
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
        self.measurements.note(components, of: object.metadata.key)
        let status = AppStatus(
            AppStatus.Facts(
                metadata: object.metadata,
                former: object.status,
                app: report.app,
                sync: report.sync,
                components: components,
                endpoints: report.app.map(self.endpoints) ?? [],
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

    private func tell(_ events: [AppEvent], of owner: ObjectMeta) {
        for event in events {
            self.surroundings.tell(
                EventNote(
                    regarding: ObjectReference(
                        apiVersion: TodoAppObject.resource.apiVersion,
                        kind: TodoAppObject.resource.kind,
                        key: owner.key,
                        uid: owner.uid
                    ),
                    kind: event.kind,
                    reason: event.reason,
                    action: event.action.rawValue,
                    note: event.note
                )
            )
        }
    }

    private func endpoints(of app: EffectiveApp) -> [Endpoint] {
        var endpoints: [Endpoint] = []
        // The front door first: it is what people look for.
        let door = app.components.filter { $0.name == app.spec.frontDoor }
        for component in door + app.components.filter({ $0.name != app.spec.frontDoor }) {
            let name = component.name.rawValue
            let service = self.world.child(.services, ObjectKey(namespace: app.namespace, name: component.childName))
            if component.serviceType == .nodePort, let service,
                let address = self.world.nodePortAddress(ofService: service.value)
            {
                endpoints.append(Endpoint(name: name, scope: .external, url: address.url))
            }
            if component.name == app.spec.frontDoor, let url = self.world.outsideURL(of: component, app: app) {
                endpoints.append(Endpoint(name: name, scope: .external, url: url))
            }
            let url = self.world.serviceURL(of: component, app: app)
            endpoints.append(Endpoint(name: name, scope: .internal, url: url))
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
        if let wait = self.pace.remainingWait(for: key) { return wait }
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
        self.tell(AppEvent.transitions(from: object.status, to: status), of: object.metadata)
        guard let answer = try? TodoAppObject(json: stored), self.world.apps.anticipate(answer) else {
            self.ledger.record(key, wrote: version, to: self.world.apps, in: key.namespace)
            return nil
        }
        // The store shows it from now on, and the watch will have nothing to tell.
        return answer.isAsJudged(object) ? nil : .zero
    }
}

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
        case .invalidSpec, .referencedSecretNotFound, .referencedKeyNotFound, .invalidSecretValue, .rolledBack,
            .databaseNotReady:
            false
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
