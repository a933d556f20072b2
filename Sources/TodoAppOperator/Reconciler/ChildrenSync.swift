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

    /// What stood in the way.
    private(set) var problems: [SyncProblem] = []
    /// What was done.
    private(set) var events: [AppEvent] = []

    init(app: EffectiveApp, inputs: RenderInputs, writer: ChildWriter) {
        self.app = app
        self.inputs = inputs
        self.wanted = children(of: app, inputs: inputs)
        self.writer = writer
    }

    /// Writes what differs, then deletes what is no longer wanted.
    mutating func run() async {
        await self.writeServices()
        // With the Services' answers the configuration is known, and with that the pods' templates.
        await self.write([.serviceAccounts, .secrets, .configMaps])
        await self.write(Self.workloads)
        await self.prune()
    }

    private static let workloads: Set<ResourceType> = [
        .deployments, .podDisruptionBudgets, .podDisruptionBudgetsBeta,
    ]

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
            self.inputs.nodePort = self.writer.world.nodePortAddress(of: self.app, service: service.stored)
        }
    }

    private func takenEvent(_ component: ComponentName) -> AppEvent {
        let port = self.app[component]?.nodePort.map { "\($0)" } ?? ""
        let note = "node port \(port) of the \(component.rawValue) belongs to another Service; Kubernetes picks one"
        return AppEvent(.warning, "NodePortTaken", .sync, note)
    }

    // MARK: Writing

    private struct Written {
        var writes: [ChildWrite] = []
        var errors: [WriteError] = []
    }

    private mutating func write(_ types: Set<ResourceType>) async {
        self.note(await self.attempt(types))
    }

    private mutating func note(_ written: Written) {
        self.problems += written.errors.map(SyncProblem.init)
        self.events += written.writes.map(\.event)
    }

    /// Writes the children of some types that differ, side by side.
    private func attempt(_ types: Set<ResourceType>) async -> Written {
        let writer = self.writer
        let pending = self.wanted.filter { child in
            types.contains(child.resource) && writer.isPending(child)
        }
        return await withTaskGroup(of: Result<ChildWrite?, WriteError>.self) { tasks in
            for child in pending {
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

    // MARK: Pruning

    /// Deletes own children that are no longer wanted.
    private mutating func prune() async {
        let unwanted = self.writer.world.unwanted(
            beside: self.wanted,
            of: self.app,
            owner: self.writer.owner,
            withheld: self.inputs.withheld
        )
        for (type, metadata) in unwanted.map({ ($0.type, $0.metadata) }) {
            do throws(KubernetesClientError) {
                try await self.writer.delete(type, metadata)
                let note = "deleted \(type.kind) \(metadata.name), which is no longer wanted"
                self.events.append(AppEvent(.normal, "ResourcePruned", .sync, note))
            } catch {
                self.problems.append(
                    SyncProblem(.applyFailed, "\(type.kind) \(metadata.name): \(error.cause)", isPassing: true)
                )
            }
        }
    }
}
