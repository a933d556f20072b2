import ControllerRuntime
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

@Suite("EventRecorder")
struct EventRecorderTests {
    private static func note(_ reason: String) -> EventNote {
        EventNote(
            regarding: ObjectReference(
                apiVersion: "example.com/v1",
                kind: "Shop",
                key: ObjectKey(namespace: "shop", name: "web"),
                uid: "u"
            ),
            kind: .warning,
            reason: reason,
            action: "Observe",
            note: "something is wrong"
        )
    }

    /// What discovery answers about a group's version.
    private static func discovery(_ request: HTTPRequest, served: [String]) -> RecordedTransport.Answer {
        served.contains(request.target)
            ? .json(["resources": [["name": "events"]]]) : .refusal(404, reason: "NotFound")
    }

    /// Runs a recorder until it has sent so many writes, and gives these.
    private func requests(
        _ count: Int,
        of notes: [EventNote],
        served: [String] = ["/apis/events.k8s.io/v1"],
        answering answer: @escaping @Sendable (HTTPRequest) async -> RecordedTransport.Answer
    ) async throws -> [HTTPRequest] {
        let transport = RecordedTransport { request in
            request.method == "GET" ? Self.discovery(request, served: served) : await answer(request)
        }
        let recorder = Self.recorder(transport)
        let task = Task { try await recorder.run() }
        for note in notes {
            recorder.record(note)
        }
        #expect(await eventually { transport.requests.count { $0.method != "GET" } == count })
        task.cancel()
        try? await task.value
        return transport.requests.filter { $0.method != "GET" }
    }

    private static func created(_ request: HTTPRequest) -> RecordedTransport.Answer {
        .response(status: 201, headers: [], chunks: [Array("{}".utf8)], end: .complete)
    }

    @Test("An event names object, reporter, reason and time as the API wants them")
    func create() async throws {
        let requests = try await self.requests(1, of: [Self.note("Bad")], answering: { Self.created($0) })
        let request = try #require(requests.first)
        #expect(request.method == "POST")
        #expect(request.target.hasPrefix("/apis/events.k8s.io/v1/namespaces/shop/events?"))
        let event = try JSONValue(parsing: request.body ?? [])
        #expect(event["reason"] == "Bad")
        #expect(event["type"] == "Warning")
        #expect(event["eventTime"] == "2026-01-01T00:01:00.250000Z")
        #expect(event["reportingController"] == "shop-operator")
        #expect(event["reportingInstance"] == "one")
        #expect(event["regarding"]?["uid"] == "u")
        #expect(event["metadata"]?["name"]?.string?.hasPrefix("web.") == true)
    }

    @Test("The same note again counts up the event that is there")
    func series() async throws {
        let notes = [Self.note("Bad"), Self.note("Bad"), Self.note("Worse")]
        let requests = try await self.requests(3, of: notes, answering: { Self.created($0) })
        #expect(requests.map(\.method) == ["POST", "PATCH", "POST"])
        let series = requests.dropFirst().first?.json["series"]
        #expect(series?["count"] == 2)
    }

    @Test("Where the event is gone meanwhile, a new one is made")
    func lost() async throws {
        let requests = try await self.requests(3, of: [Self.note("Bad"), Self.note("Bad")]) { request in
            guard request.method == "PATCH" else { return Self.created(request) }
            let status = #"{"kind":"Status","code":404,"reason":"NotFound"}"#
            return .response(status: 404, headers: [], chunks: [Array(status.utf8)], end: .complete)
        }
        #expect(requests.map(\.method) == ["POST", "PATCH", "POST"])
    }

    @Test("An event that is refused is given up, and the next one is posted")
    func refused() async throws {
        let requests = try await self.requests(2, of: [Self.note("Bad"), Self.note("Worse")]) { _ in
            let status = #"{"kind":"Status","code":403,"reason":"Forbidden"}"#
            return .response(status: 403, headers: [], chunks: [Array(status.utf8)], end: .complete)
        }
        #expect(requests.map(\.method) == ["POST", "POST"])
    }

