import HTTPTransport
import Testing

@testable import CurlTransport

@Suite("Over HTTP/2 and TLS")
struct TLSServerTests {
    private static let script: ScriptedServer.Script = { connection, request in
        switch request.target {
        case "/watch":
            _ = connection.beginChunked()
            connection.sendChunk([1])
            connection.waitForClient()
            return .close
        case "/big":
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(Self.big)\r\n\r\n")
            let piece = [UInt8](repeating: 7, count: 1 << 20)
            for _ in 0..<(Self.big / piece.count) where connection.send(piece) {}
        case "/cut":
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab")
            return .close
        case "/never":
            connection.waitForClient()
            return .close
        default:
            connection.respond(headers: ["X-Host: \(request.headers["host"] ?? "")"], body: request.body)
        }
        return .keepOpen
    }

    private static let big = 64 << 20

    private static let watch = HTTPRequest(method: "GET", target: "/watch", deadline: .stream(idle: .seconds(60)))

    private static let bigStream = HTTPRequest(method: "GET", target: "/big", deadline: .stream(idle: .seconds(60)))

    private func connectionsUsed(_ server: TLSServer) throws -> Int {
        Set(try server.accessLog().map(\.clientPort)).count
    }

    @Test("calls go over HTTP/2, a thousand one after the other over one connection")
    func sequential() async throws {
        let server = try await TLSServer(script: Self.script)
        let transport = try CurlTransport(configuration: server.configuration)
        for index in 0..<1000 {
            let body = [UInt8](text: "\(index)")
            let response = try await transport.send(HTTPRequest(method: "POST", target: "/", body: body))
            #expect(try await response.body.collect(limit: 100) == body)
        }
        await transport.close()
        #expect(try server.accessLog().allSatisfy { $0.alpn == "h2" })
        #expect(try self.connectionsUsed(server) == 1)
    }

    @Test("two hundred calls at once share one connection")
    func parallel() async throws {
        var options = TLSServer.Options()
        options.streamsPerConnection = 250
        let server = try await TLSServer(options, script: Self.script)
        var configuration = server.configuration
        configuration.maximumConnections = 1
        let transport = try CurlTransport(configuration: configuration)
        try await self.getInParallel(transport, count: 200)
        await transport.close()
        #expect(try self.connectionsUsed(server) == 1)
    }

    @Test("more calls than a connection has streams all come through", arguments: ["GET", "POST"])
    func moreThanStreams(method: String) async throws {
        var options = TLSServer.Options()
        options.streamsPerConnection = 100
        let server = try await TLSServer(options, script: Self.script)
        let transport = try CurlTransport(configuration: server.configuration)
        try await self.getInParallel(transport, count: 350, method: method)
        try await self.getInParallel(transport, count: 350, method: method)
        await transport.close()
        // A connection that refused a stream is replaced, so that a few more may be seen than are open at a time.
        #expect(try self.connectionsUsed(server) < 12)
    }

    @Test("more streams than a connection has room for all begin, and calls go on beside them")
    func manyStreams() async throws {
        var options = TLSServer.Options()
        options.streamsPerConnection = 10
        let server = try await TLSServer(options, script: Self.script)
        let transport = try CurlTransport(configuration: server.configuration)
        let responses = try await withThrowingTaskGroup(of: HTTPResponse.self) { group in
            for _ in 0..<35 {
                group.addTask { try await transport.send(Self.watch) }
            }
            var responses: [HTTPResponse] = []
            for try await response in group { responses.append(response) }
            return responses
        }
        for response in responses {
            #expect(try await response.body.next() == [1])
        }
        try await self.getInParallel(transport, count: 50)
        await transport.close()
    }

    @Test("a reader that stands still does not hold back other streams and calls, and then gets every byte")
    func pausedBesideOthers() async throws {
        let server = try await TLSServer(script: Self.script)
        let transport = try CurlTransport(configuration: server.configuration)
        let big = try await transport.send(Self.bigStream)
        for _ in 0..<20 {
            try await self.getInParallel(transport, count: 10)
        }
        let watch = try await transport.send(Self.watch)
        #expect(try await watch.body.next() == [1])
        var received = 0
        for try await chunk in big.body {
            #expect(chunk.count <= TransferState.highWater)
            received += chunk.count
        }
        #expect(received == Self.big)
        await transport.close()
    }

