public import ControllerRuntime
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

    private let world: World
    private let ledger: WriteLedger<ObjectKey>
    private let children: ChildKeeper
    private let status: StatusReporter

    /// A reconciler that reads from these stores and writes with this client.
    public init(
        client: KubernetesClient,
        world: World,
        ledger: WriteLedger<ObjectKey>,
        time: TimeSource = .system,
        surroundings: Surroundings
    ) {
        self.world = world
        self.ledger = ledger
        self.children = ChildKeeper(
            client: client,
            world: world,
            ledger: ledger,
            time: time,
            surroundings: surroundings
        )
        self.status = StatusReporter(
            client: client,
            world: world,
            ledger: ledger,
            time: time,
            surroundings: surroundings
        )
    }

    /// Forgets what was remembered of a TodoApp that is gone, or is another replica's now.
    public func forget(_ key: ObjectKey) {
        self.children.forget(key)
        self.status.forget(key)
    }

    /// One pass over one TodoApp.
    public func reconcile(_ key: ObjectKey) async -> Outcome {
        guard let object = self.world.apps[key] else {
            // The children go with it: that is the garbage collector's work.
            self.forget(key)
            return .done
        }
        if let wait = self.ledger.remainingWait(for: key) {
            // What was written last has not come back yet; it will bring the key back when it does.
            return .requeue(after: wait)
        }
        if object.metadata.isBeingDeleted {
            return await self.status.report(object, StatusReporter.Report())
        }
        do {
            let spec = try TodoAppSpec.read(object.spec, name: object.metadata.name)
            let app = EffectiveApp(name: key.name, namespace: key.namespace ?? "", spec: spec)
            let pass = await self.children.sync(app, object)
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
            return await self.status.report(object, StatusReporter.Report(app: pass.app, sync: sync))
        } catch {
            let problem = SyncProblem(.invalidSpec, "\(error)")
            return await self.status.report(object, StatusReporter.Report(sync: SyncResult(problems: [problem])))
        }
    }
}
