import Foundation
import JSON
import YAML

/// Three operators share the TodoApps of one cluster; in the middle of a cold start one of them is killed.
struct Shards: Sendable {
    let stage: Stage
    let count: Int

    private static let users = ["replica-1", "replica-2", "replica-3"]

    func measure() async throws -> Figures {
        let (stage, count) = (self.stage, self.count)
        let initial = try Figures("shards", apps: count)
        let apps = Apps(namespace: "bench-shards", count: count, client: stage.client)
        try await apps.prepare()
        _ = try await apps.createAll()
        let begin = try AuditLog(stage.auditLog)
        return try await self.run(Self.users[0]) { one in
            try await self.run(Self.users[1]) { two in
                try await self.run(Self.users[2]) { three in
                    var log = begin
                    var figures = initial
                    try await log.wait(untilQuietFor: 0) { $0.count("patch todoapps/status") >= count / 2 }
                    let died = Date().timeIntervalSince1970
                    two.kill()
                    // The log does not say what came of the dead one's last requests, four at most.
                    try await log.wait(untilQuietFor: 6) { self.judged($0).count >= count - 4 }
                    figures.values["statuses missing"] = Double(count - (try await apps.countSynced()))
                    figures.values["wall s"] = log.lastWriteAt - one.startedAt
                    figures.values["killed after s"] = died - one.startedAt
                    figures.values["children made, answered with 201"] = Double(log.creations)
                    figures.values["writes refused"] = Double(log.writes.count { $0.code >= 400 })
                    figures.note(writers: log, died: died)
                    for (user, run) in [(Self.users[0], one), (Self.users[2], three)] {
                        figures.values["\(user): peak MiB"] = try run.peakMiB
                        figures.values["\(user): CPU s"] = try run.cpuSeconds
                    }
                    figures.requests["all three"] = log.counts
                    log = try AuditLog(stage.auditLog)
                    try await Task.sleep(for: .seconds(20))
                    try log.read()
                    figures.requests["quiet, two, 20 s"] = log.counts
                    return figures
                }
            }
        }
    }

    private func run<Result: Sendable>(
        _ user: String,
        _ body: @Sendable (OperatorRun) async throws -> Result
    ) async throws -> Result {
        try await OperatorRun.run(
            on: self.stage,
            namespace: "bench-shards",
            name: "shards-\(user)",
            options: ["--sharded", "--leader-elect-resource-namespace", "bench-shards"],
            kubeconfig: try self.kubeconfig(as: user),
            body
        )
    }

    /// Which TodoApps have a status.
    private func judged(_ log: AuditLog) -> Set<String> {
        Set(log.entries.filter { $0.what == "patch todoapps/status" && $0.code < 300 }.map(\.name))
    }

    /// The bench's own kubeconfig, in another one's name, so that the audit log tells the operators apart.
    private func kubeconfig(as user: String) throws -> String {
        let path = ProcessInfo.processInfo.environment["KUBECONFIG"] ?? ""
        let documents = try YAML.documents(in: [UInt8](Data(contentsOf: URL(filePath: path))))
        guard var config = documents.first?.value, var users = config["users"]?.array else {
            throw ShardsError.kubeconfig(path)
        }
        for index in users.indices {
            users[index]["user"]?["as"] = .string(user)
            users[index]["user"]?["as-groups"] = ["system:masters"]
        }
        config["users"] = .array(users)
        let file = self.stage.folder.appending(path: "\(user).kubeconfig")
        try Data(config.bytes()).write(to: file)
        return file.path()
    }
}

/// Why it could not be measured.
enum ShardsError: Error {
    /// No kubeconfig with users.
    case kubeconfig(String)
}

extension Figures {
    /// Who wrote what, and whether ever two wrote the status of one TodoApp in turns.
    fileprivate mutating func note(writers log: AuditLog, died: Double) {
        var writers: [String: [String]] = [:]
        var last = 0.0
        for entry in log.writes {
            self.values["\(entry.user): writes", default: 0] += 1
            if entry.user == "replica-2" { last = max(last, entry.answeredAt) }
            guard entry.what == "patch todoapps/status", writers[entry.name]?.last != entry.user else { continue }
            writers[entry.name, default: []].append(entry.user)
        }
        self.values["TodoApps with one writer of the status"] = Double(writers.values.count { $0.count == 1 })
        self.values["TodoApps handed over once"] = Double(writers.values.count { $0.count == 2 })
        self.values["TodoApps written in turns"] = Double(writers.values.count { Set($0).count < $0.count })
        self.values["the dead one's last write after its end s"] = last - died
    }
}
