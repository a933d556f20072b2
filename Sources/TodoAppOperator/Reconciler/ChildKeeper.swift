internal import ControllerRuntime
internal import KubernetesAPI
internal import KubernetesClient
internal import TodoAppAPI

/// Keeps the children of TodoApps as they should be: those of the spec, or of the last good one.
struct ChildKeeper: Sendable {
    private let client: KubernetesClient
    let world: World
    private let ledger: WriteLedger<ObjectKey>
    private let secrets: SecretResolver
    private let databases: DatabaseResolver
    private let discovery: APIDiscovery
    private let memory: ChildMemory
    private let settled = SettledPasses()
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
        self.secrets = SecretResolver(client: client, world: world, randomBytes: surroundings.randomBytes)
        self.databases = DatabaseResolver(client: client, world: world, randomBytes: surroundings.randomBytes)
        self.discovery = APIDiscovery(client: client, registry: world.apis, time: time)
        self.memory = ChildMemory(time: time)
        self.surroundings = surroundings
    }

    /// Forgets a TodoApp that is gone.
    func forget(_ key: ObjectKey) {
        self.secrets.forget(key)
        self.databases.forget(key)
        self.memory.forget(key)
        self.settled.forget(key)
    }

    /// What came of a pass over the children.
    struct Pass {
        /// The app whose children these are: that of the spec, or of the last good one.
        var app: EffectiveApp
        var result: SyncResult
    }

    /// Puts the Secret together, renders the children, writes those that differ, deletes those that are no longer wanted.
    func sync(_ app: EffectiveApp, _ object: TodoAppObject) async -> Pass {
        let owner = object.metadata
        let mark = PassMark(of: owner, app, in: self.world)
        if let result = self.settled.result(of: owner.key, at: mark) { return Pass(app: app, result: result) }
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
                self.surroundings.tell(rollback.events(now: good), of: owner)
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
        self.surroundings.tell(sync.events, of: owner)
        if sync.written.contains(.secrets) {
            self.surroundings.tell(secret.secret.events(in: app.ownSecretName), of: owner)
        }
        let fights = self.memory.fights(of: owner.key)
        // A child that is left alone just now has been told of already.
        let others = sync.problems.filter { $0.reason != .driftFight }
        let database = self.world.databaseProblem(of: app, now: self.surroundings.now())
        let problems =
            secret.secret.problems + others + fights.messages.map { SyncProblem(.driftFight, $0) }
            + app.problems(withMissing: missing) + [good.flatMap { Rollback.problem($0) }, database].compactMap { $0 }
        let result = SyncResult(
            problems: problems,
            handledRestart: problems.isEmpty ? inputs.restartedAt.values.max() : nil,
            lookAgain: [fights.next, sync.postponed].compactMap { $0 }.min()
        )
        self.settled.note(owner.key, at: sync.hasChangedAnything ? nil : mark, result)
        return Pass(app: app, result: result)
    }

    /// What the pods read, and what opens the database that the operator runs.
    struct Credentials {
        var secret: ResolvedSecret
        var database: DatabaseCredentials?
    }

    private func credentials(of app: EffectiveApp, owner: ObjectMeta) async throws(SyncProblem) -> Credentials {
        let database = try await self.databases.resolve(app, owner: owner)
        let secret = try await self.secrets.resolve(app, owner: owner, database: database)
        return Credentials(secret: secret, database: database)
    }

    func writer(for owner: ObjectMeta) -> ChildWriter {
        ChildWriter(client: self.client, world: self.world, ledger: self.ledger, memory: self.memory, owner: owner)
    }

    func inputs(
        of app: EffectiveApp,
        owner: ObjectMeta,
        secret: Credentials,
        good: GoodRevision?
    ) -> RenderInputs {
        var inputs = self.world.inputs(of: app, owner: owner, secret: secret.secret)
        inputs.database = secret.database
        inputs.databaseImage = self.surroundings.databaseImage
        inputs.good = good
        return inputs
    }
}
