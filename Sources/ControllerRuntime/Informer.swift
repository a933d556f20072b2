public import JSON
internal import KubernetesAPI
public import KubernetesClient
public import Logging
public import ServiceLifecycle

/// Keeps a ``Store`` the same as a collection of the API server's, and tells of each change.
///
/// *Guarantees*: after the first sync every change is told once, in order, deletions that were missed included. An object
/// that cannot be read is logged and left out; it stops nothing else. The stream is replaced when neither a change nor a
/// bookmark came for too long (``StreamLiveness``), so that a dead connection is found even behind a proxy that keeps it open.
public final class Informer<Object: StoredObject>: Service {
    /// The copy.
    public let store: Store<Object>
    /// What is copied.
    public let selection: Selection

    private let client: KubernetesClient
    private let project: @Sendable (JSONValue) throws -> Object
    private let onChange: @Sendable (StoreChange<Object>) -> Void
    private let time: TimeSource
    private let logger: Logger

    /// An informer that begins with ``run()``.
    ///
    /// - Parameters:
    ///   - project: Reads an object, and keeps of it what is needed: the rest is never stored.
    ///   - onChange: Called for each change, one after the other; it must not block.
    public init(
        _ selection: Selection,
        client: KubernetesClient,
        store: Store<Object>,
        time: TimeSource = .system,
        logger: Logger,
        project: @escaping @Sendable (JSONValue) throws -> Object,
        onChange: @escaping @Sendable (StoreChange<Object>) -> Void
    ) {
        self.selection = selection
        self.client = client
        self.store = store
        self.time = time
        var logger = logger
        logger[metadataKey: "resource"] = .string(selection.type.resourceName)
        self.logger = logger
        self.project = project
        self.onChange = onChange
    }

    /// Copies until the task is cancelled or the process shuts down.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await self.reflect()
        }
    }

    private func reflect() async {
        var machine = ReflectorMachine()
        var liveness = StreamLiveness()
        var aside: [ObjectKey: Object] = [:]
        var effects = machine.step(.begin)
        while !effects.isEmpty {
            var next: [ReflectorMachine.Effect] = []
            for effect in effects {
                switch effect {
                case .fetchPage(let token):
                    if token.isEmpty { aside = [:] }
                    next += machine.step(await self.fetchPage(token, into: &aside))
                case .replaceStore(let version):
                    for change in self.store.replace(with: aside, version: version) {
                        self.onChange(change)
                    }
                    self.logger.debug("listed", metadata: ["objects": "\(aside.count)", "version": "\(version)"])
                    aside = [:]
                case .openWatch(let version):
                    next += await self.watch(from: version, machine: &machine, liveness: &liveness)
                case .pause(let failures):
                    let pause = Backoff.watch.pause(failures: failures, random: self.time.random())
                    let slept: Void? = try? await self.time.sleep(pause)
                    next += machine.step(slept == nil ? .stop : .resumed)
                }
            }
            effects = next
        }
    }

    // MARK: The list

    private func fetchPage(_ token: String, into aside: inout [ObjectKey: Object]) async -> ReflectorMachine.Input {
        do {
            var page: [ObjectKey: Object] = [:]
            let end = try await self.client.list(
                self.selection,
                limit: pageSize,
                continueToken: token,
                begin: { page = [:] },
                each: { json in
                    if let object = self.read(json) {
                        page[object.metadata.key] = object
                    }
                }
            )
            aside.merge(page) { _, new in new }
            return .page(end)
        } catch {
            if error.status?.isForbidden == true || error.status?.isNotFound == true {
                self.store.deny()
            }
            self.report(error)
            return error.isCancelled ? .stop : .listFailed(error)
        }
    }

    // MARK: The watch

    private func watch(
        from version: ResourceVersion,
        machine: inout ReflectorMachine,
        liveness: inout StreamLiveness
    ) async -> [ReflectorMachine.Effect] {
        let began = self.time.now()
        var events = 0
        let timeout = watchDuration(random: self.time.random())
        do {
            var stream = try await self.client.watch(
                self.selection,
                .after(version),
                timeout: timeout,
                idle: liveness.idleLimit(timeout: timeout)
            )
            while let event = try await stream.next() {
                events += 1
                if case .bookmark = event { liveness.sawBookmark() }
                let input = self.take(event)
                let effects = machine.step(input)
                if !effects.isEmpty { return effects }
            }
            let wasUseful = events > 0 || self.time.now() - began >= .seconds(1)
            return machine.step(Task.isCancelled ? .stop : .watchEnded(wasUseful: wasUseful))
        } catch {
            if error.isCancelled || Task.isCancelled { return machine.step(.stop) }
            if error.isTimeout {
                liveness.timedOut()
                self.logger.debug("the watch was silent for too long, opening another one")
            } else {
                self.report(error)
            }
            return machine.step(.watchFailed(error))
        }
    }

    private func take(_ event: WatchEvent) -> ReflectorMachine.Input {
        switch event {
        case .added(let json), .modified(let json):
            let version = ResourceVersion(json["metadata"]?["resourceVersion"]?.string ?? "")
            if let object = self.read(json) {
                self.store.update(object).map(self.onChange)
            } else {
                self.store.advance(to: version)
            }
            return .advanced(to: version)
        case .deleted(let json):
            let version = ResourceVersion(json["metadata"]?["resourceVersion"]?.string ?? "")
            if let metadata = try? ObjectMeta(of: json) {
                self.store.remove(metadata.key, version: version).map(self.onChange)
            }
            return .advanced(to: version)
        case .bookmark(let version, _):
            self.store.advance(to: version)
            return .advanced(to: version)
        case .failed(let status):
            let operation = KubernetesClientError.Operation(
                verb: "watch",
                resource: self.selection.type.resourceName,
                subject: ""
            )
            let error = KubernetesClientError(operation: operation, cause: .refused(status))
            self.report(error)
            return .watchFailed(error)
        }
    }

    private func read(_ json: JSONValue) -> Object? {
        do {
            return try self.project(json)
        } catch {
            let name = json["metadata"]?["name"]?.string ?? "?"
            self.logger.error(
                "object left out: it cannot be read",
                metadata: ["object": "\(name)", "error": "\(error)"]
            )
            return nil
        }
    }

    private func report(_ error: KubernetesClientError) {
        if error.isCancelled || Task.isCancelled { return }
        if error.status?.isExpired == true {
            self.logger.info("the version is too old, listing again")
        } else {
            self.logger.warning("trying again", metadata: ["error": "\(error)"])
        }
    }
}

/// How many objects a page of a list holds; client-go's figure.
private let pageSize = 500

/// Watches end after 5 to 10 minutes, spread so that they do not all begin anew together; client-go's figures.
private func watchDuration(random: Double) -> Duration {
    .seconds(300 + Int64(300 * random))
}
