import HTTPTransport
import JSON
import KubernetesAPI
import KubernetesClient
import KubernetesTesting
import Testing

@Suite("WatchStream")
struct WatchStreamTests {
    private static let json: JSONValue = ["metadata": ["name": "wéb 🐳", "resourceVersion": "8"]]
    private static let object = DynamicObject(reading: Self.json)

    /// The line that adds it.
    private static let line = (["type": "ADDED", "object": Self.json] as JSONValue).text()

    private func open(
        _ test: TestClient,
        _ selection: Selection = Selection(.pods, namespace: "shop"),
        _ start: WatchStart = .after(ResourceVersion("7"))
    ) async throws(KubernetesClientError) -> WatchStream {
        try await test.client.watch(selection, start, timeout: .seconds(300), idle: .seconds(90))
    }

    /// All events, and what ended the stream.
    private func events(
        of answer: RecordedTransport.Answer
    ) async throws -> (events: [WatchEvent], end: KubernetesClientError.Cause?) {
        var stream = try await self.open(TestClient(answer))
        var events: [WatchEvent] = []
        do throws(KubernetesClientError) {
            while let event = try await stream.next() {
                events.append(event)
            }
        } catch {
            return (events, error.cause)
        }
        return (events, nil)
    }

    private func answer(_ text: String, end: RecordedTransport.BodyEnd = .complete) -> RecordedTransport.Answer {
        .response(status: 200, headers: [], chunks: [Array(text.utf8)], end: end)
    }

