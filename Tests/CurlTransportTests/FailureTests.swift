import HTTPTransport
import Locks
import Testing

@testable import CurlTransport

@Suite("Failures over plain HTTP/1.1")
struct FailureTests {
    private func outcome(
        _ transport: CurlTransport,
        _ request: HTTPRequest = HTTPRequest(method: "GET", target: "/")
    ) async -> HTTPTransportError? {
        await failure { () async throws(HTTPTransportError) in
            let response = try await transport.send(request)
            return try await response.body.collect(limit: 1 << 20)
        }
    }

    @Test("a refused connection says where")
    func refused() async throws {
        let port = try Sockets.freePort()
        let transport = try CurlTransport(configuration: .init(server: "http://127.0.0.1:\(port)"))
        #expect(await self.outcome(transport) == .couldNotConnect("127.0.0.1:\(port): connection refused"))
        await transport.close()
    }

    @Test("an unknown host says so")
    func unknownHost() async throws {
        let transport = try CurlTransport(configuration: .init(server: "http://nowhere.invalid"))
        let error = await self.outcome(transport)
        guard case .hostNotFound(let why)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(why.contains("nowhere.invalid"))
        await transport.close()
    }

    @Test("a server that never answers is given up after the head's time")
    func headTimeout() async throws {
        let server = try ScriptedServer { connection, _ in
            connection.waitForClient()
            return .close
        }
        let transport = try plainTransport(to: server)
        let request = HTTPRequest(method: "GET", target: "/", headTimeout: .seconds(1))
        #expect(await self.outcome(transport, request) == .timedOut("response head"))
        await transport.close()
    }

    @Test("a call that goes on and on is given up after its time")
    func wholeDeadline() async throws {
        let server = try ScriptedServer { connection, _ in
            _ = connection.beginChunked()
            connection.sendChunk([1])
            connection.waitForClient()
            return .close
        }
        let transport = try plainTransport(to: server)
        let request = HTTPRequest(method: "GET", target: "/", deadline: .within(.seconds(1)))
        #expect(await self.outcome(transport, request) == .timedOut("whole request"))
        await transport.close()
    }

    @Test("a stream without a byte is given up, and what came before is read")
    func idleStream() async throws {
        let server = try ScriptedServer { connection, _ in
            _ = connection.beginChunked()
            connection.sendChunk([1])
            connection.waitForClient()
            return .close
        }
        let transport = try plainTransport(to: server)
        let request = HTTPRequest(method: "GET", target: "/", deadline: .stream(idle: .seconds(1)))
        let response = try await transport.send(request)
        #expect(try await response.body.next() == [1])
        #expect(
            await failure { () async throws(HTTPTransportError) in try await response.body.next() }
                == .timedOut("idle stream")
        )
        await transport.close()
    }

    @Test(
        "a body that breaks off is an error after its bytes",
        arguments: [ScriptedServer.After.close, .reset],
        [true, false]
    )
    func cutBody(end: ScriptedServer.After, isChunked: Bool) async throws {
        let mayEnd = Gate()
        let server = try ScriptedServer { connection, _ in
            if isChunked {
                _ = connection.beginChunked()
                connection.sendChunk([1, 2])
            } else {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")
                connection.send([1, 2])
            }
            mayEnd.block()
            return end
        }
        let transport = try plainTransport(to: server)
        let response = try await transport.send(HTTPRequest(method: "GET", target: "/"))
        #expect(try await response.body.next() == [1, 2])
        mayEnd.open()
        let error = await failure { () async throws(HTTPTransportError) in try await response.body.next() }
        guard case .connectionLost? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        await transport.close()
    }

    @Test("what is not HTTP is an error")
    func notHTTP() async throws {
        let server = try ScriptedServer { connection, _ in
            connection.send("SSH-2.0-OpenSSH_9.2\r\n")
            return .close
        }
        let transport = try plainTransport(to: server)
        guard case .connectionLost? = await self.outcome(transport) else {
            Issue.record("no error")
            return
        }
        await transport.close()
    }

    @Test(
        "a connection that breaks without an answer: a GET is sent again, a POST is not",
        arguments: ["GET", "POST", "DELETE"]
    )
    func brokenReuse(method: String) async throws {
        let breaks = Locked(true)
        let server = try ScriptedServer { connection, request in
            let breaksNow = breaks.withLock { breaks in
                defer { breaks = breaks && request.target != "/second" }
                return breaks && request.target == "/second"
            }
            if breaksNow { return .close }
            connection.respond()
            return .keepOpen
        }
        let transport = try plainTransport(to: server)
        _ = try await transport.get("/first")
        let body: [UInt8]? = method == "POST" ? [1, 2, 3] : nil
        let error = await self.outcome(transport, HTTPRequest(method: method, target: "/second", body: body))
        let timesSeen = server.requests.filter { $0.target == "/second" }.count
        if method == "GET" {
            #expect(error == nil)
            #expect(timesSeen == 2)
        } else {
            #expect(error?.wasNeverSent == false)
            #expect(timesSeen == 1)
        }
        await transport.close()
    }
}
