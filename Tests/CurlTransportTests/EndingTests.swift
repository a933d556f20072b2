import HTTPTransport
import Testing

@testable import CurlTransport

@Suite("Ending transfers early")
struct EndingTests {
    /// Answers with a head, or with nothing, and says when the request came and when the client went away.
    private static func server(
        sendsHead: Bool,
        arrived: Gate,
        left: Gate
    ) throws -> ScriptedServer {
        try ScriptedServer { connection, request in
            if request.target == "/ping" {
                connection.respond()
                return .keepOpen
            }
            if sendsHead { _ = connection.beginChunked() }
            arrived.open()
            connection.waitForClient()
            left.open()
            return .close
        }
    }

    private static let stream = HTTPRequest(method: "GET", target: "/", deadline: .stream(idle: .seconds(60)))

    @Test("a task that is cancelled before it begins sends nothing")
    func cancelledBefore() async throws {
        let (arrived, left, begin) = (Gate(), Gate(), Gate())
        let server = try Self.server(sendsHead: true, arrived: arrived, left: left)
        let transport = try plainTransport(to: server)
        let task = Task {
            await begin.wait()
            return await failure { () async throws(HTTPTransportError) in try await transport.send(Self.stream) }
        }
        task.cancel()
        begin.open()
        #expect(await task.value == .cancelled)
        #expect(server.requests.isEmpty)
        await transport.close()
    }

    @Test("cancelling before the head ends the transfer")
    func cancelledBeforeHead() async throws {
        let (arrived, left) = (Gate(), Gate())
        let server = try Self.server(sendsHead: false, arrived: arrived, left: left)
        let transport = try plainTransport(to: server)
        let task = Task {
            await failure { () async throws(HTTPTransportError) in try await transport.send(Self.stream) }
        }
        await arrived.wait()
        task.cancel()
        #expect(await task.value == .cancelled)
        await left.wait()
        #expect(try await transport.get("/ping").status == 200)
        await transport.close()
    }

    @Test("cancelling while the body is awaited ends the transfer")
    func cancelledInBody() async throws {
        let (arrived, left, reading) = (Gate(), Gate(), Gate())
        let server = try Self.server(sendsHead: true, arrived: arrived, left: left)
        let transport = try plainTransport(to: server)
        let task = Task {
            let response = try await transport.send(Self.stream)
            reading.open()
            return await failure { () async throws(HTTPTransportError) in try await response.body.next() }
        }
        await reading.wait()
        task.cancel()
        #expect(try await task.value == .cancelled)
        await left.wait()
        await transport.close()
    }

    @Test("dropping a body that was not read ends the transfer")
    func dropped() async throws {
        let (arrived, left) = (Gate(), Gate())
        let server = try Self.server(sendsHead: true, arrived: arrived, left: left)
        let transport = try plainTransport(to: server)
        do {
            let response = try await transport.send(Self.stream)
            #expect(response.status == 200)
        }
        await left.wait()
        await transport.close()
    }

    @Test("closing ends what waits for a head, what reads a body, and what comes later")
    func close() async throws {
        let (arrived, left) = (Gate(), Gate())
        let silent = try Self.server(sendsHead: false, arrived: arrived, left: left)
        let transport = try plainTransport(to: silent)
        let head = Task {
            await failure { () async throws(HTTPTransportError) in try await transport.send(Self.stream) }
        }
        await arrived.wait()
        await transport.close()
        #expect(await head.value == .closed)
        await left.wait()
        #expect(
            await failure { () async throws(HTTPTransportError) in try await transport.send(Self.stream) } == .closed
        )
        await transport.close()
    }

    @Test("closing ends what reads a body")
    func closeInBody() async throws {
        let (arrived, left) = (Gate(), Gate())
        let server = try Self.server(sendsHead: true, arrived: arrived, left: left)
        let transport = try plainTransport(to: server)
        let response = try await transport.send(Self.stream)
        let body = Task { await failure { () async throws(HTTPTransportError) in try await response.body.next() } }
        await transport.close()
        #expect(await body.value == .closed)
        await left.wait()
    }

    @Test("many transfers that are closed at once all end")
    func closeMany() async throws {
        let server = try ScriptedServer { connection, _ in
            connection.waitForClient()
            return .close
        }
        let transport = try plainTransport(to: server)
        await withTaskGroup { group in
            for index in 0..<50 {
                group.addTask {
                    let request = HTTPRequest(
                        method: "GET",
                        target: "/",
                        deadline: index.isMultiple(of: 2) ? .within(.seconds(60)) : .stream(idle: .seconds(60)),
                        headTimeout: .seconds(60)
                    )
                    return await failure { () async throws(HTTPTransportError) in try await transport.send(request) }
                }
            }
            group.addTask {
                await transport.close()
                return .closed
            }
            for await outcome in group {
                #expect(outcome == .closed)
            }
        }
    }

    @Test("a transport that is dropped closes its connections")
    func droppedTransport() async throws {
        let left = Gate()
        let server = try ScriptedServer { connection, _ in
            connection.respond()
            connection.waitForClient()
            left.open()
            return .close
        }
        do {
            let transport = try plainTransport(to: server)
            _ = try await transport.get("/")
        }
        await left.wait()
    }
}
