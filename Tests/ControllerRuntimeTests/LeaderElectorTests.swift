import HTTPTransport
import JSON
import KubernetesAPI
import KubernetesClient
import KubernetesTesting
import Locks
import Logging
import ServiceLifecycle
import ServiceLifecycleTestKit
import Testing

@testable import ControllerRuntime

/// One lease, kept as the API server keeps it, and what befalls requests about it.
private final class LeaseServer: Sendable {
    enum Fault: Sendable {
        case none
        /// The request never arrives, and nothing is ever answered.
        case silence
        /// The request is carried out, and nothing is ever answered.
        case silenceAfterwards
        case refusal(Int)
    }

    private struct Content {
        var lease: JSONValue?
        var version = 0
        var fault = Fault.none
        var writes: [JSONValue] = []
    }

    private let content = Locked(Content())
    private let never = Signal()

    var lease: JSONValue? { self.content.withLock { $0.lease } }
    var writes: [JSONValue] { self.content.withLock { $0.writes } }

    func set(_ fault: Fault) { self.content.withLock { $0.fault = fault } }

    func put(_ spec: JSONValue?) {
        self.content.withLock { content in
            content.version += 1
            content.lease = spec.map { spec in
                [
                    "metadata": ["resourceVersion": .string("\(content.version)"), "labels": ["kept": "yes"]],
                    "spec": spec,
                ]
            }
        }
    }

    func answer(_ request: HTTPRequest) async -> RecordedTransport.Answer {
        switch self.content.withLock({ $0.fault }) {
        case .none:
            return self.serve(request)
        case .refusal(let code):
            return .refusal(code, reason: "Told")
        case .silence:
            await self.never.wait()
            return .failure(.cancelled)
        case .silenceAfterwards:
            _ = self.serve(request)
            await self.never.wait()
            return .failure(.cancelled)
        }
    }

    private func serve(_ request: HTTPRequest) -> RecordedTransport.Answer {
        self.content.withLock { content in
            if request.method == "GET" {
                return content.lease.map { .json($0) } ?? .refusal(404, reason: "NotFound")
            }
            content.writes.append(request.json)
            switch (request.method, content.lease) {
            case ("POST", .some): return .refusal(409, reason: "AlreadyExists")
            case ("PATCH", nil): return .refusal(404, reason: "NotFound")
            case ("PATCH", let lease?)
            where request.json["metadata"]?["resourceVersion"] != lease["metadata"]?["resourceVersion"]:
                return .refusal(409, reason: "Conflict")
            default: break
            }
            content.version += 1
            var lease = content.lease ?? request.json
            for member in request.json["spec"]?.object ?? JSONObject() {
                lease["spec"]?[member.key] = member.value
            }
            lease["metadata"]?["resourceVersion"] = .string("\(content.version)")
            content.lease = lease
            return .json(lease)
        }
    }
}

/// A replica that asks for the lease of a server.
private struct Replica: Sendable {
    let elector: LeaderElector
    let news = Locked<[LeaderElector.News]>([])

    init(_ name: String, _ server: LeaseServer, _ time: TimeSource, isReady: @escaping @Sendable () -> Bool = { true })
    {
        let news = self.news
        self.elector = LeaderElector(
            client: KubernetesClient(
                transport: RecordedTransport { await server.answer($0) },
                credential: NoCredential(),
                options: LeaderElector.clientOptions(userAgent: "unit-test/1", times: .standard)
            ),
            options: LeaderElector.Options(
                name: "the-lease",
                namespace: "shop",
                identity: name,
                fieldManager: "unit-test"
            ),
            leadership: Leadership(time: time),
            time: time,
            wallClock: { 1_000_000 },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            isReady: isReady,
            tell: { one in news.withLock { $0.append(one) } }
        )
    }

    var isLeader: Bool { self.elector.leadership.isHeld }
    var heard: [LeaderElector.News] { self.news.withLock { $0 } }

    func run() -> Task<Void, any Error> {
        let elector = self.elector
        return Task { try await elector.run() }
    }
}

/// Moves the clock in small steps until something is so; each step waits until somebody sleeps again.
private func advance(_ time: ManualTime, until isSo: () -> Bool) async -> Bool {
    let end = ContinuousClock.now + .seconds(120)
    while ContinuousClock.now < end {
        if isSo() { return true }
        // What needs no time, such as an answer that is there already, comes before the clock moves on.
        try? await Task.sleep(for: .milliseconds(2))
        if time.sleeperCount > 0 { time.advance(by: .milliseconds(100)) }
    }
    return isSo()
}

@Suite("LeaderElector")
struct LeaderElectorTests {
    private let server = LeaseServer()
    private let time = ManualTime(random: { 0.5 })

