public import JSON
public import KubernetesAPI
public import KubernetesClient
public import Logging
public import ServiceLifecycle

/// Keeps a ``Store`` the same as a collection of the API server's, or as its parts in several namespaces, and tells of each
/// change.
///
/// *Guarantees*: after the first sync every change is told once, in order within a part, deletions that were missed
/// included. A part that the server refuses does not hold up the others. An object that cannot be read keeps its last
/// readable state, is counted and told, and stops nothing else. The stream is replaced when neither a change nor a bookmark
/// came for too long (`StreamLiveness`), so that a dead connection is found even behind a proxy that keeps it open.
///
/// *Cancellation*: ``run()`` ends within the time that a request takes to be given up.
public final class Informer<Object: StoredObject>: Service {
    /// The copy.
    public let store: Store<Object>
    /// What probes and metrics call it: the type, and whether it is its metadata alone.
    public let name: String
    private let reflectors: [Reflector<Object>]

    /// An informer that begins with ``run()``.
    ///
    /// - Parameters:
    ///   - selection: What is copied.
    ///   - namespaces: Where to look; none for everywhere. It overrides the selection's own.
    ///   - client: Talks to the API server.
    ///   - store: Where the copy is kept.
    ///   - options: What its owner decides; the defaults fit most.
    ///   - time: Time and chance; the machine's own by default.
    ///   - logger: Where it tells what happens.
    ///   - project: Reads an object, and keeps of it what is needed: the rest is never stored.
    ///   - onUnserved: Called each time that the API server says that it does not know the type; it must not block.
    ///   - onChange: Called for each change; of one namespace one after the other. It must not block.
    public convenience init(
        _ selection: Selection,
        namespaces: [String] = [],
        client: KubernetesClient,
        store: Store<Object>,
        options: InformerOptions = InformerOptions(),
        time: TimeSource = .system,
        logger: Logger,
        project: @escaping @Sendable (JSONValue) throws -> Object,
        onUnserved: @escaping @Sendable () -> Void = {},
        onChange: @escaping @Sendable (StoreChange<Object>) -> Void
    ) {
        self.init(
            selection,
            namespaces: namespaces,
            client: client,
            store: store,
            options: options,
            time: time,
            logger: logger,
            keep: { try project($0.value) },
            onUnserved: onUnserved,
            onChange: onChange
        )
    }

    /// The same for objects of which the metadata says enough, or which are kept as they are.
    ///
    /// What takes them, and keeps of each what is needed, gets objects of which no more than the metadata has been read.
    public init(
        _ selection: Selection,
        namespaces: [String] = [],
        client: KubernetesClient,
        store: Store<Object>,
        options: InformerOptions = InformerOptions(),
        time: TimeSource = .system,
        logger: Logger,
        keep project: @escaping @Sendable (DynamicObject) throws -> Object,
        onUnserved: @escaping @Sendable () -> Void = {},
        onChange: @escaping @Sendable (StoreChange<Object>) -> Void
    ) {
        var logger = logger
        logger[metadataKey: "resource"] = .string(selection.type.resourceName)
        let selections = namespaces.isEmpty ? [selection] : namespaces.map { selection.in(namespace: $0) }
        let outages = options.outages ?? OutageLog(time: time, logger: logger)
        self.store = store
        self.name = selection.type.resourceName + (selection.representation == .metadata ? " (metadata)" : "")
        self.reflectors = selections.map { selection in
            var logger = logger
            if selections.count > 1 {
                logger[metadataKey: "namespace"] = .string(selection.namespace ?? "")
            }
            return Reflector(
                selection,
                // One that watches a single namespace is the whole store: nothing else is in there.
                part: selections.count > 1 ? selection.namespace : nil,
                client: client,
                store: store,
                options: Reflector.Options(
                    initialSync: options.initialSync,
                    outages: outages,
                    onUnreadable: options.onUnreadable
                ),
                time: time,
                logger: logger,
                project: project,
                onUnserved: onUnserved,
                onChange: onChange
            )
        }
        store.expect(self.reflectors.map(\.part))
    }

    /// How it stands, for each namespace that is watched on its own.
    public var status: [ReflectorStatus] {
        self.reflectors.map(\.status)
    }

    /// Copies until the task is cancelled or the process shuts down.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for reflector in self.reflectors {
                    group.addTask { await reflector.run() }
                }
            }
        }
    }
}

/// What an informer may be told beside what it copies.
public struct InformerOptions: Sendable {
    /// How the collection is read whole.
    ///
    /// Defaults to lists; `.stream` where the server may do that (`ServerVersion.mayStreamInitialEvents`).
    public var initialSync: ReflectorMachine.InitialSync
    /// Where outages are told of; one for all informers of a process keeps the log short.
    ///
    /// Defaults to one of its own.
    public var outages: OutageLog?
    /// Called for each object that cannot be read: its name in its namespace, and why.
    public var onUnreadable: @Sendable (_ name: String, _ why: String) -> Void

    /// Options; the defaults fit a small program.
    public init(
        initialSync: ReflectorMachine.InitialSync = .list,
        outages: OutageLog? = nil,
        onUnreadable: @escaping @Sendable (_ name: String, _ why: String) -> Void = { _, _ in }
    ) {
        self.initialSync = initialSync
        self.outages = outages
        self.onUnreadable = onUnreadable
    }
}

extension Selection {
    fileprivate func `in`(namespace: String) -> Selection {
        var selection = self
        selection.namespace = namespace
        return selection
    }
}
