import HTTPTransport
import JSON
import KubernetesAPI
import KubernetesClient
import KubernetesTesting
import Locks
import Logging
import Testing

@testable import ControllerRuntime

/// Watches that begin with all objects.
struct InformerStreamTests {
    private static let initialEnd: JSONValue = [
        "type": "BOOKMARK",
        "object": ["metadata": ["resourceVersion": "8", "annotations": ["k8s.io/initial-events-end": "true"]]],
    ]

    @Test("Initial events come to the store at once and as a whole, and the same watch goes on")
    func initialEvents() async throws {
        let fixture = InformerFixture(
            [
                .watch(
                    [
                        watchEvent("ADDED", TestObject("a", version: 1)),
                        watchEvent("ADDED", TestObject("b", version: 2)),
                        ["type": "BOOKMARK", "object": ["metadata": ["resourceVersion": "5"]]],
                        watchEvent("MODIFIED", TestObject("a", version: 6)),
                        watchEvent("DELETED", TestObject("b", version: 7)),
                        watchEvent("ADDED", TestObject("c", version: 8)), Self.initialEnd,
                        watchEvent("MODIFIED", TestObject("c", version: 9)),
                    ],
                    end: .silence
                )
            ],
            initialSync: .stream,
            skipsTime: false
        )
        #expect(await eventually { fixture.store.version == 9 })
        try await fixture.stop()
        #expect(fixture.requests == ["stream NotOlderThan"])
        #expect(Set(fixture.changes.prefix(2)) == ["+a@6", "+c@8"])
        #expect(fixture.changes.dropFirst(2) == ["c@8>9"])
    }

    @Test("A stream that replaces a filled store tells of the deletions that were missed")
    func missedDeletionInStream() async throws {
        let fixture = InformerFixture(
            [
                .watch(
                    [
                        watchEvent("ADDED", TestObject("a", version: 1)),
                        watchEvent("ADDED", TestObject("b", version: 2)),
                        Self.initialEnd, ["type": "ERROR", "object": ["kind": "Status", "code": 410]],
                    ],
                    end: .complete
                ),
                .watch([watchEvent("ADDED", TestObject("a", version: 1)), Self.initialEnd], end: .silence),
            ],
            initialSync: .stream,
            skipsTime: false
        )
        #expect(await eventually { fixture.time.pauses.contains(.milliseconds(800)) })
        fixture.time.advance(by: .milliseconds(800))
        #expect(await eventually { fixture.changes.count == 3 })
        try await fixture.stop()
        #expect(fixture.changes.last == "-b@2")
    }

    @Test("A server that refuses initial events is listed, and asked no more", arguments: [400, 403, 422])
    func refusedStream(_ code: Int) async throws {
        let fixture = InformerFixture(
            [
                .refusal(code, reason: "Invalid"), InformerFixture.list, .refusal(410, reason: "Gone"),
                InformerFixture.list,
            ],
            initialSync: .stream
        )
        try await fixture.end(after: 5)
        #expect(fixture.requests == ["stream NotOlderThan", "list", "watch 5", "list", "watch 5"])
    }

    @Test("A server that does not know initial events and says nothing at their end is listed after 10 s")
    func endlessStream() async throws {
        let fixture = InformerFixture(
            [.watch([watchEvent("ADDED", TestObject("a", version: 1))], end: .silence), InformerFixture.list],
            initialSync: .stream,
            skipsTime: false
        )
        #expect(await eventually { fixture.time.sleeperCount == 1 && fixture.informer.status[0].events == 1 })
        fixture.time.advance(by: .seconds(10))
        try await fixture.end(after: 3)
        #expect(fixture.requests == ["stream NotOlderThan", "list", "watch 5"])
        #expect(Set(fixture.changes) == ["+a@1", "+b@2"])
    }

    @Test(
        "A stream that breaks, or ends, before its initial events do is begun anew, and nothing of it is in the store",
        arguments: [RecordedTransport.BodyEnd.failure(.connectionLost("reset")), .complete]
    )
    func brokenStream(_ end: RecordedTransport.BodyEnd) async throws {
        let fixture = InformerFixture(
            [
                .watch([watchEvent("ADDED", TestObject("gone", version: 1))], end: end),
                .watch([watchEvent("ADDED", TestObject("a", version: 2)), Self.initialEnd], end: .silence),
            ],
            initialSync: .stream,
            skipsTime: false
        )
        #expect(await eventually { fixture.time.pauses.contains(.milliseconds(800)) })
        fixture.time.advance(by: .milliseconds(800))
        #expect(await eventually { fixture.store.isSynced })
        try await fixture.stop()
        #expect(fixture.changes == ["+a@2"])
    }

    // MARK: Several namespaces
}