    @Test("Where events.k8s.io has no v1, its v1beta1 is used, and without that the oldest form")
    func older() async throws {
        let notes = [Self.note("Bad"), Self.note("Bad")]
        let beta = try await self.requests(
            2,
            of: notes,
            served: ["/apis/events.k8s.io/v1beta1"],
            answering: { Self.created($0) }
        )
        #expect(beta.map(\.path).first == "/apis/events.k8s.io/v1beta1/namespaces/shop/events")
        #expect(beta.first?.json["apiVersion"] == "events.k8s.io/v1beta1")
        #expect(beta.last?.json["series"]?["count"] == 2)

        let core = try await self.requests(2, of: notes, served: [], answering: { Self.created($0) })
        let event = try #require(core.first?.json)
        #expect(core.first?.path == "/api/v1/namespaces/shop/events")
        #expect(event["apiVersion"] == "v1")
        #expect(event["message"] == "something is wrong")
        #expect(event["involvedObject"]?["uid"] == "u")
        #expect(event["source"]?["component"] == "shop-operator")
        #expect(event["firstTimestamp"] == "2026-01-01T00:01:00Z")
        #expect(event["count"] == 1)
        #expect(event["eventTime"] == nil)
        #expect(core.last?.json == ["count": 2, "lastTimestamp": "2026-01-01T00:01:00Z"])
    }

    @Test("Discovery is asked once, and again only when it could not answer")
    func discovery() async throws {
        let asked = Locked(0)
        let transport = RecordedTransport { request in
            guard request.method == "GET" else { return Self.created(request) }
            let number = asked.withLock { count in
                count += 1
                return count
            }
            return number == 1
                ? .refusal(400, reason: "BadRequest") : Self.discovery(request, served: ["/apis/events.k8s.io/v1"])
        }
        let recorder = Self.recorder(transport)
        let task = Task { try await recorder.run() }
        for reason in ["Lost", "First", "Second"] {
            recorder.record(Self.note(reason))
        }
        #expect(await eventually { transport.requests.count { $0.method == "POST" } == 2 })
        #expect(asked.withLock { $0 } == 2)
        task.cancel()
        try? await task.value
    }

    @Test("On shutdown what is waiting is posted, but an API server that does not answer is not waited for")
    func flush() async throws {
        for answers in [true, false] {
            let time = ManualTime()
            let hanging = Signal()
            let transport = RecordedTransport { request in
                if request.method == "GET" { return Self.discovery(request, served: ["/apis/events.k8s.io/v1"]) }
                if !answers { await hanging.wait() }
                return Self.created(request)
            }
            let recorder = Self.recorder(transport, time: time.source)
            for number in 0..<5 {
                recorder.record(Self.note("Reason\(number)"))
            }
            try await testGracefulShutdown { trigger in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await recorder.run() }
                    trigger.triggerGracefulShutdown()
                    if !answers {
                        #expect(await eventually { transport.requests.contains { $0.method == "POST" } })
                        await time.waitForSleeps(1)
                        time.advance(by: EventRecorder.flushLimit)
                    }
                    try await group.waitForAll()
                }
            }
            #expect(transport.requests.count { $0.method == "POST" } == (answers ? 5 : 1))
        }
    }

    @Test("While much is written an event gives way, until that is over or its patience is, and not on the way out")
    func givingWay() async throws {
        for end in ["quiet", "patience", "shutdown"] {
            let (time, isBusy) = (ManualTime(), Locked(true))
            let transport = RecordedTransport { request in
                request.method == "GET"
                    ? Self.discovery(request, served: ["/apis/events.k8s.io/v1"]) : Self.created(request)
            }
            let recorder = Self.recorder(transport, time: time.source, isBusy: { isBusy.withLock { $0 } })
            recorder.record(Self.note("Reason"))
            try await testGracefulShutdown { trigger in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await recorder.run() }
                    await time.waitForSleeps(1)
                    #expect(transport.requests.isEmpty, "it waits")
                    switch end {
                    case "quiet": isBusy.withLock { $0 = false }
                    case "patience": time.advance(by: EventRecorder.patience)
                    default: trigger.triggerGracefulShutdown()
                    }
                    time.advance(by: .milliseconds(100))
                    #expect(await eventually { transport.requests.contains { $0.method == "POST" } }, "\(end)")
                    trigger.triggerGracefulShutdown()
                    try await group.waitForAll()
                }
            }
        }
    }

    private static func recorder(
        _ transport: RecordedTransport,
        time: TimeSource = .system,
        isBusy: @escaping @Sendable () -> Bool = { false }
    ) -> EventRecorder {
        EventRecorder(
            client: KubernetesClient(
                transport: transport,
                credential: NoCredential(),
                options: KubernetesClient.Options(userAgent: "test")
            ),
            controller: "shop-operator",
            instance: "one",
            time: time,
            wallClock: { 1_767_225_660.25 },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            isBusy: isBusy
        )
    }
}
