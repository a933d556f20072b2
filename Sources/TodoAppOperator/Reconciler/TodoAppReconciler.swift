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
        /// Takes what is worth telling the user; it must not block.
        public var tell: @Sendable (EventNote) -> Void

        /// Surroundings by their parts.
        public init(
            now: @escaping @Sendable () -> Double,
            randomBytes: @escaping @Sendable (Int) -> [UInt8],
            operatorVersion: String,
            tell: @escaping @Sendable (EventNote) -> Void = { _ in }
        ) {
            self.now = now
            self.randomBytes = randomBytes
            self.operatorVersion = operatorVersion
            self.tell = tell
        }
    }

    private let client: KubernetesClient
    private let world: World
    private let ledger: WriteLedger<ObjectKey>
    private let secrets: SecretResolver
    private let surroundings: Surroundings

    /// A reconciler that reads from these stores and writes with this client.
    public init(
        client: KubernetesClient,
        world: World,
        ledger: WriteLedger<ObjectKey>,
        surroundings: Surroundings
    ) {
        self.client = client
        self.world = world
        self.ledger = ledger
        self.secrets = SecretResolver(client: client, world: world, randomBytes: surroundings.randomBytes)
        self.surroundings = surroundings
    }

    /// One pass over one TodoApp.
    public func reconcile(_ key: ObjectKey) async -> Outcome {
        guard let object = self.world.apps[key] else {
            // The children go with it: that is the garbage collector's work.
            self.secrets.forget(key)
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
            self.tellUnbuiltFields(of: app, object)
            let sync = await self.sync(app, owner: object.metadata)
            if sync.problems.isEmpty, object.status != nil, let wait = self.ledger.remainingWait(for: key) {
                // The stores still show the world before these writes: judged now, an old Deployment would pass for the new
                // one. Until the writes come back the status keeps its old observedGeneration, which is the truth.
                return .requeue(after: wait)
            }
            return await self.report(object, Report(app: app, sync: sync))
        } catch {
            let problem = SyncProblem(.invalidSpec, "\(error)")
            return await self.report(object, Report(sync: SyncResult(problems: [problem])))
        }
    }
}

// MARK: - The children

extension TodoAppReconciler {
    private func sync(_ app: EffectiveApp, owner: ObjectMeta) async -> SyncResult {
        let secret: ResolvedSecret
        do throws(SyncProblem) {
            secret = try await self.secrets.resolve(app, owner: owner)
        } catch {
            return SyncResult(problems: [error])
        }
        var inputs = self.world.inputs(of: app, owner: owner, secret: secret)
        inputs.secretSources = self.secrets.stamp(of: app)
        let writer = ChildWriter(client: self.client, world: self.world, ledger: self.ledger, owner: owner)
        if app.spec.paused {
            return SyncResult(pendingChanges: children(of: app, inputs: inputs).count(where: writer.isPending))
        }
        var sync = ChildrenSync(app: app, inputs: inputs, writer: writer)
        await sync.run()
        self.tell(sync.events, of: owner)
        return SyncResult(problems: secret.problems + sync.problems)
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
        let observations =
            report.app.map { app in app.components.map { self.world.observe($0, of: app) } }
            ?? self.world.observeExisting(of: object.metadata, status: object.status)
        let status = AppStatus(
            AppStatus.Facts(
                metadata: object.metadata,
                former: object.status,
                app: report.app,
                sync: report.sync,
                components: observations.map { ComponentStatus(of: $0, circumstances) },
                endpoints: report.app.map(self.endpoints) ?? [],
                now: now,
                operatorVersion: self.surroundings.operatorVersion
            )
        )
        do throws(KubernetesClientError) {
            try await self.write(status, of: object)
            self.tell(AppEvent.transitions(from: object.status, to: status), of: object.metadata)
        } catch {
            // Deleted meanwhile: there is nobody left to tell.
            return error.status?.isNotFound == true ? .done : .retry("\(error)")
        }
        return outcome(of: report.sync, waitsForNode: observations.contains(where: \.hasPodWithoutNode))
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

    /// Once for each generation, which is when the status has not seen it yet.
    private func tellUnbuiltFields(of app: EffectiveApp, _ object: TodoAppObject) {
        guard object.status?["observedGeneration"]?.integer != object.metadata.generation else { return }
        let fields = app.unbuiltFields
        guard !fields.isEmpty else { return }
        let note = "\(fields.joined(separator: ", ")): without effect in this release of the operator"
        self.tell([AppEvent(.warning, "FieldWithoutEffect", .validate, note)], of: object.metadata)
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
            let url = self.world.serviceURL(of: component, app: app)
            endpoints.append(Endpoint(name: name, scope: .internal, url: url))
        }
        return endpoints
    }

    private func write(_ status: AppStatus, of object: TodoAppObject) async throws(KubernetesClientError) {
        let patch = JSONValue.difference(from: object.status ?? .object(JSONObject()), to: status.json)
        guard patch.object?.isEmpty == false else { return }
        let stored = try await self.client.merge(
            TodoAppObject.resource,
            object.metadata.key,
            subresource: "status",
            // Bound to this very TodoApp: one that was deleted and made anew has a history of its own.
            ["metadata": ["uid": .string(object.metadata.uid)], "status": patch],
            fieldManager: ChildWriter.fieldManager
        )
        let version = ResourceVersion(stored["metadata"]?["resourceVersion"]?.string ?? "")
        self.ledger.record(object.metadata.key, wrote: version, to: self.world.apps)
    }
}

/// How long after a problem that is not ours to mend we look again, since no watch tells when it is mended.
private let patience = Duration.seconds(30)

private func outcome(of sync: SyncResult, waitsForNode: Bool) -> Outcome {
    if let passing = sync.problems.first(where: \.isPassing) {
        return .retry(passing.message)
    }
    guard let problem = sync.problems.first else {
        return waitsForNode ? .requeue(after: .seconds(Int64(PodDiagnosis.schedulingPatience))) : .done
    }
    switch problem.reason {
    case .invalidSpec, .referencedSecretNotFound, .referencedKeyNotFound, .invalidSecretValue: return .done
    default: return .requeue(after: patience)
    }
}

extension ComponentObservation {
    /// Whether a pod waits for a node, which becomes a failure by the mere passing of time.
    fileprivate var hasPodWithoutNode: Bool {
        self.pods.contains { pod in
            pod.condition("PodScheduled").map { !$0.isTrue && $0.reason == "Unschedulable" } ?? false
        }
    }
}
