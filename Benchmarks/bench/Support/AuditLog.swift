import Foundation
import JSON

/// What the operator asked of the API server, by the API server's own audit log.
///
/// Its metrics say the same but do not tell clients apart.
struct AuditLog {
    struct Entry {
        /// For example `create services`.
        let what: String
        let isWrite: Bool
        /// Whether it is an event or a Lease, which are no part of the work.
        let isBeside: Bool
        let code: Int
        /// Who asked.
        let user: String
        /// The object's name; empty for a create.
        let name: String
        /// Seconds since 1970.
        let receivedAt: Double
        let answeredAt: Double
    }

    private let handle: FileHandle
    private var lines = JSONLineSplitter()
    private(set) var entries: [Entry] = []

    /// Begins at the present end of the log.
    init(_ path: String) throws {
        self.handle = try FileHandle(forReadingFrom: URL(filePath: path))
        try self.handle.seekToEnd()
    }

    /// Reads what has come since.
    mutating func read() throws {
        while let data = try self.handle.read(upToCount: 1 << 22), !data.isEmpty {
            self.lines.append([UInt8](data))
            while let line = try self.lines.next() {
                let json = try JSONValue(parsing: line)
                if let entry = Entry(json) { self.entries.append(entry) }
            }
        }
    }

    /// Reads on until a condition holds and the operator has written nothing for a while.
    mutating func wait(
        atMost limit: Double = 1800,
        untilQuietFor quiet: Double = 3,
        _ isDone: (AuditLog) -> Bool
    ) async throws {
        let start = Date().timeIntervalSince1970
        while true {
            try self.read()
            let now = Date().timeIntervalSince1970
            guard now - start < limit else { throw AuditLogError.tooLong(self.counts) }
            if isDone(self), now - max(self.lastWriteAt, start) > quiet { return }
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    /// Requests by what they were.
    var counts: [String: Int] {
        self.entries.reduce(into: [:]) { $0[$1.what, default: 0] += 1 }
    }

    /// Everything written but events and Leases.
    var writes: [Entry] { self.entries.filter { $0.isWrite && !$0.isBeside } }

    /// How many requests of a kind succeeded.
    func count(_ what: String) -> Int {
        self.entries.count { $0.what == what && $0.code < 300 }
    }

    /// Objects that were created.
    var creations: Int { self.writes.count { $0.what.hasPrefix("create ") && $0.code == 201 } }

    /// When the last write but for events was answered, in seconds since 1970; 0 for never.
    var lastWriteAt: Double { self.writes.last?.answeredAt ?? 0 }

    /// When the first write was received, in seconds since 1970.
    var firstWriteAt: Double? { self.writes.first?.receivedAt }
}

/// The operator did not get where it should; what it did.
enum AuditLogError: Error {
    case tooLong([String: Int])
}

extension AuditLog.Entry {
    /// An entry of the operator's; `nil` for anybody else's, and where it is told a second time when a watch ends.
    fileprivate init?(_ json: JSONValue) {
        guard json["userAgent"]?.string?.hasPrefix("todoapp-operator") == true, let verb = json["verb"]?.string else {
            return nil
        }
        guard (verb == "watch") == (json["stage"]?.string == "ResponseStarted") else { return nil }
        let reference = json["objectRef"]
        let sub = reference?["subresource"]?.string.map { "/\($0)" } ?? ""
        let resource = reference?["resource"]?.string ?? "discovery"
        self.what = "\(verb) \(resource)\(sub)"
        self.isWrite = ["create", "patch", "update", "delete"].contains(verb)
        self.isBeside = ["events", "leases"].contains(resource)
        self.code = Int(json["responseStatus"]?["code"]?.integer ?? 0)
        let user = json["impersonatedUser"]?["username"] ?? json["user"]?["username"]
        self.user = user?.string ?? ""
        self.name = reference?["name"]?.string ?? ""
        self.receivedAt = Self.seconds(json["requestReceivedTimestamp"]?.string)
        self.answeredAt = Self.seconds(json["stageTimestamp"]?.string)
    }

    /// Microseconds count here, and are no part of what Foundation reads.
    private static func seconds(_ text: String?) -> Double {
        guard let text, let dot = text.firstIndex(of: "."),
            let whole = try? Date("\(text[..<dot])Z", strategy: .iso8601)
        else { return 0 }
        return whole.timeIntervalSince1970 + (Double("0\(text[dot...].dropLast())") ?? 0)
    }
}
