internal import ControllerRuntime
internal import KubernetesAPI
internal import KubernetesClient
internal import TodoAppAPI

/// Makes all children of an app what they should be, in an order in which nothing is started before what it needs is there.
struct ChildrenSync {
    private let app: EffectiveApp
    /// Rendered anew only where a Service's answer changes what is known.
    private var inputs: RenderInputs {
        didSet {
            if self.inputs != oldValue { self.wanted = children(of: self.app, inputs: self.inputs) }
        }
    }
    private var wanted: [Child]
    private let writer: ChildWriter

    /// The UIDs of what was deleted, or could not be: the stores show it for a while.
    private var pruned: Set<String> = []

    /// What stood in the way.
    private(set) var problems: [SyncProblem] = []
    /// What was done.
    private(set) var events: [AppEvent] = []
    private var writes: [ChildWrite] = []
    private var deleted: [String] = []
    /// Whether anything was written or deleted.
    var hasChangedAnything: Bool { !self.writes.isEmpty || !self.deleted.isEmpty }
    /// The types of children that were written.
    private(set) var written: Set<ResourceType> = []
    /// When what waits can be written; `nil` where nothing waits.
    private(set) var postponed: Duration?

    init(app: EffectiveApp, inputs: RenderInputs, writer: ChildWriter) {
        self.app = app
        self.inputs = inputs
        self.wanted = children(of: app, inputs: inputs)
        self.writer = writer
    }

    /// Writes what differs, then deletes what is no longer wanted.
    mutating func run() async {
        await self.writeAndPrune()
        self.events = ChildWrite.events(of: self.writes) + self.events
        if !self.deleted.isEmpty {
            let note = "deleted what is no longer wanted: \(self.deleted.joined(separator: ", "))"
            self.events.append(AppEvent(.normal, "ResourcePruned", .sync, note))
        }
    }

    private mutating func writeAndPrune() async {
        // What a rollback returns to is written before anything that it undoes: else nobody would know of it any more.
        await self.write([.controllerRevisions])
        guard self.problems.isEmpty || self.inputs.good?.failed == nil else { return }
        await self.writeServices()
        // With the Services' answers the configuration is known, and with that the pods' templates.
        await self.write(
            [.serviceAccounts, .secrets, .configMaps, .persistentVolumeClaims] + OptionalAPI.networkPolicies.versions
        )
        // An autoscaler that is to go would take the wanted number of pods for a mistake.
        await self.prune(OptionalAPI.horizontalPodAutoscalers.versions)
        await self.write([.statefulSets, .deployments] + OptionalAPI.podDisruptionBudgets.versions)
        await self.write(
            [OptionalAPI.horizontalPodAutoscalers, .ingresses, .httpRoutes].flatMap(\.versions)
        )
        await self.prune(self.writer.world.servedChildren.map(\.type))
    }

    // MARK: Services

    /// The API server picks node ports, and the front door's is part of the app's configuration: were it learnt later, every
    /// app would be rolled out twice.
    private mutating func writeServices() async {
        var written = await self.attempt([.services])
        let taken = Set(written.errors.compactMap(\.componentWithTakenNodePort))
        if !taken.isEmpty {
            // Somebody else has the port: Kubernetes picks another one, and the Service says which was wanted.
            self.inputs.takenNodePorts.formUnion(taken)
            self.events += taken.sorted { $0.rawValue < $1.rawValue }.map(self.takenEvent)
            let second = await self.attempt([.services])
            written.errors = written.errors.filter { $0.componentWithTakenNodePort == nil } + second.errors
            written.writes += second.writes
        }
        self.note(written)
        let door = self.app.frontDoor?.childName
        if let service = written.writes.last(where: { $0.child.name == door }) {
            self.inputs.nodePort = self.writer.world.nodePortAddress(
                of: self.app,
                service: (try? service.stored.object())?.value
            )
        }
    }

    private func takenEvent(_ component: ComponentName) -> AppEvent {
        let port = self.app[component]?.nodePort.map { "\($0)" } ?? ""
        let note = "node port \(port) of the \(component.rawValue) belongs to another Service; Kubernetes picks one"
        return AppEvent(.warning, StatusReason.nodePortTaken.rawValue, .sync, note)
    }

    // MARK: Writing

    private struct Written {
        var writes: [ChildWrite] = []
        var errors: [WriteError] = []
    }

    private mutating func write(_ types: [ResourceType]) async {
        let written = await self.attempt(types)
        self.note(written)
    }

    private mutating func note(_ written: Written) {
        self.problems += written.errors.map(SyncProblem.init)
        self.writes += written.writes
        self.written.formUnion(written.writes.map(\.child.resource))
    }

    /// Writes the children of some types that differ, side by side.
    private mutating func attempt(_ types: [ResourceType]) async -> Written {
        let writer = self.writer
        let pending = self.wanted.filter { child in
            types.contains(child.resource) && writer.isPending(child) && !self.waitsForBackend(child)
        }
        let pauses = pending.map { writer.pause(before: $0) }
        self.postponed = ([self.postponed] + pauses).compactMap { $0 }.min()
        let due = zip(pending, pauses).filter { $0.1 == nil }.map { $0.0 }
        return await withTaskGroup(of: Result<ChildWrite?, WriteError>.self) { tasks in
            for child in due {
                tasks.addTask {
                    do throws(WriteError) {
                        return .success(try await writer.write(child))
                    } catch {
                        return .failure(error)
                    }
                }
            }
            var written = Written()
            for await result in tasks {
                switch result {
                case .success(let write): written.writes += [write].compactMap { $0 }
                case .failure(let error): written.errors.append(error)
                }
            }
            // In one order, whoever was faster, so that the user reads the same each time.
            written.errors.sort { $0.child.name < $1.child.name }
            written.writes.sort { ($0.child.resource.kind, $0.child.name) < ($1.child.resource.kind, $1.child.name) }
            return written
        }
    }

    /// Whether a Deployment waits until the backend is rolled out; what somebody else has changed is put back at once.
    private func waitsForBackend(_ child: Child) -> Bool {
        guard self.app.spec.rollout.order == .backendFirst, child.resource == .deployments else { return false }
        guard child.role == .component(.frontend), !self.writer.isDrift(child) else { return false }
        let backend = self.wanted.first { $0.resource == .deployments && $0.role == .component(.backend) }
        return backend.map { !self.writer.isRolledOut($0) } ?? true
    }

    // MARK: Pruning

    /// Deletes own children of some types that are no longer wanted.
    private mutating func prune(_ types: [ResourceType]) async {
        let unwanted = self.writer.world.unwanted(
            types,
            beside: self.wanted,
            of: self.app,
            owner: self.writer.owner,
            withheld: self.inputs.withheld
        )
        for (type, metadata) in unwanted.map({ ($0.type, $0.metadata) }) {
            guard self.pruned.insert(metadata.uid).inserted else { continue }
            do throws(KubernetesClientError) {
                try await self.writer.delete(type, metadata)
                self.deleted.append("\(type.kind) \(metadata.name)")
            } catch {
                self.problems.append(
                    SyncProblem(.applyFailed, "\(type.kind) \(metadata.name): \(error.cause)", isPassing: true)
                )
            }
        }
    }
}