    @Test("streams that pause again and again come to their end")
    func manyPauses() async throws {
        let server = try await TLSServer(script: Self.script)
        let transport = try CurlTransport(configuration: server.configuration)
        // Older than the others on the same connection, and silent.
        let watch = try await transport.send(Self.watch)
        try await withThrowingTaskGroup(of: Int.self) { group in
            for reader in 0..<4 {
                group.addTask {
                    let request = HTTPRequest(method: "GET", target: "/big", deadline: .stream(idle: .seconds(30)))
                    let response = try await transport.send(request)
                    var received = 0
                    for try await chunk in response.body {
                        received += chunk.count
                        // Slower than the server, each at a pace of its own.
                        try await Task.sleep(for: .microseconds(200 * (reader + 1)))
                    }
                    return received
                }
            }
            for try await received in group {
                #expect(received == Self.big)
            }
        }
        #expect(try await watch.body.next() == [1])
        await transport.close()
    }

    @Test("ending one stream leaves the others and their connection alone")
    func endingOne() async throws {
        let server = try await TLSServer(script: Self.script)
        let transport = try CurlTransport(configuration: server.configuration)
        let kept = try await transport.send(Self.watch)
        #expect(try await kept.body.next() == [1])
        for _ in 0..<20 {
            let dropped = try await transport.send(Self.watch)
            #expect(dropped.status == 200)
        }
        let big = try await transport.send(Self.bigStream)
        #expect(try await big.body.next()?.isEmpty == false)
        // The connection for calls must stand, or it is the connecting that takes too long.
        #expect(try await transport.get("/").status == 200)
        let never = Task {
            await failure { () async throws(HTTPTransportError) in
                try await transport.send(HTTPRequest(method: "GET", target: "/never", headTimeout: .seconds(1)))
            }
        }
        #expect(await never.value == .timedOut("response head"))
        #expect(try await transport.get("/").status == 200)
        await transport.close()
        #expect(await failure { () async throws(HTTPTransportError) in try await kept.body.next() } == .closed)
    }

    @Test("a stream that ended while it was held back leaves nothing behind for the next one")
    func leftovers() async throws {
        let server = try await TLSServer(script: Self.script)
        let transport = try CurlTransport(configuration: server.configuration)
        // Keeps their connection in use.
        let kept = try await transport.send(Self.watch)
        #expect(try await kept.body.next() == [1])
        for isRead in [false, true] {
            let big = try await transport.send(Self.bigStream)
            var received = try await big.body.next()?.count ?? 0
            // Long enough for what comes meanwhile to be held back.
            try await Task.sleep(for: .milliseconds(300))
            guard isRead else { continue }
            for try await chunk in big.body { received += chunk.count }
            #expect(received == Self.big)
        }
        await transport.close()
    }

    @Test("a body that breaks off, and a server that goes away, are errors")
    func lost() async throws {
        let server = try await TLSServer(script: Self.script)
        let transport = try CurlTransport(configuration: server.configuration)
        let cut = await failure { () async throws(HTTPTransportError) in
            let response = try await transport.send(HTTPRequest(method: "GET", target: "/cut"))
            return try await response.body.collect(limit: 100)
        }
        #expect(cut?.isLoss == true, "\(String(describing: cut))")
        let watch = try await transport.send(Self.watch)
        #expect(try await watch.body.next() == [1])
        server.stop()
        let gone = await failure { () async throws(HTTPTransportError) in try await watch.body.next() }
        #expect(gone?.isLoss == true, "\(String(describing: gone))")
        let refused = await failure { () async throws(HTTPTransportError) in
            try await transport.send(HTTPRequest(method: "POST", target: "/"))
        }
        #expect(refused == .couldNotConnect("127.0.0.1:\(server.port): connection refused"))
        await transport.close()
    }

