import Foundation

/// The operator runs, and TodoApps are created as fast as the API server takes them.
struct Live: Sendable {
    let stage: Stage
    let count: Int

    func measure() async throws -> Figures {
        let writes = try await RecordedWrites.record(on: self.stage)
        let floor = try await Floor(stage: self.stage, writes: writes, count: self.count).best()
        var figures = try Figures("live", apps: self.count)
        let apps = Apps(namespace: "bench-live", count: self.count, client: self.stage.client)
        try await apps.prepare()
        let before = try await floor.live(namespace: "bench-floor-before")
        let (stage, count) = (self.stage, self.count)
        let noted = try await OperatorRun.run(on: stage, namespace: apps.namespace, name: "live-\(count)") { run in
            try await run.waitUntilReady()
            try await Task.sleep(for: .seconds(1))
            var log = try AuditLog(stage.auditLog)
            let (start, used) = (Date().timeIntervalSince1970, try run.cpuSeconds)
            try await spread(count, over: Apps.width) { _ = try await apps.create($0) }
            try await log.wait { $0.count("patch todoapps/status") >= count }
            let noted = [
                "wall s": log.lastWriteAt - start,
                "CPU s": try run.cpuSeconds - used,
                "peak MiB": try run.peakMiB,
                "settled MiB": try run.residentMiB,
                "created": Double(log.creations),
                "status writes an app": Double(log.count("patch todoapps/status")) / Double(count),
                "writes a child": Double(log.writes.count { !$0.what.hasSuffix("/status") })
                    / Double(count * writes.children),
            ]
            return (noted, log.counts)
        }
        figures.values.merge(noted.0) { $1 }
        figures.requests["live"] = noted.1
        let after = try await floor.live(namespace: "bench-floor-after")
        figures.note(floors: (before, after), width: floor.width)
        try await figures.verify(apps, writes)
        return figures
    }
}
