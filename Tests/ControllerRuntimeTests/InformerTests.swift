import HTTPTransport
import JSON
import KubernetesAPI
import KubernetesClient
import KubernetesTesting
import Locks
import Logging
import Testing

@testable import ControllerRuntime

@Suite("Informer")
struct InformerTests {
    @Test("It lists, then watches from the list's version, and tells each change once and in order")
    func changes() async throws {
        let fixture = InformerFixture([
            InformerFixture.list,
            .watch(
                [
                    watchEvent("ADDED", TestObject("c", version: 6)),
                    watchEvent("MODIFIED", TestObject("a", version: 7)),
                    watchEvent("MODIFIED", TestObject("a", version: 7)),
                    watchEvent("DELETED", TestObject("b", version: 8)),
                    ["type": "BOOKMARK", "object": ["metadata": ["resourceVersion": "20"]]],
                ],
                end: .silence
            ),
        ])
        #expect(await eventually { fixture.store.version == 20 })
        try await fixture.stop()
        #expect(Set(fixture.changes.prefix(2)) == ["+a@1", "+b@2"])
        #expect(fixture.changes.dropFirst(2) == ["+c@6", "a@1>7", "-b@2"])
        #expect(fixture.requests == ["list", "watch 5"])
        #expect(Set(fixture.store.keys.map(\.name)) == ["a", "c"])
    }

    @Test("A deletion that was missed is found by the next list")
    func missedDeletion() async throws {
        let fixture = InformerFixture([
            InformerFixture.list,
            .watch(
                [["type": "ERROR", "object": ["kind": "Status", "code": 410, "reason": "Expired"]]],
                end: .complete
            ),
            .list([TestObject("a", version: 1).json], version: "9"),
        ])
        try await fixture.end(after: 4)
        #expect(fixture.requests == ["list", "watch 5", "list", "watch 9"])
        #expect(fixture.changes.dropFirst(2) == ["-b@2"])
        #expect(fixture.time.pauses == [.milliseconds(800)])
    }

    @Test("A watch that is refused as too old leads to a list too")
    func expired() async throws {
        let fixture = InformerFixture([
            InformerFixture.list, .refusal(410, reason: "Gone"),
            .list([TestObject("a", version: 1).json, TestObject("b", version: 8).json], version: "9"),
        ])
        try await fixture.end(after: 4)
        #expect(fixture.requests == ["list", "watch 5", "list", "watch 9"])
        #expect(fixture.changes.dropFirst(2) == ["b@2>8"])
    }

    @Test("An object that cannot be read is left out and stops nothing else")
    func unreadable() async throws {
        let fixture = InformerFixture([
            .list([["metadata": [:]], TestObject("a", version: 1).json], version: "5"),
            .watch(
                [
                    ["type": "ADDED", "object": ["metadata": ["resourceVersion": "6"]]],
                    watchEvent("ADDED", TestObject("b", version: 7)),
                    ["type": "DELETED", "object": ["metadata": ["resourceVersion": "8"]]],
                ],
                end: .failure(.connectionLost("reset"))
            ),
        ])
        try await fixture.end(after: 3)
        #expect(fixture.changes == ["+a@1", "+b@7"])
        #expect(fixture.requests == ["list", "watch 5", "watch 8"])
    }

    @Test("A connection that breaks is no reason to list: the watch goes on after the last version")
    func brokenConnection() async throws {
        let fixture = InformerFixture([
            InformerFixture.list,
            .watch([watchEvent("ADDED", TestObject("c", version: 6))], end: .failure(.connectionLost("reset"))),
            .failure(.connectionLost("reset")),
            .refusal(503, reason: "ServiceUnavailable"),
        ])
        try await fixture.end(after: 5)
        #expect(fixture.requests == ["list", "watch 5", "watch 6", "watch 6", "watch 6"])
        #expect(fixture.time.pauses == [800, 1600, 3200].map { .milliseconds($0) })
    }

    @Test("A server that was away is read as a whole when it is back: its data may be older")
    func away() async throws {
        let fixture = InformerFixture([
            InformerFixture.list, .failure(.couldNotConnect("refused")), .failure(.couldNotConnect("refused")),
            InformerFixture.list,
        ])
        try await fixture.end(after: 5)
        #expect(fixture.requests == ["list", "watch 5", "list", "list", "watch 5"])
    }

    @Test("A watch that the server ends is opened again at once, one that ended without anything after a pause")
    func ended() async throws {
        let fixture = InformerFixture([
            InformerFixture.list,
            .watch([watchEvent("ADDED", TestObject("c", version: 6))], end: .complete),
            .watch([], end: .complete),
        ])
        try await fixture.end(after: 4)
        #expect(fixture.requests == ["list", "watch 5", "watch 6", "watch 6"])
        #expect(fixture.time.pauses == [.milliseconds(800)])
    }

    @Test("Pages come to one collection; one that expired in the middle begins anew")
    func pages() async throws {
        let fixture = InformerFixture([
            .list([TestObject("gone", version: 1).json], version: "5", continueToken: "x"),
            .refusal(410, reason: "Expired"),
            .list([TestObject("a", version: 1).json], version: "7", continueToken: "y"),
            .list([TestObject("b", version: 2).json], version: "7"),
        ])
        try await fixture.end(after: 5)
        #expect(fixture.requests == ["list", "list x", "list", "list y", "watch 7"])
        #expect(Set(fixture.changes) == ["+a@1", "+b@2"])
    }

