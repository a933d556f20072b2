import HTTPTransport
import Locks
import Testing

@testable import CurlTransport

@Suite("Over plain HTTP/1.1")
struct PlainServerTests {
    private static let echo: ScriptedServer.Script = { connection, request in
        connection.respond(headers: ["X-Method: \(request.method)"], body: request.body)
        return .keepOpen
    }

    @Test("method, target, headers and body arrive, and status, headers and body come back")
    func roundTrip() async throws {
        let server = try ScriptedServer { connection, request in
            let headers = ["X-Method: \(request.method)", "Set-Cookie: a", "Set-Cookie: b"]
            connection.respond(201, headers: headers, body: request.body)
            return .keepOpen
        }
        let transport = try plainTransport(to: server) {
            $0.server += "/base/"
            $0.userAgent = "tester/1"
        }
        let response = try await transport.send(
            HTTPRequest(
                method: "PATCH",
                target: "/a/../b?c=%20",
                headers: [("Content-Type", "application/json"), ("X-Empty", "")],
                body: [UInt8](text: "hello")
            )
        )
        #expect(response.status == 201)
        #expect(response.header("x-method") == "PATCH")
        #expect(response.headers.filter { $0.name == "set-cookie" }.map(\.value) == ["a", "b"])
        #expect(try await response.body.collect(limit: 100) == [UInt8](text: "hello"))
        let request = try #require(server.requests.first)
        #expect(request.target == "/base/a/../b?c=%20")
        #expect(request.headers["content-type"] == "application/json")
        #expect(request.headers["x-empty"] == "")
        #expect(request.headers["user-agent"] == "tester/1")
        #expect(request.headers["expect"] == nil)
        #expect(request.headers["accept-encoding"] == nil)
        await transport.close()
    }

    @Test(
        "every method goes out as it is, with a body, with an empty one, and without",
        arguments: [nil, [], [1, 2, 3]] as [[UInt8]?]
    )
    func methods(body: [UInt8]?) async throws {
        let server = try ScriptedServer(Self.echo)
        let transport = try plainTransport(to: server)
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let response = try await transport.send(HTTPRequest(method: method, target: "/", body: body))
            #expect(response.header("x-method") == method)
            #expect(try await response.body.collect(limit: 100) == body ?? [])
        }
        #expect(server.requests.allSatisfy { $0.headers["content-type"] == nil })
        await transport.close()
    }

    @Test("a large body goes out whole")
    func largeUpload() async throws {
        let server = try ScriptedServer(Self.echo)
        let transport = try plainTransport(to: server)
        let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let response = try await transport.send(HTTPRequest(method: "POST", target: "/", body: body))
        #expect(try await response.body.collect(limit: 4_000_000) == body)
        await transport.close()
    }

    @Test("HEAD, 204 and 304 have no body")
    func bodiless() async throws {
        let server = try ScriptedServer { connection, request in
            switch request.target {
            case "/head": connection.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
            case "/204": connection.send("HTTP/1.1 204 No Content\r\n\r\n")
            default: connection.send("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n")
            }
            return .keepOpen
        }
        let transport = try plainTransport(to: server)
        for (method, target, status) in [("HEAD", "/head", 200), ("GET", "/204", 204), ("GET", "/304", 304)] {
            let response = try await transport.send(HTTPRequest(method: method, target: target))
            #expect(response.status == status)
            #expect(try await response.body.next() == nil)
        }
        #expect(server.connectionCount == 1)
        await transport.close()
    }

    @Test("announcements are passed over, trailers ignored, redirects not followed, encodings left alone")
    func untouched() async throws {
        let server = try ScriptedServer { connection, request in
            if request.target == "/redirect" {
                connection.respond(302, headers: ["Location: /other"])
            } else {
                connection.send("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n")
                connection.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n")
                connection.send("3\r\nabc\r\n0\r\nX-Trailer: y\r\n\r\n")
            }
            return .keepOpen
        }
        let transport = try plainTransport(to: server)
        #expect(try await transport.get("/redirect").status == 302)
        let request = HTTPRequest(method: "GET", target: "/", headers: [("Accept-Encoding", "gzip")])
        let response = try await transport.send(request)
        #expect(response.headers.map(\.name) == ["content-encoding", "transfer-encoding"])
        #expect(try await response.body.collect(limit: 10) == [UInt8](text: "abc"))
        await transport.close()
    }

    @Test("the head comes before the body, and each chunk when it was sent")
    func streaming() async throws {
        let gates = (Gate(), Gate())
        let server = try ScriptedServer { connection, _ in
            _ = connection.beginChunked()
            gates.0.block()
            connection.sendChunk([1])
            gates.1.block()
            connection.sendChunk([])
            return .keepOpen
        }
        let transport = try plainTransport(to: server)
        let request = HTTPRequest(method: "GET", target: "/", deadline: .stream(idle: .seconds(60)))
        let response = try await transport.send(request)
        #expect(response.status == 200)
        gates.0.open()
        #expect(try await response.body.next() == [1])
        gates.1.open()
        #expect(try await response.body.next() == nil)
        await transport.close()
    }

    @Test("a thousand calls one after the other use one connection")
    func sequential() async throws {
        let server = try ScriptedServer(Self.echo)
        let transport = try plainTransport(to: server)
        for _ in 0..<1000 {
            _ = try await transport.get("/")
        }
        #expect(server.connectionCount == 1)
        await transport.close()
    }

    @Test("streams without number do not keep a call waiting")
    func streamsBesideCalls() async throws {
        let end = Gate()
        let server = try ScriptedServer { connection, request in
            guard request.target == "/watch" else {
                connection.respond()
                return .keepOpen
            }
            _ = connection.beginChunked()
            end.block()
            return .close
        }
        let transport = try plainTransport(to: server) { $0.maximumConnections = 1 }
        var streams: [HTTPResponse] = []
        for _ in 0..<20 {
            let request = HTTPRequest(method: "GET", target: "/watch", deadline: .stream(idle: .seconds(60)))
            streams.append(try await transport.send(request))
        }
        for _ in 0..<10 {
            #expect(try await transport.get("/").status == 200)
        }
        end.open()
        #expect(server.connectionCount == 21)
        await transport.close()
    }
}
