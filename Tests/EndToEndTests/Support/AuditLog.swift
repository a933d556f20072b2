import Foundation
import JSON

/// What the API server noted of every request.
struct AuditLog: Sendable {
    /// One request.
    struct Request: Sendable, CustomStringConvertible {
        let verb: String
        let group: String
        let resource: String
        let subresource: String?
        let namespace: String
        let name: String
        let uri: String
        let stage: String
        let code: Int64
        let time: String
        /// The address that it came from.
        let source: String
        /// Whether the roles forbade it; a namespace on its way out refuses too, with the same code.
        let isForbidden: Bool

        var isWrite: Bool { !["get", "list", "watch"].contains(self.verb) }

        var description: String { "\(self.time) \(self.verb) \(self.uri) \(self.code) \(self.stage)" }
    }

    /// A place in the log.
    struct Mark: Sendable {
        fileprivate var offset: UInt64
    }

    let path: String

    /// The user whose requests count.
    let user: String

    /// The operator's requests from the beginning.
    func requests() throws -> [Request] { try self.requests(since: Mark(offset: 0)) }

    /// The end of the log as it is now.
    func mark() throws -> Mark {
        let file = try FileHandle(forReadingFrom: URL(filePath: self.path))
        defer { try? file.close() }
        return Mark(offset: try file.seekToEnd())
    }

    /// The operator's requests since then.
    func requests(since mark: Mark) throws -> [Request] {
        let file = try FileHandle(forReadingFrom: URL(filePath: self.path))
        defer { try? file.close() }
        try file.seek(toOffset: mark.offset)
        let text = try file.readToEnd().map { String(decoding: $0, as: UTF8.self) } ?? ""
        return text.split(separator: "\n").compactMap { line in
            guard line.contains("\"\(self.user)\"") else { return nil }
            return (try? JSONValue(parsing: String(line))).flatMap(self.request)
        }
    }

    private func request(_ event: JSONValue) -> Request? {
        guard event.at("user.username")?.string == self.user else { return nil }
        func text(_ path: String) -> String { event.at(path)?.string ?? "" }
        return Request(
            verb: text("verb"),
            group: text("objectRef.apiGroup"),
            resource: text("objectRef.resource"),
            subresource: event.at("objectRef.subresource")?.string,
            namespace: text("objectRef.namespace"),
            name: text("objectRef.name"),
            uri: text("requestURI"),
            stage: text("stage"),
            code: event.at("responseStatus.code")?.integer ?? 0,
            time: text("requestReceivedTimestamp"),
            source: text("sourceIPs[0]"),
            isForbidden: event.at("annotations[authorization.k8s.io/decision]")?.string == "forbid"
        )
    }
}
