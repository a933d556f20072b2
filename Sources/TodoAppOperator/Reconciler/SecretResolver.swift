internal import ControllerRuntime
internal import JSON
internal import KubernetesAPI
internal import KubernetesClient
internal import Locks
internal import TodoAppAPI

/// What the pods' Secret comes to, for one reconcile.
struct ResolvedSecret: Sendable, Equatable {
    /// What the own Secret is to hold; `nil` beside an existing Secret.
    var ownContent: [String: [UInt8]]?
    /// The revision of what the pods read; `nil` where it cannot be told yet.
    var revision: ContentRevision?
    /// Why the components that read the Secret must stay as they are.
    var problems: [SyncProblem]
    /// The keys whose values were made, and not read anywhere.
    var generated: [String] = []
    /// The last request to rotate the signing key that was acted upon; `nil` while there was none.
    var rotation: String?
    /// Whether the generated keys stand in the place of others.
    var isRotated = false
    /// What it was put together from, in the versions that were known before anything was read.
    ///
    /// A source that changes while it is read must not pass for one that was read as it is now. `nil` where there is nothing
    /// to put together.
    var sources: String?

    /// What the user hears when the own Secret was written.
    func events(in name: String) -> [AppEvent] {
        guard !self.generated.isEmpty else { return [] }
        let keys = self.generated.joined(separator: ", ")
        return [
            self.isRotated
                ? AppEvent(
                    .normal,
                    "SecretRotated",
                    .sync,
                    "\(keys) of Secret \(name): a new value; tokens signed before are void"
                )
                : AppEvent(.normal, "SecretGenerated", .sync, "\(keys) of Secret \(name): generated")
        ]
    }
}

/// Puts the app's Secret together, and reads the Secrets it is made of no more often than they change.
///
/// What a Secret holds is remembered for the own one alone: a signing key that the operator made exists nowhere else, and
/// must survive whatever is done to the Secret.
final class SecretResolver: Sendable {
    private struct Memory {
        var stamp: String
        var secret: ResolvedSecret
    }

    private let client: KubernetesClient
    private let world: World
    private let randomBytes: @Sendable (Int) -> [UInt8]
    private let memories = Locked<[ObjectKey: Memory]>([:])
    private let reads = SharedReads<Reading, Result<[String: [UInt8]], KubernetesClientError>>()

    /// A Secret in the version that is known when it is read, or a later one.
    private struct Reading: Hashable {
        var key: ObjectKey
        var uid: String?
        var version: ResourceVersion?
    }

    init(client: KubernetesClient, world: World, randomBytes: @escaping @Sendable (Int) -> [UInt8]) {
        self.client = client
        self.world = world
        self.randomBytes = randomBytes
    }

    /// Forgets an app that is gone.
    func forget(_ app: ObjectKey) {
        self.memories.withLock { $0[app] = nil }
    }

    /// What the Secret comes to.
    ///
    /// - Parameter database: What opens the embedded database; `nil` where there is none.
    /// - Throws: ``SyncProblem`` where a Secret cannot be read now; it is no problem of its content.
    func resolve(
        _ app: EffectiveApp,
        owner: ObjectMeta,
        database: DatabaseCredentials?
    ) async throws(SyncProblem) -> ResolvedSecret {
        guard !app.secretKeys.isEmpty else { return ResolvedSecret(ownContent: nil, revision: nil, problems: []) }
        let live = try await self.liveOwnSecret(of: app, owner: owner)
        let request = owner.annotations[ChildAnnotation.rotateSigningKey]
        let sources = self.stamp(of: app, database: database)
        let stamp = "\(sources) \(live?.metadata.uid ?? "none") \(request ?? "")"
        let memory = self.memories.withLock { $0[owner.key] }
        if let memory, memory.stamp == stamp {
            return memory.secret
        }
        // What was handled last stands on the Secret; while that is not written yet, in the memory.
        let handled = memory?.secret.rotation ?? live?.metadata.annotations[ChildAnnotation.rotatedSigningKey]
        let isRotating = request != nil && request != handled
        if !isRotating, let secret = self.settled(app, live: live, stamp: sources) {
            self.memories.withLock { $0[owner.key] = Memory(stamp: stamp, secret: secret) }
            return secret
        }
        var inputs = SecretAssembly.Inputs(own: memory?.secret.ownContent ?? live.map(\.data))
        inputs.rotatesSigningKey = isRotating
        inputs.made["DATABASE_URL"] = database?.url(of: app)
        for name in app.spec.secrets.sourceNames {
            inputs.sources[name] = try await self.read(name, namespace: app.namespace)
        }
        let assembly = SecretAssembly(of: app, inputs: inputs, random: self.randomBytes)
        let secret = ResolvedSecret(
            ownContent: app.ownsSecret ? assembly.content : nil,
            revision: app.secretRevision(of: assembly.content, secretUID: self.uid(of: app)),
            problems: assembly.problems.map(SyncProblem.init),
            generated: assembly.problems.isEmpty ? assembly.generated : [],
            // What cannot be done now is done when the Secret is whole.
            rotation: isRotating && assembly.problems.isEmpty ? request : handled,
            isRotated: isRotating && inputs.own != nil,
            sources: sources
        )
        var remembered = secret
        // Told once.
        remembered.generated = []
        self.memories.withLock { [remembered] in $0[owner.key] = Memory(stamp: stamp, secret: remembered) }
        return secret
    }

