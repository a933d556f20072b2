internal import JSON
internal import KubernetesAPI
public import KubernetesClient
public import Logging
public import ServiceLifecycle

/// Has one of several replicas lead, by a `Lease` (coordination.k8s.io/v1), and tells a ``Leadership`` about it.
///
/// *Guarantees*: it asks for the lease only when this replica is ready to work. Each request ends in
/// ``ElectionTimes/requestTimeout``, and a leader's also by the end of its term, so that no request that hangs costs the
/// lease or hides its loss.
///
/// *Shutdown*: the lease is given back, so that another replica need not wait for it to expire. It must be told to end after
/// whatever works under the lease.
///
/// *Cancellation*: it ends at once and keeps the lease, which then expires by itself: whoever is cancelled can't know
/// whether all work has ended.
///
/// *Errors*: ``run()`` throws ``LeadershipLost`` when the lease could not be kept. The process should end then: what it
/// was doing when time ran out is in an unknown state, and a new process begins with a clean one.
public final class LeaderElector: Service {
    /// Which lease, and how.
    public struct Options: Sendable {
        /// The lease's name.
        public var name: String
        /// The lease's namespace.
        public var namespace: String
        /// What this replica is called; no other one may be called the same, not even a former process of this machine.
        public var identity: String
        /// What the API server calls the writer.
        public var fieldManager: String
        /// What the lease is labelled with when it is created.
        ///
        /// Defaults to nothing.
        public var labels: [String: String]
        /// How long the lease lasts, and how hard it is kept.
        ///
        /// Defaults to ``ElectionTimes/standard``.
        public var times: ElectionTimes

        /// Options by their parts.
        public init(
            name: String,
            namespace: String,
            identity: String,
            fieldManager: String,
            labels: [String: String] = [:],
            times: ElectionTimes = .standard
        ) {
            self.name = name
            self.namespace = namespace
            self.identity = identity
            self.fieldManager = fieldManager
            self.labels = labels
            self.times = times
        }
    }

    /// What an election comes to, for metrics and events.
    public enum News: Sendable, Equatable {
        /// This replica has become the leader.
        case leads
        /// Somebody else holds the lease; empty for nobody.
        case follows(String)
        /// A leader had to read the lease before it could renew it.
        case slowPath
        /// The lease was given back.
        case released
        /// The lease could not be kept.
        case lost
    }

    /// What is told to whoever waits for the leadership.
    public let leadership: Leadership

    private let client: KubernetesClient
    private let options: Options
    private let time: TimeSource
    private let wallClock: @Sendable () -> Double
    private let logger: Logger
    private let isReady: @Sendable () -> Bool
    private let tell: @Sendable (News) -> Void

    /// An elector that begins with ``run()``.
    ///
    /// - Parameters:
    ///   - client: On a connection of its own, trying each call once (``clientOptions(userAgent:times:)``): what keeps
    ///     the other connections busy must not cost the lease.
    ///   - options: Which lease, and how it is held.
    ///   - leadership: What is told to whoever waits for it.
    ///   - time: Time and chance; the machine's own by default.
    ///   - wallClock: Seconds since 1970, for the times that the lease shows to people.
    ///   - logger: Where it tells what happens.
    ///   - isReady: Whether this replica could work at once; before that it does not ask for the lease.
    ///   - tell: Takes what happens; it must not block.
    public init(
        client: KubernetesClient,
        options: Options,
        leadership: Leadership,
        time: TimeSource = .system,
        wallClock: @escaping @Sendable () -> Double,
        logger: Logger,
        isReady: @escaping @Sendable () -> Bool,
        tell: @escaping @Sendable (News) -> Void = { _ in }
    ) {
        self.client = client
        self.options = options
        self.leadership = leadership
        self.time = time
        self.wallClock = wallClock
        var logger = logger
        logger[metadataKey: "lease"] = "\(options.namespace)/\(options.name)"
        self.logger = logger
        self.isReady = isReady
        self.tell = tell
    }

