internal import JSON
internal import KubernetesAPI
internal import KubernetesClient
internal import Locks
internal import Logging

/// Performs what ``ReflectorMachine`` decides, for one selection: lists, watches, and fills its part of a store.
struct Reflector<Object: StoredObject>: Sendable {
    struct Options: Sendable {
        var initialSync: ReflectorMachine.InitialSync
        var outages: OutageLog
        var onUnreadable: @Sendable (String, String) -> Void
    }

    let selection: Selection
    let part: String?
    let client: KubernetesClient
    let store: Store<Object>
    let options: Options
    let refusals: OutageLog
    let time: TimeSource
    let logger: Logger
    private let project: @Sendable (DynamicObject) throws -> Object
    let onUnserved: @Sendable () -> Void
    private let onChange: @Sendable (StoreChange<Object>) -> Void
    let figures: Locked<ReflectorStatus>

    init(
        _ selection: Selection,
        part: String?,
        client: KubernetesClient,
        store: Store<Object>,
        options: Options,
        time: TimeSource,
        logger: Logger,
        project: @escaping @Sendable (DynamicObject) throws -> Object,
        onUnserved: @escaping @Sendable () -> Void,
        onChange: @escaping @Sendable (StoreChange<Object>) -> Void
    ) {
        self.selection = selection
        self.part = part
        self.client = client
        self.store = store
        self.options = options
        self.refusals = OutageLog(.refusal, threshold: 1, time: time, logger: logger)
        self.time = time
        self.logger = logger
        self.project = project
        self.onUnserved = onUnserved
        self.onChange = onChange
        self.figures = Locked(
            ReflectorStatus(resource: selection.type.resourceName, namespace: selection.namespace)
        )
    }

    var status: ReflectorStatus {
        var status = self.figures.withLock { $0 }
        status.version = self.store.version(in: self.part)
        return status
    }

    /// Copies until the task is cancelled.
    func run() async {
        var machine = ReflectorMachine(initialSync: self.options.initialSync)
        var liveness = StreamLiveness()
        var aside = Copy()
        var stream: WatchStream?
        var effects = machine.step(.begin)
        while !effects.isEmpty {
            var next: [ReflectorMachine.Effect] = []
            for effect in effects {
                switch effect {
                case .fetchPage(let token):
                    if token.isEmpty { aside = Copy() }
                    next += machine.step(await self.fetchPage(token, into: &aside))
                case .openInitialStream:
                    let (input, result) = await self.initialStream(liveness)
                    if let result { (aside, stream) = (result.copy, result.stream) }
                    next += machine.step(input)
                case .replaceStore(let version):
                    self.replaceStore(with: aside, version)
                    aside = Copy()
                case .openWatch(let version):
                    next += await self.watch(from: version, machine: &machine, liveness: &liveness)
                case .readOn:
                    guard var open = stream.take() else { break }
                    next += await self.read(&open, machine: &machine, liveness: &liveness)
                case .pause(let failures, let atLeast):
                    let pause = Backoff.watch.pause(failures: failures, random: self.time.random())
                    let slept: Void? = try? await self.time.sleep(max(pause, atLeast))
                    next += machine.step(slept == nil ? .stop : .resumed)
                }
            }
            effects = next
        }
    }

    private func replaceStore(with copy: Copy, _ version: ResourceVersion) {
        let changes = self.store.replace(
            withEntries: copy.objects,
            version: version,
            in: self.part,
            keeping: copy.unreadable
        )
        self.figures.withLock { figures in
            figures.isSynced = true
            figures.refusal = nil
            figures.syncs += 1
        }
        for change in changes {
            self.onChange(change)
        }
        self.logger.debug("synced", metadata: ["objects": "\(copy.objects.count)", "version": "\(version)"])
    }

    /// A collection that is being read, beside the one that is there.
    struct Copy: Sendable {
        var objects: [ObjectKey: Store<Object>.Entry] = [:]
        /// What is there but cannot be read.
        var unreadable: Set<ObjectKey> = []

        mutating func add(_ other: Copy) {
            self.objects.merge(other.objects) { _, new in new }
            self.unreadable.formUnion(other.unreadable)
        }
    }

    // MARK: The list

