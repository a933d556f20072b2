import Glibc
import Locks

@testable import CurlTransport

/// An HTTP/1.1 server on a port of its own, with a thread for each connection, that does what a test wants.
final class ScriptedServer: Sendable {
    /// What has to become of the connection after an answer.
    enum After {
        case keepOpen
        case close
        /// A reset instead of an orderly end.
        case reset
    }

    typealias Script = @Sendable (Connection, Request) -> After

    struct Request: Sendable {
        let method: String
        let target: String
        let headers: [String: String]
        let body: [UInt8]
    }

    let port: Int
    private let listener: Int32
    private let seen = Locked(Seen())

    private struct Seen: Sendable {
        var connections = 0
        var requests: [Request] = []
    }

    init(_ script: @escaping Script) throws {
        (self.listener, self.port) = try Sockets.listen()
        let listener = self.listener
        let seen = self.seen
        try LoopThread.start(name: "test-server") {
            while let socket = Sockets.accept(listener) {
                seen.withLock { $0.connections += 1 }
                let serve: @Sendable () -> Void = {
                    let connection = Connection(socket)
                    var after = After.keepOpen
                    while after == .keepOpen, let request = connection.readRequest() {
                        seen.withLock { $0.requests.append(request) }
                        after = script(connection, request)
                    }
                    connection.end(byReset: after == .reset)
                }
                do { try LoopThread.start(name: "test-conn", serve) } catch { Sockets.close(socket) }
            }
        }
    }

    deinit {
        Sockets.shutdown(self.listener)
        Sockets.close(self.listener)
    }

    var connectionCount: Int { self.seen.withLock { $0.connections } }

    var requests: [Request] { self.seen.withLock { $0.requests } }

    /// One connection, on its thread.
    final class Connection {
        private let socket: Int32
        private var buffered: [UInt8] = []

        init(_ socket: Int32) {
            self.socket = socket
        }

        /// Writes bytes as they are; whether the client is still there.
        @discardableResult
        func send(_ text: String) -> Bool { self.send(Array(text.utf8)) }

        @discardableResult
        func send(_ bytes: [UInt8]) -> Bool { Sockets.send(self.socket, bytes) }

        /// A whole answer.
        @discardableResult
        func respond(_ status: Int = 200, headers: [String] = [], body: [UInt8] = []) -> Bool {
            let lines = ["HTTP/1.1 \(status) Text", "Content-Length: \(body.count)"] + headers
            return self.send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body)
        }

        @discardableResult
        func sendChunk(_ bytes: [UInt8]) -> Bool {
            self.send(Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + Array("\r\n".utf8))
        }

        func beginChunked() -> Bool { self.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n") }

        /// Returns when the client has closed its side.
        func waitForClient() {
            while let bytes = Sockets.receive(self.socket), bytes.isEmpty == false {}
        }

        fileprivate func end(byReset: Bool) {
            if byReset { Sockets.makeCloseReset(self.socket) }
            Sockets.close(self.socket)
        }

        fileprivate func readRequest() -> Request? {
            guard let head = self.readHead() else { return nil }
            let lines = head.split(separator: "\r\n", omittingEmptySubsequences: true)
            guard let words = lines.first?.split(separator: " "), words.count == 3 else { return nil }
            var headers: [String: String] = [:]
            for line in lines.dropFirst() {
                guard let colon = line.firstIndex(of: ":") else { return nil }
                headers[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
            }
            guard let body = self.readBody(headers) else { return nil }
            return Request(method: String(words[0]), target: String(words[1]), headers: headers, body: body)
        }

        private func readHead() -> String? {
            let end: [UInt8] = [13, 10, 13, 10]
            while true {
                if let range = self.buffered.firstRange(of: end) {
                    defer { self.buffered.removeSubrange(..<range.upperBound) }
                    return String(decoding: self.buffered[..<range.lowerBound], as: UTF8.self)
                }
                guard self.fill() else { return nil }
            }
        }

        private func readBody(_ headers: [String: String]) -> [UInt8]? {
            if headers["transfer-encoding"] == "chunked" { return self.readChunkedBody() }
            let length = headers["content-length"].flatMap { Int($0) } ?? 0
            while self.buffered.count < length {
                guard self.fill() else { return nil }
            }
            defer { self.buffered.removeFirst(length) }
            return Array(self.buffered[..<length])
        }

        /// nghttpx sends what came over HTTP/2 without a length in chunks.
        private func readChunkedBody() -> [UInt8]? {
            var body: [UInt8] = []
            while true {
                guard let end = self.buffered.firstRange(of: [13, 10] as [UInt8]) else {
                    guard self.fill() else { return nil }
                    continue
                }
                guard let size = Int(String(decoding: self.buffered[..<end.lowerBound], as: UTF8.self), radix: 16)
                else {
                    return nil
                }
                while self.buffered.count < end.upperBound + size + 2 {
                    guard self.fill() else { return nil }
                }
                body += self.buffered[end.upperBound..<(end.upperBound + size)]
                self.buffered.removeSubrange(..<(end.upperBound + size + 2))
                if size == 0 { return body }
            }
        }

        private func fill() -> Bool {
            guard let bytes = Sockets.receive(self.socket), bytes.isEmpty == false else { return false }
            self.buffered += bytes
            return true
        }
    }
}