    @Test("The first replica creates the lease, as the field writes it")
    func creates() async throws {
        let replica = Replica("one", self.server, self.time.source)
        let task = replica.run()
        #expect(await eventually { replica.isLeader })
        #expect(
            self.server.lease?["spec"] == [
                "holderIdentity": "one", "leaseDurationSeconds": 15, "leaseTransitions": 0,
                "acquireTime": "1970-01-12T13:46:40.000000Z", "renewTime": "1970-01-12T13:46:40.000000Z",
            ]
        )
        #expect(self.server.writes.first?["kind"] == "Lease")
        #expect(self.server.writes.first?["metadata"] == ["name": "the-lease", "namespace": "shop"])
        task.cancel()
        try await task.value
        // It does not know whether its work has ended.
        #expect(self.server.lease?["spec"]?["holderIdentity"] == "one")
    }

    @Test("A replica that is not ready does not ask for the lease")
    func notReady() async throws {
        let isReady = Locked(false)
        let replica = Replica("one", self.server, self.time.source, isReady: { isReady.withLock { $0 } })
        let task = replica.run()
        await self.time.waitForSleeps(1)
        self.time.advance(by: .milliseconds(10))
        await self.time.waitForSleeps(2)
        #expect(self.server.writes.isEmpty)
        isReady.withLock { $0 = true }
        self.time.advance(by: .milliseconds(10))
        #expect(await eventually { replica.isLeader })
        task.cancel()
        try await task.value
    }

    @Test("A lease that its holder no longer renews changes hands, and what else is in it stays")
    func takesOver() async throws {
        self.server.put(["holderIdentity": "dead", "leaseDurationSeconds": 15, "leaseTransitions": 4])
        let replica = Replica("one", self.server, self.time.source)
        let begin = self.time.now
        let task = replica.run()
        #expect(await advance(self.time) { replica.isLeader })
        #expect(self.time.now - begin >= .seconds(15))
        #expect(self.server.lease?["spec"]?["leaseTransitions"] == 5)
        #expect(self.server.lease?["metadata"]?["labels"] == ["kept": "yes"])
        #expect(replica.heard == [.follows("dead"), .leads])
        task.cancel()
        try await task.value
    }

    @Test("A leader that is told to end gives the lease back, and the next one need not wait for it to expire")
    func handsOver() async throws {
        let (first, second) = (
            Replica("one", self.server, self.time.source), Replica("two", self.server, self.time.source)
        )
        await testGracefulShutdown { trigger in
            await withTaskGroup(of: Void.self) { group in
                group.addTask { try? await first.elector.run() }
                #expect(await eventually { first.isLeader })
                trigger.triggerGracefulShutdown()
                await group.waitForAll()
            }
        }
        #expect(first.elector.leadership.summary == "released")
        #expect(first.heard == [.leads, .released])
        #expect(self.server.lease?["spec"]?["holderIdentity"] == "")
        #expect(self.server.lease?["spec"]?["leaseDurationSeconds"] == 1)
        let task = second.run()
        #expect(await eventually { second.isLeader })
        #expect(self.server.lease?["spec"]?["leaseTransitions"] == 1)
        task.cancel()
        try await task.value
    }

    @Test("A request that hangs does not cost the lease")
    func hanging() async throws {
        let replica = Replica("one", self.server, self.time.source)
        let task = replica.run()
        #expect(await eventually { replica.isLeader })
        self.server.set(.silenceAfterwards)
        let begin = self.time.now
        let hung = self.server.writes.count
        #expect(await advance(self.time) { self.server.writes.count > hung })
        self.server.set(.none)
        #expect(await advance(self.time) { replica.heard.contains(.slowPath) })
        #expect(await advance(self.time) { self.time.now - begin > .seconds(20) })
        #expect(replica.isLeader)
        task.cancel()
        try await task.value
    }

    @Test("A leader that hears nothing any more has lost its lease at the renew deadline, and run throws")
    func silence() async throws {
        let replica = Replica("one", self.server, self.time.source)
        let task = replica.run()
        #expect(await eventually { replica.isLeader })
        self.server.set(.silence)
        let begin = self.time.now
        #expect(await advance(self.time) { replica.heard.contains(.lost) })
        #expect(self.time.now - begin <= .seconds(13))
        #expect(replica.elector.leadership.writeLimit(for: .report) == .forbidden("the lease was lost"))
        await #expect(throws: LeadershipLost(lease: "shop/the-lease")) { try await task.value }
    }

    @Test("A leader that is refused goes on until the renew deadline", arguments: [403, 500])
    func refused(_ code: Int) async throws {
        let replica = Replica("one", self.server, self.time.source)
        let task = replica.run()
        #expect(await eventually { replica.isLeader })
        self.server.set(.refusal(code))
        #expect(await advance(self.time) { replica.heard.contains(.lost) })
        await #expect(throws: LeadershipLost.self) { try await task.value }
    }

    @Test("A leader that finds somebody else's name in its lease has lost it")
    func stolen() async throws {
        let replica = Replica("one", self.server, self.time.source)
        let task = replica.run()
        #expect(await eventually { replica.isLeader })
        self.server.put(["holderIdentity": "thief", "leaseDurationSeconds": 15])
        #expect(await advance(self.time) { replica.heard.contains(.lost) })
        await #expect(throws: LeadershipLost.self) { try await task.value }
        #expect(self.server.lease?["spec"]?["holderIdentity"] == "thief")
    }

    @Test("Of two replicas the second waits, whatever the wall clock says")
    func wallClock() async throws {
        // The holder's times are of the year 2000, and this replica's wall clock stands in 1970: neither matters.
        self.server.put(["holderIdentity": "other", "renewTime": "2000-01-01T00:00:00.000000Z"])
        let replica = Replica("one", self.server, self.time.source)
        let begin = self.time.now
        let task = replica.run()
        #expect(await advance(self.time) { replica.isLeader })
        #expect(self.time.now - begin >= .seconds(15))
        task.cancel()
        try await task.value
    }
}
