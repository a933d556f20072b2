internal import JSON
internal import KubernetesAPI
public import KubernetesClient
public import Logging
public import ServiceLifecycle

/// Shares keys among replicas that all work, by ``ShardMachine``'s rules, and tells a ``Territory`` about it.
///
/// *Guarantees*: it begins when the replica's own Lease is held, and asks the API server for the members' Leases every
/// ``ElectionTimes/retryPeriod``.
///
/// *Shutdown*: it ends at once; the share stays as it is until the ``LeaderElector`` gives the Lease back, which must be told to end
/// after whatever works.
public final class ShardKeeper: Service {
    /// Whose Leases these are, and where.
    public struct Options: Sendable {
        /// The members' namespace.
        public var namespace: String
        /// The label that their Leases carry, and its value.
        public var label: (name: String, value: String)
        /// The annotation in which a member tells what it claims.
        public var annotation: String
        /// What this replica is called.
        public var identity: String
        /// What the API server calls the writer.
        public var fieldManager: String
        /// How long the Leases last, and how often they are looked at.
        public var times: ElectionTimes

        /// Options by their parts.
        public init(
            namespace: String,
            label: (name: String, value: String),
            annotation: String,
            identity: String,
            fieldManager: String,
            times: ElectionTimes = .standard
        ) {
            self.namespace = namespace
            self.label = label
            self.annotation = annotation
            self.identity = identity
            self.fieldManager = fieldManager
            self.times = times
        }
    }

    private let client: KubernetesClient
    private let options: Options
    private let leadership: Leadership
    private let territory: Territory
    private let time: TimeSource
    private let logger: Logger
    private let wake: @Sendable (_ isGained: (String) -> Bool) -> Void

    /// A keeper that begins with ``run()``.
    ///
    /// - Parameters:
    ///   - client: The elector's (``LeaderElector/clientOptions(userAgent:times:)``).
    ///   - options: Whose Leases these are, and where.
    ///   - leadership: Whether the replica's own Lease is held.
    ///   - territory: What is told to whoever works.
    ///   - time: Time and chance; the machine's own by default.
    ///   - logger: Where it tells what happens.
    ///   - wake: Has each key looked at that the replica has gained.
    public init(
        client: KubernetesClient,
        options: Options,
        leadership: Leadership,
        territory: Territory,
        time: TimeSource = .system,
        logger: Logger,
        wake: @escaping @Sendable (_ isGained: (String) -> Bool) -> Void
    ) {
        self.client = client
        self.options = options
        self.leadership = leadership
        self.territory = territory
        self.time = time
        self.logger = logger
        self.wake = wake
    }

    /// Takes part until the process shuts down or the task is cancelled.
    public func run() async throws {
        guard await self.leadership.waitUntilHeld() else { return }
        var machine = ShardMachine(identity: self.options.identity, times: self.options.times)
        var effects = machine.step(.tick)
        while !effects.isEmpty, !Task.isCancelled, !Task.isShuttingDownGracefully {
            var next: [ShardMachine.Effect] = []
            for effect in effects {
                if let input = await self.perform(effect) { next += machine.step(input) }
            }
            effects = next
        }
    }

    private func perform(_ effect: ShardMachine.Effect) async -> ShardMachine.Input? {
        switch effect {
        case .serve(let share):
            self.serve(share)
            return nil
        case .drain:
            // A pass is bounded by its deadline, and so is this.
            return await becomesTrue({ self.territory.isDrained }, time: self.time) ? .drained : nil
        case .look:
            return await self.look()
        case .tell(let ring, let own):
            return await self.tell(ring, in: own)
        case .remove(let members):
            for member in members { await self.remove(member) }
            return nil
        case .pause(let duration):
            let sleep = self.time.sleep
            let _: Void? = try? await cancelWhenGracefulShutdown { try await sleep(duration) }
            return .tick
        }
    }

    private func serve(_ share: ShardShare) {
        guard let old = self.territory.serve(share), old != share else { return }
        if old.rings != share.rings {
            let members = share.rings.last?.members ?? []
            self.logger.notice(
                "works on its share",
                metadata: [
                    "members": "\(members.count)", "stage": "\(share.rings.count > 1 ? "handing over" : "settled")",
                ]
            )
        }
        self.wake { share.contains($0) && !old.contains($0) }
    }
}

// MARK: - Requests

extension ShardKeeper {
    private func look() async -> ShardMachine.Input {
        let askedAt = self.time.now()
        let (name, value) = self.options.label
        let selection = Selection(
            .leases,
            namespace: self.options.namespace,
            labelSelector: "\(name)=\(value)"
        )
        var members: [ShardMember] = []
        do throws(KubernetesClientError) {
            // Whole and in one page: a list in pages may be of a state that has passed.
            _ = try await self.client.list(selection, limit: 0, begin: { members = [] }) { lease in
                members.append(ShardMember(json: lease, annotation: self.options.annotation))
            }
            return .looked(members, askedAt: askedAt, at: self.time.now())
        } catch {
            return self.failed("the members' leases could not be read", error)
        }
    }

    private func tell(_ ring: HashRing, in own: ShardMember) async -> ShardMachine.Input {
        do throws(KubernetesClientError) {
            _ = try await self.client.merge(
                .leases,
                ObjectKey(namespace: self.options.namespace, name: own.name),
                [
                    "metadata": [
                        "resourceVersion": .string(own.lease.version.text),
                        "annotations": [self.options.annotation: .string(ShardMember.Claim.text(of: ring))],
                    ]
                ],
                fieldManager: self.options.fieldManager
            )
            return .told
        } catch {
            // The elector renews the same Lease: who came second tries again.
            return error.status?.isConflict == true ? .tick : self.failed("the claim could not be told", error)
        }
    }

    private func remove(_ member: ShardMember) async {
        do throws(KubernetesClientError) {
            try await self.client.delete(
                .leases,
                ObjectKey(namespace: self.options.namespace, name: member.name),
                uid: member.uid,
                resourceVersion: member.lease.version
            )
            self.logger.notice(
                "a member is gone",
                metadata: ["lease": "\(member.name)", "identity": "\(member.lease.holder)"]
            )
        } catch {
            // Another replica was first, or the member lives: the next look shows which.
            guard error.status?.isConflict != true, error.status?.isNotFound != true else { return }
            _ = self.failed("an expired lease could not be deleted", error)
        }
    }

    private func failed(_ what: Logger.Message, _ error: KubernetesClientError) -> ShardMachine.Input {
        if !error.isCancelled { self.logger.warning(what, metadata: ["error": "\(error)"]) }
        return .failed
    }
}
