import Foundation
import HTTPTransport
import JSON
import KubernetesAPI
import TodoAppOperator

/// What the API server can take: the operator's very writes, from a program that does nothing else.
///
/// The bodies are made beforehand, the connection is kept, the answers are not read beyond their end.
struct Floor: Sendable {
    let stage: Stage
    let writes: RecordedWrites
    let count: Int
    /// How many apps are written at a time.
    var width = 32

    /// The seconds that it takes to write everything for TodoApps that are there.
    func cold(namespace: String) async throws -> Double {
        let apps = Apps(namespace: namespace, count: self.count, client: self.stage.client)
        try await apps.prepare()
        let uids = try await apps.createAll()
        let requests = (0..<self.count).map { number in
            self.writes.requests(for: number, in: namespace).map { $0.filled(with: Array(uids[number].utf8)) }
        }
        return try await self.measure { number in
            for request in requests[number] { try await self.send(request) }
        }
    }

    /// The seconds that it takes to write TodoApps and everything for them.
    func live(namespace: String) async throws -> Double {
        let apps = Apps(namespace: namespace, count: self.count, client: self.stage.client)
        try await apps.prepare()
        let requests = (0..<self.count).map { self.writes.requests(for: $0, in: namespace) }
        return try await self.measure { number in
            let uid = Array(try await apps.create(number).utf8)
            for request in requests[number] { try await self.send(request.filled(with: uid)) }
        }
    }

    /// The width with which it goes fastest, tried with a few apps.
    func best() async throws -> Floor {
        var best: (floor: Floor, seconds: Double)?
        for width in [8, 16, 32, 64] {
            let floor = Floor(stage: self.stage, writes: self.writes, count: 100, width: width)
            let seconds = try await floor.cold(namespace: "bench-width-\(width)")
            if seconds < best?.seconds ?? .infinity { best = (floor, seconds) }
        }
        return Floor(stage: self.stage, writes: self.writes, count: self.count, width: best?.floor.width ?? self.width)
    }

    private func measure(_ body: @escaping @Sendable (Int) async throws -> Void) async throws -> Double {
        let start = ContinuousClock.now
        try await spread(self.count, over: self.width, body)
        return seconds(ContinuousClock.now - start)
    }

    private func send(_ request: HTTPRequest) async throws {
        let response = try await self.stage.transport.send(request)
        let body = try await response.body.collect(limit: 1 << 24)
        guard (200..<300).contains(response.status) else {
            throw FloorError.refused(request.target, String(decoding: body.prefix(300), as: UTF8.self))
        }
    }
}

/// The API server did not take a write of the floor's.
enum FloorError: Error {
    case refused(String, String)
}

extension HTTPRequest {
    /// The request with an app's UID in its body.
    fileprivate func filled(with uid: [UInt8]) -> HTTPRequest {
        let placeholder = Array(RecordedWrites.uid.utf8)
        guard var body = self.body, uid.count == placeholder.count else { return self }
        var index = 0
        while index + placeholder.count <= body.count {
            if body[index] == placeholder[0], body[index + 9] == placeholder[9],
                body[index..<(index + placeholder.count)].elementsEqual(placeholder)
            {
                body.replaceSubrange(index..<(index + placeholder.count), with: uid)
                index += placeholder.count
            } else {
                index += 1
            }
        }
        var request = self
        request.body = body
        return request
    }
}
