internal import ControllerRuntime
internal import JSON
internal import KubernetesAPI
internal import KubernetesClient
internal import Logging
internal import TodoAppOperator

/// Watches a TodoApp and what belongs to it, or all TodoApps, and says when something has changed.
///
/// It stands on the operator's own informers, so that a watch that breaks or expires is taken up again without a gap.
struct AppWatch: Sendable {
    /// What is seen at one moment.
    enum Sight: Sendable {
        /// The TodoApp that is watched.
        case app(AppSnapshot)
        /// It is not there any more.
        case gone
        /// All TodoApps.
        case list([TodoAppObject])
    }

    private enum Target: Sendable {
        case one(ObjectKey)
        case all(namespace: String?)
    }

    private let client: KubernetesClient
    private let target: Target
    private let apps = Store<TodoAppObject>()
    private let revisions = Store<Revision>()
    private let pods = Store<Pod>()
    private let trouble = Trouble()

    /// A watch of one TodoApp.
    init(_ client: KubernetesClient, app: ObjectKey) {
        self.client = client
        self.target = .one(app)
    }

    /// A watch of all TodoApps of a namespace, or of all of them.
    init(_ client: KubernetesClient, namespace: String?) {
        self.client = client
        self.target = .all(namespace: namespace)
    }

    /// Calls `see` after each change, with what came in the meantime as one, until it returns `false` or the task is
    /// cancelled.
    ///
    /// - Parameter pause: Taken between two calls; whatever changes meanwhile is one change.
    func run(
        pause: @escaping @Sendable () async throws -> Void,
        see: @escaping @Sendable (Sight, _ trouble: String?) async throws -> Bool
    ) async throws {
        let (changes, change) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let wake: @Sendable () -> Void = { change.yield() }
        self.trouble.onChange { _ in wake() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            self.start(in: &group, wake: wake)
            group.addTask {
                // An empty collection is known without any change being told.
                while !self.isKnown { try await pause() }
                wake()
                for await _ in changes {
                    guard try await see(self.sight, self.trouble.text) else { return }
                    try await pause()
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    // MARK: What is seen

    private var isKnown: Bool {
        switch self.target {
        case .one:
            self.apps.isSynced && (self.revisions.isSynced || self.revisions.isDenied)
                && (self.pods.isSynced || self.pods.isDenied)
        case .all: self.apps.isSynced
        }
    }

    private var sight: Sight {
        switch self.target {
        case .all: return .list(self.apps.all)
        case .one(let key):
            guard let app = self.apps[key] else { return .gone }
            var gaps: [String] = []
            if self.revisions.isDenied { gaps.append("the ReplicaSets cannot be read") }
            if self.pods.isDenied { gaps.append("the pods cannot be read") }
            return .app(AppSnapshot(app: app, revisions: self.revisions.all, pods: self.pods.all, gaps: gaps))
        }
    }

    // MARK: The watches

    private func start(in group: inout ThrowingTaskGroup<Void, any Error>, wake: @escaping @Sendable () -> Void) {
        switch self.target {
        case .all(let namespace):
            let selection = Selection(TodoAppObject.resource, namespace: namespace)
            self.inform(selection, self.apps, TodoAppObject.init(json:), in: &group, wake: wake)
        case .one(let key):
            self.inform(.app(key), self.apps, TodoAppObject.init(json:), in: &group, wake: wake)
            self.inform(.children(of: key, .replicaSets), self.revisions, Revision.init(json:), in: &group, wake: wake)
            self.inform(.children(of: key, .pods), self.pods, Pod.init(json:), in: &group, wake: wake)
        }
    }

    private func inform<Object: StoredObject>(
        _ selection: Selection,
        _ store: Store<Object>,
        _ project: @escaping @Sendable (JSONValue) throws -> Object,
        in group: inout ThrowingTaskGroup<Void, any Error>,
        wake: @escaping @Sendable () -> Void
    ) {
        let trouble = self.trouble
        let informer = Informer(
            selection,
            client: self.client,
            store: store,
            logger: Logger(label: "kubectl-todoapp") { _ in TroubleLog(trouble) },
            project: project,
            onChange: { _ in
                trouble.clear()
                wake()
            }
        )
        group.addTask { try await informer.run() }
    }
}

extension Store {
    /// All objects, by name.
    fileprivate var all: [Object] {
        self.keys.compactMap { self[$0] }.sorted { $0.metadata.name < $1.metadata.name }
    }
}