    private func fetchPage(_ token: String, into aside: inout Copy) async -> ReflectorMachine.Input {
        do {
            var page = Copy()
            let end = try await self.client.objects(
                self.selection,
                limit: pageSize,
                continueToken: token,
                begin: { page = Copy() },
                each: { self.read($0, into: &page) }
            )
            self.heard(events: 0)
            aside.add(page)
            return .page(end)
        } catch {
            self.report(error)
            return self.isOver(error) ? .stop : .listFailed(error)
        }
    }

    // MARK: The watch

    private func watch(
        from version: ResourceVersion,
        machine: inout ReflectorMachine,
        liveness: inout StreamLiveness
    ) async -> [ReflectorMachine.Effect] {
        let timeout = watchDuration(random: self.time.random())
        do {
            var stream = try await self.client.watch(
                self.selection,
                .after(version),
                timeout: timeout,
                idle: liveness.idleLimit(timeout: timeout)
            )
            self.figures.withLock { $0.watches += 1 }
            self.recovered()
            return await self.read(&stream, machine: &machine, liveness: &liveness)
        } catch {
            return self.failed(error, machine: &machine, liveness: &liveness)
        }
    }

    private func read(
        _ stream: inout WatchStream,
        machine: inout ReflectorMachine,
        liveness: inout StreamLiveness
    ) async -> [ReflectorMachine.Effect] {
        let began = self.time.now()
        var events = 0
        do {
            while let event = try await stream.next() {
                events += 1
                self.heard()
                if case .bookmark = event { liveness.sawBookmark() }
                let effects = machine.step(self.take(event))
                if !effects.isEmpty { return effects }
            }
            let wasUseful = events > 0 || self.time.now() - began >= .seconds(1)
            return machine.step(Task.isCancelled ? .stop : .watchEnded(wasUseful: wasUseful))
        } catch {
            return self.failed(error, machine: &machine, liveness: &liveness)
        }
    }

    private func failed(
        _ error: KubernetesClientError,
        machine: inout ReflectorMachine,
        liveness: inout StreamLiveness
    ) -> [ReflectorMachine.Effect] {
        if self.isOver(error) { return machine.step(.stop) }
        if error.isTimeout {
            liveness.timedOut()
            self.logger.debug("the watch was silent for too long, opening another one")
        } else {
            self.report(error)
        }
        return machine.step(.watchFailed(error))
    }

    private func take(_ event: WatchEvent) -> ReflectorMachine.Input {
        switch event {
        case .added(let object), .modified(let object):
            let version = object.metadata.resourceVersion
            // Most changes are the echo of what was written here.
            if self.store.holds(object.metadata.key, version) {
                self.store.advance(to: version, in: self.part)
            } else if let object = self.read(object) {
                self.store.update(object, in: self.part).map(self.onChange)
            } else {
                self.store.advance(to: version, in: self.part)
            }
            return .advanced(to: version)
        case .deleted(let object):
            let (key, version) = (object.metadata.key, object.metadata.resourceVersion)
            self.store.remove(key, version: version, in: self.part).map(self.onChange)
            return .advanced(to: version)
        case .bookmark(let version, _):
            self.store.advance(to: version, in: self.part)
            return .advanced(to: version)
        case .failed(let status):
            return .watchFailed(self.reported(status))
        }
    }

    // MARK: Objects

    func read(_ found: DynamicObject, into copy: inout Copy) {
        let key = found.metadata.key
        if let object = self.read(found) {
            copy.objects[key] = self.store.entry(of: object)
            copy.unreadable.remove(key)
        } else if !key.name.isEmpty {
            copy.objects[key] = nil
            copy.unreadable.insert(key)
        }
    }

    private func read(_ object: DynamicObject) -> Object? {
        do {
            return try self.project(object.named())
        } catch {
            let key = object.metadata.key
            let name = key.name.isEmpty ? "?" : key.description
            self.figures.withLock { $0.unreadable += 1 }
            self.options.onUnreadable(name, "\(error)")
            self.logger.error(
                "object passed over: it cannot be read",
                metadata: ["object": "\(name)", "error": "\(error)"]
            )
            return nil
        }
    }
}

/// How many objects a page of a list holds; client-go's figure.
private let pageSize = 500

/// Watches end after 5 to 10 minutes, spread so that they do not all begin anew together; client-go's figures.
func watchDuration(random: Double) -> Duration {
    .seconds(300 + Int64(300 * random))
}
