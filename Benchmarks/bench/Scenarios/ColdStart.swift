import Foundation

/// TodoApps are there, and the operator starts: first with nothing else there, then with everything.
///
/// Then it rests.
struct ColdStart: Sendable {
    let stage: Stage
    let count: Int

    func measure() async throws -> Figures {
        let writes = try await RecordedWrites.record(on: self.stage)
        let floor = try await Floor(stage: self.stage, writes: writes, count: self.count).best()
        var figures = try Figures("cold", apps: self.count)
        let apps = Apps(namespace: "bench-cold", count: self.count, client: self.stage.client)
        try await apps.prepare()
        _ = try await apps.createAll()

        let before = try await floor.cold(namespace: "bench-floor-before")
        try await self.start(apps, writes, &figures)
        let after = try await floor.cold(namespace: "bench-floor-after")
        figures.note(floors: (before, after), width: floor.width)
        try await figures.verify(apps, writes)
        try await self.restart(apps, &figures)
        return figures
    }

    private func start(_ apps: Apps, _ writes: RecordedWrites, _ figures: inout Figures) async throws {
        let (stage, count) = (self.stage, self.count)
        let noted = try await OperatorRun.run(on: stage, namespace: apps.namespace, name: "cold-\(count)") { run in
            var log = try AuditLog(stage.auditLog)
            try await log.wait { $0.count("patch todoapps/status") >= count }
            var noted: [String: Double] = [:]
            noted["wall s"] = log.lastWriteAt - run.startedAt
            noted["first write ms"] = log.firstWriteAt.map { ($0 - run.startedAt) * 1000 }
            noted["CPU s"] = try run.cpuSeconds
            noted["peak MiB"] = try run.peakMiB
            noted["settled MiB"] = try run.residentMiB
            noted["created"] = Double(log.creations)
            noted["status writes an app"] = Double(log.count("patch todoapps/status")) / Double(count)
            noted["writes a child"] =
                Double(log.writes.count { !$0.what.hasSuffix("/status") })
                / Double(count * writes.children)
            return (noted, log.counts)
        }
        figures.values.merge(noted.0) { $1 }
        figures.requests["cold start"] = noted.1
    }

    /// Once more over what is there now, and then a while without anything to do.
    private func restart(_ apps: Apps, _ figures: inout Figures) async throws {
        let (stage, count) = (self.stage, self.count)
        let quiet = ProcessInfo.processInfo.environment["BENCH_QUIET"].flatMap { Double($0) } ?? 60
        let noted = try await OperatorRun.run(on: stage, namespace: apps.namespace, name: "restart-\(count)") { run in
            var noted: [String: Double] = [:]
            var log = try AuditLog(stage.auditLog)
            try await run.waitUntilReady()
            noted["restart ready ms"] = (Date().timeIntervalSince1970 - run.startedAt) * 1000
            // Everything is looked at once: that is done when no processor's time is used any more.
            var used = 0.0
            while try run.cpuSeconds > used + 0.011 {
                used = try run.cpuSeconds
                try await Task.sleep(for: .seconds(2))
            }
            noted["restart CPU s"] = try run.cpuSeconds
            noted["restart peak MiB"] = try run.peakMiB
            noted["restart settled MiB"] = try run.residentMiB
            try log.read()
            noted["restart writes"] = Double(log.writes.count)
            let restart = log.counts
            log = try AuditLog(stage.auditLog)
            let before = try run.cpuSeconds
            try await Task.sleep(for: .seconds(quiet))
            try log.read()
            noted["quiet s"] = quiet
            noted["quiet requests"] = Double(log.entries.count)
            noted["quiet CPU ms"] = try (run.cpuSeconds - before) * 1000
            return (noted, restart, log.counts)
        }
        figures.values.merge(noted.0) { $1 }
        figures.requests["restart"] = noted.1
        figures.requests["quiet"] = noted.2
    }
}

extension Figures {
    /// Takes the floors from right before and right after, and puts the wall time beside them.
    mutating func note(floors: (before: Double, after: Double), width: Int) {
        self.values["floor before s"] = floors.before
        self.values["floor after s"] = floors.after
        self.values["floor width"] = Double(width)
        self.values["over the floor"] = (self.values["wall s"] ?? .nan) / ((floors.before + floors.after) / 2)
    }

    /// Nothing missing, nothing twice, and every status written.
    mutating func verify(_ apps: Apps, _ writes: RecordedWrites) async throws {
        let wanted = apps.count * writes.children
        let found = try await apps.countChildren(writes.types)
        self.values["children"] = Double(wanted)
        self.values["children missing"] = Double(wanted - found)
        self.values["children twice"] = (self.values["created"] ?? .nan) - Double(found)
        self.values["statuses missing"] = Double(apps.count - (try await apps.countSynced()))
    }
}