    /// What the elector's client is to be made with.
    public static func clientOptions(userAgent: String, times: ElectionTimes) -> KubernetesClient.Options {
        KubernetesClient.Options(
            userAgent: userAgent,
            callDeadline: times.requestTimeout,
            // The election has its own rhythm, and must hear of each failure.
            retry: RetryPolicy(attempts: 1)
        )
    }

    /// Takes part in the election until the process shuts down, the task is cancelled or the lease is lost.
    public func run() async throws {
        guard await becomesTrue(self.isReady, time: self.time) else { return }
        var machine = ElectionMachine(identity: self.options.identity, times: self.options.times)
        var effects = machine.step(.tick(at: self.time.now()))
        while !effects.isEmpty {
            var next: [ElectionMachine.Effect] = []
            for effect in effects {
                if let input = await self.perform(effect, in: machine.state) {
                    guard !Task.isCancelled else { return }
                    next += machine.step(input)
                }
            }
            effects = next
        }
        guard machine.state != .lost else {
            throw LeadershipLost(lease: "\(self.options.namespace)/\(self.options.name)")
        }
        self.leadership.release()
    }

    private func perform(
        _ effect: ElectionMachine.Effect,
        in state: ElectionMachine.State
    ) async -> ElectionMachine.Input? {
        switch effect {
        case .read:
            if case .leading = state { self.tell(.slowPath) }
            return await self.request(in: state) { await self.read() }
        case .create:
            return await self.request(in: state) { await self.create() }
        case .hold(let record, let isTakeover):
            return await self.request(in: state) { await self.hold(record, isTakeover: isTakeover) }
        case .release(let record):
            // Nothing is written any more from here on, whatever comes of the request.
            self.leadership.release()
            self.tell(.released)
            return await self.request(in: state) { await self.release(record) }
        case .pause(let duration, let isExact):
            return await self.pause(isExact ? duration : duration * (0.8 + 0.4 * self.time.random()))
        case .lead(let until):
            self.lead(until: until)
            return nil
        case .follow(let holder):
            self.logger.info("follows", metadata: ["leader": "\(holder.isEmpty ? "nobody" : holder)"])
            self.tell(.follows(holder))
            return nil
        case .lose:
            self.leadership.lose()
            self.logger.critical("lost the lease, nothing is written any more")
            self.tell(.lost)
            return nil
        }
    }

    private func lead(until: ElectionMachine.Instant) {
        let isNew = !self.leadership.isHeld
        self.leadership.hold(until: until)
        if isNew {
            self.logger.notice("leads", metadata: ["identity": "\(self.options.identity)"])
            self.tell(.leads)
        }
    }

    private func pause(_ duration: Duration) async -> ElectionMachine.Input {
        // The shutdown ends the pause, and is seen behind it.
        let sleep = self.time.sleep
        let _: Void? = try? await cancelWhenGracefulShutdown { try await sleep(duration) }
        let now = self.time.now()
        return Task.isShuttingDownGracefully ? .stop(at: now) : .tick(at: now)
    }
}

// MARK: - Requests

extension LeaderElector {
    /// What came of a request, by the time it may take at the latest.
    private func request(
        in state: ElectionMachine.State,
        _ send: @escaping @Sendable () async -> ElectionMachine.Input
    ) async -> ElectionMachine.Input {
        let time = self.time
        let patience = self.options.times.requestTimeout
        let limit = if case .leading(let term) = state { min(patience, term.until - time.now()) } else { patience }
        return await withTaskGroup(of: ElectionMachine.Input?.self) { group in
            group.addTask { await send() }
            group.addTask {
                // Cancelled as soon as there is an answer.
                let slept: Void? = try? await time.sleep(limit)
                return slept == nil ? nil : .failed(.unknown, at: time.now())
            }
            var input: ElectionMachine.Input?
            while input == nil, let result = await group.next() {
                input = result
            }
            group.cancelAll()
            return input ?? .failed(.unknown, at: time.now())
        }
    }

    private var key: ObjectKey {
        ObjectKey(namespace: self.options.namespace, name: self.options.name)
    }