    /// What the own Secret was made from: with the stamp on it, a restarted operator sees without reading anything that
    /// nothing has changed.
    private func stamp(of app: EffectiveApp, database: DatabaseCredentials?) -> String {
        let versions = app.spec.secrets.sourceNames.map { name in
            let version = self.world.secretVersions[ObjectKey(namespace: app.namespace, name: name)]?.metadata
            return "\(name)=\(version?.uid ?? "none")@\(version?.resourceVersion.text ?? "")"
        }
        let keys = app.secretKeys.map { "\($0.key.key):\($0.isRequired)" }
        let source = "\(app.spec.contract.rawValue) \(app.spec.secrets.source.stamp)"
        // Of a password of 192 bits nobody guesses anything by its digest.
        let made = database.map { String(decoding: $0.url(of: app), as: UTF8.self) }
        return digestPrefix(([source] + keys + versions + [made].compactMap { $0 }).joined(separator: "\n"))
    }

    // MARK: The own Secret

    private struct LiveSecret {
        var metadata: ObjectMeta
        var data: [String: [UInt8]]
    }

    private func liveOwnSecret(of app: EffectiveApp, owner: ObjectMeta) async throws(SyncProblem) -> LiveSecret? {
        let key = ObjectKey(namespace: app.namespace, name: app.ownSecretName)
        guard app.ownsSecret else { return nil }
        var live = self.world.child(.secrets, key).map { LiveObject($0) }
        if live == nil, self.world.secretVersions[key] != nil, self.memories.withLock({ $0[owner.key] }) == nil {
            // There is one that lacks the label. Were it the app's own, a new signing key would lock every user out.
            do throws(KubernetesClientError) {
                let answer = try await self.client.get(.secrets, key)
                live = try? LiveObject(answer: answer)
            } catch {
                guard error.status?.isNotFound == true else { throw SyncProblem(error, readingSecret: key.name) }
            }
        }
        guard let live else { return nil }
        // One that is about to be taken over is as good as own: its signing key has signed what users hold.
        if case .stranger = Belonging(of: live, owner: owner) { return nil }
        return LiveSecret(metadata: live.metadata, data: decodedSecret(live.value["data"]))
    }

    /// The live Secret as it is, if the marks on it say that it was made from what is there now and was not changed since.
    private func settled(_ app: EffectiveApp, live: LiveSecret?, stamp: String) -> ResolvedSecret? {
        guard let live else { return nil }
        let revision = app.secretRevision(of: live.data, secretUID: live.metadata.uid)
        let annotations = live.metadata.annotations
        guard
            annotations[ChildAnnotation.secretSources] == stamp,
            let revision, annotations[ChildAnnotation.secretRevision] == revision.description
        else { return nil }
        // What lies there beside the contract's keys is somebody else's, or an older contract's.
        let keys = Set(app.secretKeys.map(\.key.key))
        let content = live.data.filter { keys.contains($0.key) }
        return ResolvedSecret(
            ownContent: content,
            revision: revision,
            problems: [],
            rotation: annotations[ChildAnnotation.rotatedSigningKey],
            sources: stamp
        )
    }

    private func uid(of app: EffectiveApp) -> String? {
        self.world.secretVersions[ObjectKey(namespace: app.namespace, name: app.secretName)]?.metadata.uid
    }

    // MARK: The sources

    private func read(_ name: String, namespace: String) async throws(SyncProblem) -> SecretAssembly.SourceData {
        let key = ObjectKey(namespace: namespace, name: name)
        let known = self.world.secretVersions[key]?.metadata
        let reading = Reading(key: key, uid: known?.uid, version: known?.resourceVersion)
        let content = await self.reads.value(for: reading) {
            do throws(KubernetesClientError) {
                return .success(decodedSecret(try await self.client.get(.secrets, key)["data"]))
            } catch {
                return .failure(error)
            }
        }
        do throws(KubernetesClientError) {
            return .found(try content.get())
        } catch {
            if error.status?.isNotFound == true { return .missing }
            throw SyncProblem(error, readingSecret: name)
        }
    }
}

extension SecretsSpec.Source {
    /// Differs where anything of it differs; it is part of what stands on live Secrets.
    fileprivate var stamp: String {
        switch self {
        case .none: return "none"
        case .existing(let name): return "existing \(name)"
        case .from(let sources): return "from \(sources.map(\.stamp).joined(separator: " "))"
        }
    }
}

extension SecretSource {
    fileprivate var stamp: String {
        switch self.keys {
        case .sameNames: return self.secretName
        case .mapped(let mappings):
            let pairs = mappings.map { "\($0.contractKey)=\($0.sourceKey)" }
            return "\(self.secretName)(\(pairs.joined(separator: ",")))"
        }
    }
}

extension SecretsSpec {
    /// The names of the Secrets that the spec names.
    var sourceNames: [String] {
        switch self.source {
        case .none: []
        case .existing(let name): [name]
        case .from(let sources): sources.map(\.secretName)
        }
    }
}

/// A Secret's data as bytes.
func decodedSecret(_ data: JSONValue?) -> [String: [UInt8]] {
    var decoded: [String: [UInt8]] = [:]
    for member in data?.object ?? JSONObject() {
        decoded[member.key] = member.value.string.flatMap(Base64.decode)
    }
    return decoded
}
