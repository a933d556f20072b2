internal import ControllerRuntime
internal import JSON
internal import KubernetesAPI
internal import KubernetesClient
internal import Locks
internal import TodoAppAPI

/// Finds the embedded database's credentials, or makes them: once, since its data opens with no others.
final class DatabaseResolver: Sendable {
    private let client: KubernetesClient
    private let world: World
    private let randomBytes: @Sendable (Int) -> [UInt8]
    /// What was made and may not be written yet.
    private let made = Locked<[ObjectKey: DatabaseCredentials]>([:])

    init(client: KubernetesClient, world: World, randomBytes: @escaping @Sendable (Int) -> [UInt8]) {
        self.client = client
        self.world = world
        self.randomBytes = randomBytes
    }

    /// Forgets an app that is gone.
    func forget(_ app: ObjectKey) {
        self.made.withLock { $0[app] = nil }
    }

    /// The credentials; `nil` for an app without an embedded database.
    ///
    /// - Throws: ``SyncProblem`` where the Secret cannot be read, or no certificate can be made.
    func resolve(_ app: EffectiveApp, owner: ObjectMeta) async throws(SyncProblem) -> DatabaseCredentials? {
        guard app.spec.database != .external else { return nil }
        if let known = self.made.withLock({ $0[owner.key] }) { return known }
        let credentials: DatabaseCredentials
        if let kept = try await self.kept(app, owner: owner) {
            credentials = kept
        } else {
            let host = "\(app.databaseName).\(app.namespace).svc"
            guard
                let pair = SelfSignedCertificate.make(
                    commonName: app.databaseName,
                    hosts: [app.databaseName, "\(app.databaseName).\(app.namespace)", host]
                )
            else { throw SyncProblem(.applyFailed, "no certificate can be made for \(host)", isPassing: true) }
            credentials = DatabaseCredentials(
                password: base64URL(self.randomBytes(24)),
                certificate: pair.certificate,
                key: pair.key
            )
        }
        self.made.withLock { $0[owner.key] = credentials }
        return credentials
    }

    private func kept(_ app: EffectiveApp, owner: ObjectMeta) async throws(SyncProblem) -> DatabaseCredentials? {
        let key = ObjectKey(namespace: app.namespace, name: app.databaseName)
        guard self.world.secretVersions[key] != nil else { return nil }
        let answer: JSONValue
        do throws(KubernetesClientError) {
            answer = try await self.client.get(.secrets, key)
        } catch {
            if error.status?.isNotFound == true { return nil }
            throw SyncProblem(error, readingSecret: key.name)
        }
        guard let live = try? LiveObject(answer: answer) else { return nil }
        if case .stranger = Belonging(of: live, owner: owner) { return nil }
        return DatabaseCredentials(decodedSecret(live.value["data"]))
    }
}