    private func read() async -> ElectionMachine.Input {
        do throws(KubernetesClientError) {
            let record = LeaseRecord(json: try await self.client.get(.leases, self.key))
            return .found(record, at: self.time.now())
        } catch {
            if error.status?.isNotFound == true { return .found(nil, at: self.time.now()) }
            return self.failed(error)
        }
    }

    private func create() async -> ElectionMachine.Input {
        var metadata: JSONValue = [
            "name": .string(self.options.name), "namespace": .string(self.options.namespace),
        ]
        if !self.options.labels.isEmpty { metadata["labels"] = JSONValue(self.options.labels) }
        let manifest: JSONValue = [
            "apiVersion": .string(ResourceType.leases.apiVersion),
            "kind": .string(ResourceType.leases.kind),
            "metadata": metadata,
            "spec": self.spec(transitions: 0, acquired: nil),
        ]
        return await self.write { () async throws(KubernetesClientError) in
            try await self.client.create(
                .leases,
                namespace: self.options.namespace,
                manifest,
                fieldManager: self.options.fieldManager
            ).value
        }
    }

    private func hold(_ record: LeaseRecord, isTakeover: Bool) async -> ElectionMachine.Input {
        let spec = self.spec(
            transitions: record.transitions + (isTakeover ? 1 : 0),
            acquired: isTakeover ? nil : record.times.acquired
        )
        return await self.write { () async throws(KubernetesClientError) in try await self.patch(spec, record) }
    }

    private func release(_ record: LeaseRecord) async -> ElectionMachine.Input {
        let now = JSONValue.string(microTime(self.wallClock()))
        // Nobody's, and expired in a second for those who look at nothing but the times.
        let spec: JSONValue = [
            "holderIdentity": "", "leaseDurationSeconds": 1, "renewTime": now, "acquireTime": now,
        ]
        return await self.write { () async throws(KubernetesClientError) in try await self.patch(spec, record) }
    }

    private func spec(transitions: Int, acquired: String?) -> JSONValue {
        let now = microTime(self.wallClock())
        let acquired = acquired.flatMap { $0.isEmpty ? nil : $0 } ?? now
        return [
            "holderIdentity": .string(self.options.identity),
            "leaseDurationSeconds": JSONValue(Int(self.options.times.leaseDuration.components.seconds)),
            "acquireTime": .string(acquired),
            "renewTime": .string(now),
            "leaseTransitions": JSONValue(transitions),
        ]
    }

    /// Changes the lease, if it is still as the record says, and leaves alone what it does not know.
    private func patch(_ spec: JSONValue, _ record: LeaseRecord) async throws(KubernetesClientError) -> JSONValue {
        try await self.client.merge(
            .leases,
            self.key,
            ["metadata": ["resourceVersion": .string(record.version.text)], "spec": spec],
            fieldManager: self.options.fieldManager
        )
    }

    private func write(
        _ write: () async throws(KubernetesClientError) -> JSONValue
    ) async -> ElectionMachine.Input {
        let sentAt = self.time.now()
        do throws(KubernetesClientError) {
            let record = LeaseRecord(json: try await write())
            return .wrote(record, sentAt: sentAt, at: self.time.now())
        } catch {
            return self.failed(error)
        }
    }

    private func failed(_ error: KubernetesClientError) -> ElectionMachine.Input {
        let now = self.time.now()
        // A conflict is how an election goes; what else fails somebody should know.
        if error.status?.isConflict == true || error.status?.isAlreadyExists == true {
            return .failed(.conflict, at: now)
        }
        if error.status?.isNotFound == true { return .failed(.missing, at: now) }
        if !error.isCancelled {
            self.logger.warning("the lease could not be read or written", metadata: ["error": "\(error)"])
        }
        return .failed(.unknown, at: now)
    }
}

/// The lease could not be kept; the process has to end, and nothing is written any more.
public struct LeadershipLost: Error, Sendable, Equatable, CustomStringConvertible {
    /// Namespace and name of the lease.
    public var lease: String

    /// One line for people.
    public var description: String {
        "lease \(self.lease): lost; another replica may lead now, so this one ends"
    }
}