    @Test("a certificate of an unknown authority is not trusted, unless one insists")
    func unknownAuthority() async throws {
        let server = try await TLSServer(script: Self.script)
        let strange = CurlTransport.Configuration.Trust.certificates(pem: server.certificates.strangeAuthority)
        for trust in [strange, .system] {
            var configuration = server.configuration
            configuration.trust = trust
            let transport = try CurlTransport(configuration: configuration)
            let error = await self.getFailure(transport)
            #expect(error == .certificateNotTrusted("127.0.0.1:\(server.port): it is signed by an unknown authority"))
            await transport.close()
        }
        var configuration = server.configuration
        configuration.trust = .insecure
        let transport = try CurlTransport(configuration: configuration)
        #expect(try await transport.get("/").status == 200)
        await transport.close()
    }

    @Test("a certificate for another name is not trusted, unless that is the TLS server name")
    func otherName() async throws {
        var options = TLSServer.Options()
        options.certificate = "othername"
        let server = try await TLSServer(options, script: Self.script)
        let plain = try CurlTransport(configuration: server.configuration)
        let error = await self.getFailure(plain)
        guard case .certificateNotTrusted(let why)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(why.contains("127.0.0.1"))
        await plain.close()

        var configuration = server.configuration
        configuration.tlsServerName = "kubernetes.test"
        let named = try CurlTransport(configuration: configuration)
        for _ in 0..<3 {
            let response = try await named.send(HTTPRequest(method: "GET", target: "/"))
            #expect(response.header("x-host") == "127.0.0.1:\(server.port)")
            _ = try await response.body.collect(limit: 0)
        }
        await named.close()
        #expect(try self.connectionsUsed(server) == 1)

        configuration.tlsServerName = "wrong.test"
        let wrong = try CurlTransport(configuration: configuration)
        guard case .certificateNotTrusted? = await self.getFailure(wrong) else {
            Issue.record("trusted under a wrong name")
            return
        }
        await wrong.close()
    }

    @Test("a server that wants a client certificate takes it, and refuses who has none")
    func clientCertificate() async throws {
        var options = TLSServer.Options()
        options.wantsClientCertificate = true
        let server = try await TLSServer(options, script: Self.script)
        let anonymous = try CurlTransport(configuration: server.configuration)
        let error = await self.getFailure(anonymous)
        // With TLS 1.3 the refusal may overtake the request or come too late to be read.
        #expect(error?.isLoss == true || error?.wasNeverSent == true, "\(String(describing: error))")
        await anonymous.close()

        var configuration = server.configuration
        configuration.clientCertificate = .init(
            certificate: server.certificates.client,
            key: server.certificates.clientKey
        )
        let known = try CurlTransport(configuration: configuration)
        #expect(try await known.get("/").status == 200)
        await known.close()
    }

    @Test("a key that does not belong to the certificate is an error of the configuration")
    func wrongKey() async throws {
        let server = try await TLSServer(script: Self.script)
        var configuration = server.configuration
        configuration.clientCertificate = .init(
            certificate: server.certificates.client,
            key: try server.certificates.folder.read("server.key")
        )
        let transport = try CurlTransport(configuration: configuration)
        let error = await self.getFailure(transport)
        guard case .invalidRequest? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        await transport.close()
    }

    @Test("a server that does not speak TLS is an error of TLS")
    func noTLS() async throws {
        let server = try ScriptedServer { connection, _ in
            connection.respond(400)
            return .close
        }
        let transport = try CurlTransport(configuration: .init(server: "https://127.0.0.1:\(server.port)"))
        var request = HTTPRequest(method: "GET", target: "/")
        request.headTimeout = .seconds(2)
        let error = await failure { () async throws(HTTPTransportError) in try await transport.send(request) }
        #expect(error?.wasNeverSent == true, "\(String(describing: error))")
        await transport.close()
    }

    private func getFailure(_ transport: CurlTransport) async -> HTTPTransportError? {
        await failure { () async throws(HTTPTransportError) in
            let response = try await transport.send(HTTPRequest(method: "GET", target: "/"))
            return try await response.body.collect(limit: 100)
        }
    }

    private func getInParallel(_ transport: CurlTransport, count: Int, method: String = "GET") async throws {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<count {
                group.addTask {
                    let response = try await transport.send(HTTPRequest(method: method, target: "/"))
                    _ = try await response.body.collect(limit: 100)
                    return response.status
                }
            }
            for try await status in group {
                #expect(status == 200)
            }
        }
    }
}

extension HTTPTransportError {
    fileprivate var isLoss: Bool {
        if case .connectionLost = self { true } else { false }
    }
}
