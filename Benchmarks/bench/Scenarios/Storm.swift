import Foundation
import JSON
import KubernetesAPI
import KubernetesClient
import TodoAppOperator

/// Everything changes at once: first all TodoApps, then one Secret that all of them use.
struct Storm: Sendable {
    let stage: Stage
    let count: Int

    func measure() async throws -> Figures {
        let (stage, count) = (self.stage, self.count)
        let apps = Apps(namespace: "bench-storm", count: count, client: stage.client)
        let initial = try Figures("storm", apps: count)
        try await apps.prepare()
        _ = try await apps.createAll()
        return try await OperatorRun.run(on: stage, namespace: apps.namespace, name: "storm-\(count)") { run in
            var figures = initial
            var log = try AuditLog(stage.auditLog)
            try await log.wait { $0.count("patch todoapps/status") >= count }

            try await self.play("spec", run, &figures, until: { $0.count("patch deployments") >= count }) {
                try await spread(count, over: Apps.width) { number in
                    _ = try await stage.client.merge(
                        TodoAppObject.resource,
                        ObjectKey(namespace: apps.namespace, name: Apps.name(number)),
                        ["spec": ["backend": ["env": ["LOG_LEVEL": "debug"]]]],
                        fieldManager: "bench"
                    )
                }
            }
            figures.values["spec: statuses missing"] = Double(count - (try await apps.countSynced()))

            try await self.play("secret", run, &figures, until: { $0.count("patch secrets") >= count }) {
                _ = try await stage.client.merge(
                    .secrets,
                    ObjectKey(namespace: apps.namespace, name: "credentials"),
                    ["stringData": ["OPENAI_API_KEY": "another-key"]],
                    fieldManager: "bench"
                )
            }
            figures.values["secret: statuses missing"] = Double(count - (try await apps.countSynced()))
            return figures
        }
    }

    /// Changes something, and measures until the operator has nothing more to write.
    private func play(
        _ name: String,
        _ run: OperatorRun,
        _ figures: inout Figures,
        until isDone: (AuditLog) -> Bool,
        _ change: () async throws -> Void
    ) async throws {
        var log = try AuditLog(self.stage.auditLog)
        let (start, used) = (Date().timeIntervalSince1970, try run.cpuSeconds)
        try await change()
        // Longer than the rest that is given to a Deployment between two changes.
        try await log.wait(untilQuietFor: 4, isDone)
        figures.values["\(name): wall s"] = log.lastWriteAt - start
        figures.values["\(name): CPU s"] = try run.cpuSeconds - used
        figures.values["\(name): writes an app"] = Double(log.writes.count) / Double(self.count)
        figures.values["\(name): peak MiB"] = try run.peakMiB
        figures.requests[name] = log.counts
    }
}