    @Test("A watch asks for bookmarks, and for changes after a version")
    func request() async throws {
        let test = TestClient(.watch([], end: .complete))
        _ = try await self.open(test, Selection(.pods, namespace: "shop", labelSelector: "a=b"))
        #expect(
            test.lines == [
                "GET /api/v1/namespaces/shop/pods?watch=true&allowWatchBookmarks=true&timeoutSeconds=300"
                    + "&labelSelector=a%3Db&resourceVersion=7"
            ]
        )
        let request = try #require(test.transport.requests.first)
        #expect(request.deadline == .stream(idle: .seconds(90)))
        #expect(request.header("Accept") == "application/json")
    }

    @Test("A watch can begin with all that is there, or with metadata alone")
    func initialEvents() async throws {
        let test = TestClient(.watch([], end: .complete))
        _ = try await self.open(test, Selection(.secrets, representation: .metadata), .withInitialEvents)
        #expect(
            test.lines == [
                "GET /api/v1/secrets?watch=true&allowWatchBookmarks=true&timeoutSeconds=300"
                    + "&sendInitialEvents=true&resourceVersionMatch=NotOlderThan"
            ]
        )
        #expect(
            test.transport.requests.first?.header("Accept")
                == "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
        )
    }

    @Test("Each kind of event is told")
    func kinds() async throws {
        let bookmark: JSONValue = ["metadata": ["resourceVersion": "9"]]
        let last: JSONValue = [
            "metadata": ["resourceVersion": "10", "annotations": ["k8s.io/initial-events-end": "true"]]
        ]
        let (events, end) = try await self.events(
            of: .watch(
                [
                    ["type": "ADDED", "object": Self.json], ["type": "MODIFIED", "object": Self.json],
                    ["type": "DELETED", "object": Self.json], ["type": "BOOKMARK", "object": bookmark],
                    ["type": "BOOKMARK", "object": last],
                    [
                        "type": "ERROR",
                        "object": ["kind": "Status", "code": 410, "reason": "Expired", "message": "old"],
                    ],
                ],
                end: .complete
            )
        )
        let expected: [WatchEvent] = [
            .added(Self.object), .modified(Self.object), .deleted(Self.object),
            .bookmark(ResourceVersion("9"), endsInitialEvents: false),
            .bookmark(ResourceVersion("10"), endsInitialEvents: true),
            .failed(KubernetesStatus(code: 410, reason: "Expired", message: "old")),
        ]
        #expect(events == expected)
        #expect(end == nil)
    }

    @Test(
        "An event may have its members in any order, and others beside them",
        arguments: [
            #"{"object":OBJECT,"type":"ADDED"}"#, #"{"type":"ADDED","object":OBJECT,"more":{"a":"}"}}"#,
            #"{"more":1,"type":"ADDED","object": OBJECT } "#,
        ]
    )
    func order(text: String) async throws {
        let line = text.replacing("OBJECT", with: Self.json.text()) + "\n"
        let (events, end) = try await self.events(of: self.answer(line))
        #expect(events == [.added(Self.object)])
        #expect(end == nil)
    }

    @Test("Chunks may be cut anywhere, in the middle of a character too")
    func cuts() async throws {
        let lines: [JSONValue] = [
            ["type": "ADDED", "object": Self.json], ["type": "DELETED", "object": Self.json],
        ]
        let bytes = lines.flatMap { $0.bytes() + [UInt8(ascii: "\n")] }
        for cut in 1..<bytes.count {
            let chunks = [Array(bytes[..<cut]), Array(bytes[cut...])]
            let (events, end) = try await self.events(
                of: .response(status: 200, headers: [], chunks: chunks, end: .complete)
            )
            #expect(events == [.added(Self.object), .deleted(Self.object)], "cut at byte \(cut)")
            #expect(end == nil)
        }
        let single = try await self.events(
            of: .response(status: 200, headers: [], chunks: bytes.map { [$0] }, end: .complete)
        )
        #expect(single.events.count == 2)
    }

    @Test("Empty lines are passed over, and half a line at the end is no event")
    func oddLines() async throws {
        let (events, end) = try await self.events(of: self.answer("\n\n\(Self.line)\n\n\(Self.line.dropLast(3))"))
        #expect(events == [.added(Self.object)])
        #expect(end == nil)
    }

    @Test(
        "What is no event is an unreadable answer, behind the events before it",
        arguments: [
            ("nonsense\n", nil), ("{\"type\":\"ADDED\"}\n", "a watch event without an object"),
            ("{\"type\":\"MOVED\",\"object\":{}}\n", "a watch event of the unknown type MOVED"),
            ("{\"object\":{}}\n", "a watch event of the unknown type none"),
            ("[]\n", "a watch event without an object"),
        ] as [(String, String?)]
    )
    func garbage(_ text: String, _ why: String?) async throws {
        let (events, end) = try await self.events(of: self.answer("\(Self.line)\n\(text)"))
        #expect(events == [.added(Self.object)])
        guard case .unreadableAnswer(let told) = end else {
            Issue.record("unexpected: \(String(describing: end))")
            return
        }
        if let why { #expect(told == why) }
    }

    @Test("A stream that breaks tells how")
    func broken() async throws {
        let (events, end) = try await self.events(
            of: self.answer("\(Self.line)\n{\"type\":", end: .failure(.timedOut("idle stream")))
        )
        #expect(events == [.added(Self.object)])
        #expect(end == .transport(.timedOut("idle stream")))
    }

    @Test("A watch that cannot be opened is not tried again here")
    func refused() async {
        let test = TestClient(.refusal(503, reason: "ServiceUnavailable", message: "busy"), .watch([], end: .complete))
        do throws(KubernetesClientError) {
            _ = try await self.open(test)
            Issue.record("it was refused")
        } catch {
            #expect("\(error)" == "watch pods in namespace shop: 503 ServiceUnavailable: busy")
        }
        #expect(test.lines.count == 1)
        #expect(test.pauses.isEmpty)
    }

    @Test("A 401 on a watch drops the token too")
    func unauthorized() async {
        let test = TestClient(.refusal(401, reason: "Unauthorized"))
        _ = await causeOfFailure { () throws(KubernetesClientError) in _ = try await self.open(test) }
        #expect(test.credential.invalidated == 1)
    }
}