    @Test("A refused collection is denied, until it can be read", arguments: [403, 404])
    func denied(_ code: Int) async throws {
        let gate = Signal()
        let count = Locked(0)
        let transport = RecordedTransport { _ in
            let number = count.withLock { count in
                count += 1
                return count
            }
            switch number {
            case 1: return .refusal(code, reason: "")
            case 2:
                await gate.wait()
                return .list([], version: "5")
            default: return .watch([], end: .silence)
            }
        }
        let store = Store<TestObject>()
        let informer = Informer(
            Selection(.pods),
            client: KubernetesClient(
                transport: transport,
                credential: NoCredential(),
                options: KubernetesClient.Options(userAgent: "unit-test/1")
            ),
            store: store,
            time: ManualTime().skippingSource,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            project: TestObject.init(json:),
            onChange: { _ in }
        )
        let task = Task { try await informer.run() }
        #expect(await eventually { transport.requests.count == 2 })
        #expect(store.isDenied && !store.isSynced)
        gate.give()
        #expect(await eventually { store.isSynced })
        #expect(!store.isDenied)
        task.cancel()
        try await task.value
    }

    @Test("A watch that was silent for too long is replaced by one that may be silent for longer, without a list")
    func silence() async throws {
        let fixture = InformerFixture([InformerFixture.list, .watch([], end: .failure(.timedOut("idle stream")))])
        try await fixture.end(after: 3)
        #expect(fixture.requests == ["list", "watch 5", "watch 5"])
        #expect(
            fixture.transport.requests.dropFirst().map(\.deadline) == [
                .stream(idle: .seconds(90)), .stream(idle: .seconds(630)),
            ]
        )
    }

    @Test("Garbage on a watch is no reason to list")
    func garbage() async throws {
        let fixture = InformerFixture([
            InformerFixture.list,
            .response(
                status: 200,
                headers: [],
                chunks: [watchEvent("ADDED", TestObject("c", version: 6)).bytes() + Array("\n<html>\n".utf8)],
                end: .complete
            ),
        ])
        try await fixture.end(after: 3)
        #expect(fixture.requests == ["list", "watch 5", "watch 6"])
    }

    @Test("An object that was deleted and made anew within a watch is told as gone and as new")
    func recreated() async throws {
        let fixture = InformerFixture([
            InformerFixture.list,
            .watch(
                [
                    watchEvent("DELETED", TestObject("a", version: 6)),
                    watchEvent("ADDED", TestObject("a", uid: "other", version: 7)),
                ],
                end: .silence
            ),
        ])
        #expect(await eventually { fixture.store.version == 7 })
        try await fixture.stop()
        #expect(fixture.changes.dropFirst(2) == ["-a@1", "+a@7"])
    }

    @Test("A task that is cancelled in a silent watch ends")
    func cancelled() async throws {
        let fixture = InformerFixture([InformerFixture.list])
        try await fixture.end(after: 2)
        #expect(fixture.requests == ["list", "watch 5"])
    }

    @Test("An object whose contents cannot be read keeps its last readable state, is counted and told")
    func unreadableContents() async throws {
        let fixture = InformerFixture([
            InformerFixture.list,
            .watch([["type": "MODIFIED", "object": TestObject("a", version: 6).unreadableJSON]], end: .complete),
            .refusal(410, reason: "Gone"),
            .list([TestObject("a", version: 6).unreadableJSON, TestObject("b", version: 7).json], version: "9"),
        ])
        try await fixture.end(after: 5)
        #expect(fixture.changes.dropFirst(2) == ["b@2>7"])
        #expect(fixture.store[TestObject("a", version: 1).metadata.key]?.metadata.resourceVersion == 1)
        #expect(fixture.unreadable.withLock { $0 } == ["shop/a", "shop/a"])
        #expect(fixture.informer.status.map(\.unreadable) == [2])
    }

    @Test("A server with an older state than was seen is found out by its silence, and its state taken over")
    func olderState() async throws {
        let fixture = InformerFixture([
            InformerFixture.list, .watch([], end: .failure(.timedOut("idle stream"))),
            .watch([], end: .failure(.timedOut("idle stream"))),
            .list([TestObject("b", version: 1).json], version: "3"),
        ])
        try await fixture.end(after: 5)
        #expect(fixture.requests == ["list", "watch 5", "watch 5", "list", "watch 3"])
        #expect(Set(fixture.changes.dropFirst(2)) == ["-a@1", "b@2>1"])
    }

    @Test("Several namespaces fill one store; one that is forbidden holds up none but itself, and is named")
    func namespaces() async throws {
        let fixture = InformerFixture(namespaces: ["east", "west"], skipsTime: false) { request in
            if request.target.contains("watch=true") { return .watch([], end: .silence) }
            guard request.path == "/api/v1/namespaces/east/pods" else {
                return .refusal(403, reason: "Forbidden", message: "no")
            }
            return .list([TestObject("a", version: 1, namespace: "east").json], version: "5")
        }
        #expect(await eventually { fixture.store.isSynced && fixture.store.isDenied })
        #expect(fixture.changes == ["+a@1"])
        #expect(fixture.store.isSynced(in: "east") && !fixture.store.isSynced(in: "west"))
        let status = fixture.informer.status
        #expect(status.map(\.namespace) == ["east", "west"])
        #expect(status.map(\.isSynced) == [true, false])
        #expect(status.map(\.refusal) == [nil, "list pods in namespace west: 403 Forbidden: no"])
        try await fixture.stop()
    }
}
