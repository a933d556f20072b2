import HTTPTransport
import JSON
import KubernetesAPI
import KubernetesClient
import KubernetesTesting
import Locks
import Testing

@Suite("KubernetesClient lists")
struct KubernetesClientListTests {
    private static func pod(_ name: String) -> JSONValue {
        ["metadata": ["name": .string(name)]]
    }

    /// The names that a list handed over, with `begin` before each beginning.
    private func list(
        _ test: TestClient,
        _ selection: Selection = Selection(.pods),
        limit: Int = 500,
        continueToken: String = ""
    ) async throws(KubernetesClientError) -> (seen: [String], page: ListPage) {
        var seen: [String] = []
        let page = try await test.client.list(
            selection,
            limit: limit,
            continueToken: continueToken,
            begin: { seen.append("begin") },
            each: { seen.append($0["metadata"]?["name"]?.string ?? "?") }
        )
        return (seen, page)
    }

    @Test("A page gives its objects, its version and the way to the next")
    func page() async throws {
        let test = TestClient(.list([Self.pod("a"), Self.pod("b")], version: "7", continueToken: "next"))
        let (seen, page) = try await self.list(test)
        #expect(seen == ["begin", "a", "b"])
        #expect(page == ListPage(resourceVersion: ResourceVersion("7"), continueToken: "next"))
    }

    @Test("The query is percent-encoded, and leaves out what is empty")
    func query() async throws {
        let test = TestClient(.list([], version: "1"), .list([], version: "1"), .list([], version: "1"))
        let selection = Selection(
            .pods,
            namespace: "shop",
            labelSelector: "app in (a, b),tier!=cache",
            fieldSelector: "metadata.name=ü"
        )
        _ = try await self.list(test, selection, limit: 10, continueToken: "a+b/c=")
        _ = try await self.list(test, Selection(.nodes), limit: 0)
        _ = try await self.list(test, Selection(.secrets, representation: .metadata), limit: 1)
        #expect(
            test.lines == [
                "GET /api/v1/namespaces/shop/pods?limit=10&continue=a%2Bb%2Fc%3D"
                    + "&labelSelector=app%20in%20%28a%2C%20b%29%2Ctier%21%3Dcache&fieldSelector=metadata.name%3D%C3%BC",
                "GET /api/v1/nodes",
                "GET /api/v1/secrets?limit=1",
            ]
        )
        #expect(
            test.transport.requests.map { $0.header("Accept") } == [
                "application/json", "application/json",
                "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
            ]
        )
    }

    @Test("An object is handed over as soon as its last byte has come")
    func asTheyCome() async throws {
        let seen = Locked<[String]>([])
        let gate = Signal()
        let first = Array(#"{"items":[{"metadata":{"name":"a"}},{"metadata":{"na"#.utf8)
        let rest = Array(#"me":"b"}}],"metadata":{"resourceVersion":"9"}}"#.utf8)
        let chunks = Locked([first, rest])
        let client = KubernetesClient(
            transport: GatedTransport { () async throws(HTTPTransportError) -> [UInt8]? in
                let chunk = chunks.withLock { $0.isEmpty ? nil : $0.removeFirst() }
                if chunk == rest {
                    // Reached only by a reader that has dealt with the first chunk.
                    #expect(seen.withLock { $0 } == ["a"])
                    gate.give()
                }
                return chunk
            },
            credential: NoCredential(),
            options: KubernetesClient.Options(userAgent: "unit-test/1")
        )
        let page = try await client.list(Selection(.pods), limit: 0) { object in
            seen.withLock { $0.append(object["metadata"]?["name"]?.string ?? "?") }
        }
        #expect(gate.isGiven)
        #expect(seen.withLock { $0 } == ["a", "b"])
        #expect(page.resourceVersion == ResourceVersion("9"))
    }

    @Test("A page that breaks off is read anew, and says that it begins again")
    func anew() async throws {
        let whole: JSONValue = [
            "metadata": ["resourceVersion": "7"], "items": [Self.pod("a"), Self.pod("b"), Self.pod("c")],
        ]
        let bytes = whole.bytes()
        let half = Array(bytes[..<(bytes.count - 20)])
        let test = TestClient(
            .response(status: 200, headers: [], chunks: [half], end: .failure(.connectionLost("reset"))),
            .json(whole)
        )
        #expect(try await self.list(test).seen == ["begin", "a", "b", "begin", "a", "b", "c"])
    }

    @Test("A list that ends in the middle is unreadable, however properly its stream ended")
    func truncated() async {
        let test = TestClient(
            .response(status: 200, headers: [], chunks: [Array(#"{"items":[{"metadata":{}}"#.utf8)], end: .complete)
        )
        let cause = await causeOfFailure { () throws(KubernetesClientError) in _ = try await self.list(test) }
        #expect(cause == .unreadableAnswer("the list ends in the middle"))
    }

    @Test("An expired token is a refusal that says so, and names the list")
    func expired() async {
        let test = TestClient(.refusal(410, reason: "Expired", message: "too old"))
        do throws(KubernetesClientError) {
            _ = try await self.list(test, Selection(.deployments, namespace: "shop"), continueToken: "old")
            Issue.record("it was refused")
        } catch {
            #expect(error.status?.isExpired == true)
            #expect("\(error)" == "list deployments.apps in namespace shop: 410 Expired: too old")
        }
    }

    @Test("An empty collection has a version too, also where items are null as Go writes them")
    func empty() async throws {
        let test = TestClient(.list([], version: "3"), .json(["metadata": ["resourceVersion": "4"], "items": nil]))
        let (seen, page) = try await self.list(test)
        #expect(seen == ["begin"])
        #expect(page.resourceVersion == ResourceVersion("3"))
        #expect(try await self.list(test).page.resourceVersion == ResourceVersion("4"))
    }
}

/// A transport with one body, which is pulled by a function.
private struct GatedTransport: HTTPTransport {
    let next: @Sendable () async throws(HTTPTransportError) -> [UInt8]?

    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
        HTTPResponse(status: 200, headers: [], body: HTTPBody(next: self.next))
    }

    func close() async {}
}
