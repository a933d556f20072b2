import HTTPTransport
import Locks
import Testing

@testable import CurlTransport

@Suite("Back-pressure")
struct BackPressureTests {
    @Test("a reader that stands still holds the server back, and then gets every byte")
    func holdsBack() async throws {
        let total = 64 << 20
        let sent = Locked(0)
        let done = Gate()
        let server = try ScriptedServer { connection, _ in
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n")
            let piece = [UInt8](repeating: 7, count: 1 << 20)
            for _ in 0..<(total / piece.count) where connection.send(piece) {
                sent.withLock { $0 += piece.count }
            }
            done.open()
            return .close
        }
        let transport = try plainTransport(to: server)
        let request = HTTPRequest(method: "GET", target: "/", deadline: .stream(idle: .seconds(60)))
        let response = try await transport.send(request)
        // What fits into the buffers of both kernels, and ours, is far below the whole: when nothing moves any more, the
        // server is blocked.
        var before = -1
        while sent.withLock({ $0 }) != before {
            before = sent.withLock { $0 }
            try await Task.sleep(for: .milliseconds(300))
        }
        #expect(before < total / 2)
        var received = 0
        var largest = 0
        for try await chunk in response.body {
            received += chunk.count
            largest = max(largest, chunk.count)
        }
        await done.wait()
        #expect(received == total)
        #expect(largest <= TransferState.highWater)
        await transport.close()
    }
}
