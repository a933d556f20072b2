import CurlTransport
import HTTPTransport
import KubernetesTesting
import Logging
import Observability
import Testing

@Suite("HTTPEndpoint", .timeLimit(.minutes(1)))
struct HTTPEndpointTests {
    /// Runs a body with an endpoint that says what it was asked.
    private func withEndpoint(
        identity: TLSIdentity? = nil,
        _ body: (HTTPEndpoint) async throws -> Void
    ) async throws {
        let endpoint = HTTPEndpoint(
            name: "test",
            address: try #require(BindAddress("127.0.0.1:0")),
            identity: identity,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            answer: { question in
                HTTPAnswer(
                    status: question.path == "/401" ? 401 : 200,
                    text: "\(question.path)?\(question.query) \(question.bearerToken ?? "nobody")"
                )
            }
        )
        let task = Task { try await endpoint.run() }
        #expect(await eventually { endpoint.port != 0 })
        try await body(endpoint)
        task.cancel()
        _ = await task.result
    }

    private func client(_ server: String) throws -> CurlTransport {
        var configuration = CurlTransport.Configuration(server: server)
        configuration.trust = .insecure
        return try CurlTransport(configuration: configuration)
    }

    private func text(_ response: HTTPResponse) async throws -> String {
        String(decoding: try await response.body.collect(limit: 10_000), as: UTF8.self)
    }

    @Test("A question is answered with path, query and token taken apart, several times on one connection")
    func answers() async throws {
        try await self.withEndpoint { endpoint in
            let client = try self.client("http://127.0.0.1:\(endpoint.port)")
            for _ in 0..<3 {
                let response = try await client.send(
                    HTTPRequest(method: "GET", target: "/a?b=c", headers: [("Authorization", "bearer t0ken")])
                )
                #expect(response.status == 200)
                #expect(response.header("content-type") == "text/plain; charset=utf-8")
                #expect(try await self.text(response) == "/a?b=c t0ken")
            }
            let basic = try await client.send(
                HTTPRequest(method: "GET", target: "/", headers: [("Authorization", "Basic xyz")])
            )
            #expect(try await self.text(basic) == "/? nobody")
            await client.close()
        }
    }

    @Test("HEAD gets no body, anything that would change something gets 405, and 401 says what is wanted")
    func methods() async throws {
        try await self.withEndpoint { endpoint in
            let client = try self.client("http://127.0.0.1:\(endpoint.port)")
            let head = try await client.send(HTTPRequest(method: "HEAD", target: "/"))
            #expect(head.status == 200)
            #expect(try await self.text(head) == "")
            let post = try await client.send(HTTPRequest(method: "POST", target: "/", body: [1]))
            #expect(post.status == 405)
            _ = try await self.text(post)
            let unauthorized = try await client.send(HTTPRequest(method: "GET", target: "/401"))
            #expect(unauthorized.header("www-authenticate") == "Bearer")
            _ = try await self.text(unauthorized)
            await client.close()
        }
    }

    @Test("A body that is too large ends the connection")
    func largeBody() async throws {
        try await self.withEndpoint { endpoint in
            let client = try self.client("http://127.0.0.1:\(endpoint.port)")
            let body = [UInt8](repeating: 0, count: 1 << 20)
            await #expect(throws: HTTPTransportError.self) {
                _ = try await client.send(HTTPRequest(method: "POST", target: "/", body: body))
            }
            await client.close()
        }
    }

    @Test("Over TLS it shows the pair that it made for itself")
    func selfSigned() async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let identity = try TLSIdentity(.selfSigned(commonName: "unit-test"), logger: logger)
        try await self.withEndpoint(identity: identity) { endpoint in
            let client = try self.client("https://127.0.0.1:\(endpoint.port)")
            let response = try await client.send(HTTPRequest(method: "GET", target: "/"))
            #expect(try await self.text(response) == "/? nobody")
            await client.close()
            let plain = try self.client("http://127.0.0.1:\(endpoint.port)")
            await #expect(throws: HTTPTransportError.self) {
                _ = try await plain.send(HTTPRequest(method: "GET", target: "/"))
            }
            await plain.close()
        }
    }

    @Test("A port that is taken is named in one line")
    func taken() async throws {
        try await self.withEndpoint { endpoint in
            let second = HTTPEndpoint(
                name: "second",
                address: try #require(BindAddress("127.0.0.1:\(endpoint.port)")),
                identity: nil,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                answer: { _ in HTTPAnswer(status: 200, text: "") }
            )
            let error = await #expect(throws: HTTPEndpointError.self) { try await second.run() }
            let line = error?.description ?? ""
            #expect(line.hasPrefix("second: cannot listen on 127.0.0.1:\(endpoint.port): "), "\(line)")
        }
    }

    @Test(
        "An address is read as flags have it",
        arguments: [
            (":8081", ":8081"), ("127.0.0.1:0", "127.0.0.1:0"), ("[::1]:443", "[::1]:443"), ("host:1", "host:1"),
        ]
    )
    func address(_ text: String, _ description: String) throws {
        #expect(try #require(BindAddress(text)).description == description)
    }

    @Test("What is no address is refused", arguments: ["", "8081", ":", ":x", ":65536", "a:-1", "[::1:8"])
    func noAddress(_ text: String) {
        #expect(BindAddress(text) == nil)
    }
}
