import HTTPTransport
import JSON
import KubernetesAPI
import KubernetesClient
import KubernetesTesting
import Testing

struct FaultTests {
    private let server = SimulatedAPIServer()

    private func client(as user: String = "test") -> (KubernetesClient, SimulatedConnection) {
        let connection = self.server.connect(as: user)
        let client = KubernetesClient(
            transport: connection,
            credential: NoCredential(),
            options: KubernetesClient.Options(userAgent: "unit-test/1", retry: RetryPolicy(attempts: 1))
        )
        return (client, connection)
    }

    private static let key = ObjectKey(namespace: "default", name: "a")
    private static let manifest: JSONValue = [
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "a"], "data": ["x": "1"],
    ]

    private func create(_ client: KubernetesClient) async throws(KubernetesClientError) -> DynamicObject {
        try await client.create(.configMaps, namespace: "default", Self.manifest, fieldManager: "test")
    }

    @Test func aRefusalThatIsAskedForDoesNothing() async throws {
        self.server.changeFaults { $0.add(.respond(429, retryAfter: 7), on: .writes) }
        let (client, _) = self.client()
        let error = await #expect(throws: KubernetesClientError.self) { try await self.create(client) }
        #expect(error?.status?.code == 429)
        #expect(error?.status?.details.retryAfterSeconds == 7)
        #expect(self.server.object(.configMaps, Self.key) == nil)
        _ = try await self.create(client)
        #expect(self.server.log.map(\.code) == [429, 201])
    }

    @Test func anAnswerThatIsLostWasAWrite() async throws {
        self.server.changeFaults { $0.add(.loseAnswer, on: .writes) }
        let (client, _) = self.client()
        let error = await #expect(throws: KubernetesClientError.self) { try await self.create(client) }
        guard case .transport(.connectionLost) = error?.cause else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(self.server.object(.configMaps, Self.key) != nil)
    }

    @Test func aConnectionThatDiesHasWrittenAndWritesNoMore() async throws {
        self.server.changeFaults { $0.add(.die, on: .writes) }
        let (client, connection) = self.client()
        await #expect(throws: KubernetesClientError.self) { try await self.create(client) }
        #expect(connection.isClosed)
        #expect(self.server.object(.configMaps, Self.key) != nil)
        await #expect(throws: KubernetesClientError.self) { try await client.get(.configMaps, Self.key) }
        let (next, _) = self.client()
        #expect(try await next.get(.configMaps, Self.key)["data"] == ["x": "1"])
    }

    @Test func anOlderStateIsShownAndNotWrittenTo() async throws {
        let (client, _) = self.client()
        _ = try await self.create(client)
        self.server.changeFaults { $0.add(.olderState(by: 1), on: .init([.get])) }
        let error = await #expect(throws: KubernetesClientError.self) { try await client.get(.configMaps, Self.key) }
        #expect(error?.status?.isNotFound == true)
        #expect(try await client.get(.configMaps, Self.key)["data"] == ["x": "1"])
    }

    /// A body comes whole, however it is cut into pieces: within a line, a number, a character of several bytes.
    @Test(arguments: 1...17)
    func aListComesWholeInPiecesOfAnySize(_ size: Int) async throws {
        for name in ["é", "😀", "e\u{301}"] {
            self.server.put(.configMaps, ObjectKey(namespace: "default", name: name)) { map in
                map["data"] = ["text": .string("“\(name)” \u{2028}")]
            }
        }
        self.server.changeFaults { $0.add(.chunks(of: size)) }
        let (client, _) = self.client()
        var names: [String] = []
        _ = try await client.list(Selection(.configMaps), limit: 500) {
            names.append($0["metadata"]?["name"]?.string ?? "")
        }
        #expect(names == self.server.objects(.configMaps).compactMap { $0["metadata"]?["name"]?.string })
    }

    @Test func aBodyBreaksOffWhereItIsTold() async throws {
        let (client, _) = self.client()
        _ = try await self.create(client)
        for limit in [0, 1, 40] {
            self.server.changeFaults { $0.add(.cutStream(afterBytes: limit)) }
            let error = await #expect(throws: KubernetesClientError.self) {
                try await client.get(.configMaps, Self.key)
            }
            #expect(error?.cause == .transport(.connectionLost("the connection was reset")))
        }
    }

    @Test func aSilentServerLetsTheRequestTimeOut() async throws {
        let time = ManualTime()
        let server = SimulatedAPIServer(SimulatedAPIServer.Options(time: time.skippingSource))
        server.changeFaults { $0.add(.silence) }
        let client = KubernetesClient(
            transport: server.connect(),
            credential: NoCredential(),
            options: KubernetesClient.Options(userAgent: "unit-test/1", retry: RetryPolicy(attempts: 1))
        )
        let error = await #expect(throws: KubernetesClientError.self) { try await client.get(.configMaps, Self.key) }
        #expect(error?.isTimeout == true)
    }

    @Test func aWatchEndsWhenItsTimeIsOverAndDiesWhenNothingComes() async throws {
        let time = ManualTime()
        let server = SimulatedAPIServer(SimulatedAPIServer.Options(time: time.source))
        let client = KubernetesClient(
            transport: server.connect(),
            credential: NoCredential(),
            options: KubernetesClient.Options(userAgent: "unit-test/1")
        )
        let version = ResourceVersion("\(server.version)")
        func watch(timeout: Int, idle: Int) -> Task<WatchEvent?, any Error> {
            Task {
                var stream = try await client.watch(
                    Selection(.configMaps),
                    .after(version),
                    timeout: .seconds(timeout),
                    idle: .seconds(idle)
                )
                return try await stream.next()
            }
        }
        let ended = watch(timeout: 300, idle: 400)
        await time.waitForSleeps(1)
        time.advance(by: .seconds(300))
        #expect(try await ended.value == nil)
        let died = watch(timeout: 300, idle: 90)
        await time.waitForSleeps(2)
        time.advance(by: .seconds(90))
        let error = await #expect(throws: KubernetesClientError.self) { try await died.value }
        #expect(error?.isTimeout == true)
    }

    @Test func theSameSeedRollsTheSameFaults() {
        func rolled(_ seed: UInt64) -> [Bool] {
            var plan = FaultPlan()
            plan.roll([.refuseConnection], probability: 0.5, seed: seed)
            let request = SimulatedRequest(user: "test", verb: .get, resource: "pods")
            return (0..<64).map { _ in plan.meets(request) }
        }
        #expect(rolled(7) == rolled(7))
        #expect(rolled(7) != rolled(8))
    }
}
