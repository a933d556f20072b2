import ControllerRuntime
import HTTPTransport
import JSON
import KubernetesAPI
import KubernetesClient
import KubernetesTesting
import Logging
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

    /// Runs a recorder until it has sent so many requests, and gives these.
    private func requests(
        _ count: Int,
        of notes: [EventNote],
        answering answer: @escaping @Sendable (HTTPRequest) async -> RecordedTransport.Answer
    ) async throws -> [HTTPRequest] {
        let transport = RecordedTransport(answering: answer)
        let recorder = EventRecorder(
            client: KubernetesClient(
                transport: transport,
                credential: NoCredential(),
                options: KubernetesClient.Options(userAgent: "test")
            ),
            controller: "shop-operator",
            instance: "one",
            wallClock: { 1_767_225_660.25 },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let task = Task { try await recorder.run() }
        for note in notes {
            recorder.record(note)
        }
        #expect(await eventually { transport.requests.count == count })
        task.cancel()
        try? await task.value
        return transport.requests
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
        let series = try JSONValue(parsing: requests[1].body ?? [])["series"]
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
}
