import ControllerRuntime
import Foundation
import Glibc
import JSON
import KubernetesAPI
import KubernetesTesting
import Observability
import TodoAppOperator

/// The whole operator on the test kit's API server, both in this process: more TodoApps than an API server of this machine's could hold.
///
/// Nothing goes over a network, so that what is left is the operator's own work and the test kit's. Each TodoApp is a backend alone with five
/// children: the test kit holds its objects as trees, of which a hundred thousand TodoApps with eleven would not fit into this machine.
struct Scale: Sendable {
    let count: Int

    /// How many changes come at once, and how many one by one.
    private static let (storm, single) = (10_000, 200)

    func measure() async throws -> Figures {
        var figures = try Figures("scale", apps: self.count)
        let allocations = try Allocations()
        let simulation = Simulation(
            count: self.count,
            spec: [
                "version": "1.0.0", "backend": ["replicas": 1], "networkPolicy": ["enabled": false],
                "secrets": ["from": [["secretName": "credentials"]]],
            ]
        )
        figures.values["test kit before MiB"] = allocations.inUseMiB
        let registry = PrometheusRegistry(MetricDescription.runtime)
        let played = try await simulation.run(metrics: registry) { [figures] _ in
            try await self.play(simulation, registry, figures)
        }
        figures = played ?? figures
        // What comes free with the operator was the operator's.
        let left = allocations.inUseMiB
        figures.values["test kit after MiB"] = left
        let held = (figures.values["both MiB"] ?? .nan) - left
        figures.values["operator holds MiB"] = held
        figures.values["operator holds KiB a TodoApp"] = held * 1024 / Double(self.count)
        return figures
    }

    private func play(
        _ simulation: Simulation,
        _ registry: PrometheusRegistry,
        _ initial: Figures
    ) async throws -> Figures {
        let (server, allocations) = (simulation.server, try Allocations())
        var figures = initial
        var counts: [String: Int] = [:]

        let (start, used) = (ContinuousClock.now, Self.cpuSeconds)
        try await self.wait(for: self.count, on: server, &counts)
        let wall = seconds(ContinuousClock.now - start)
        figures.requests["cold start"] = counts
        figures.values["cold start s"] = wall
        figures.values["cold start CPU s, both"] = Self.cpuSeconds - used
        figures.values["requests a second"] = Double(counts.values.reduce(0, +)) / wall
        figures.note("reconcile", "controller_runtime_reconcile_time_seconds", of: registry)
        figures.values["resident peak MiB, both"] = try memoryMiB("VmHWM", of: "/proc/self")

        let changed = (0..<min(Self.storm, self.count)).map { _ in Int.random(in: 0..<self.count) }
        let storm = ContinuousClock.now
        counts = [:]
        let stormCPU = Self.cpuSeconds
        for number in changed { self.change(simulation, number, updated: 1) }
        try await self.wait(for: Set(changed).count, on: server, &counts)
        figures.values["changes at once"] = Double(changed.count)
        figures.values["changes a second"] = Double(changed.count) / seconds(ContinuousClock.now - storm)
        figures.values["changes CPU ms each, both"] = (Self.cpuSeconds - stormCPU) * 1000 / Double(changed.count)
        figures.requests["changes"] = counts

        var lags: [Double] = []
        // Each another one: a second change of the same would change nothing.
        for number in (0..<self.count).shuffled().prefix(Self.single) {
            let before = server.object(TodoAppObject.resource, simulation.key(number))?["metadata"]?["resourceVersion"]
            let begin = ContinuousClock.now
            self.change(simulation, number, updated: 0)
            while server.object(TodoAppObject.resource, simulation.key(number))?["metadata"]?["resourceVersion"]
                == before,
                ContinuousClock.now - begin < .seconds(2)
            {
                try await Task.sleep(for: .microseconds(100))
            }
            lags.append(seconds(ContinuousClock.now - begin) * 1000)
            try await Task.sleep(for: .milliseconds(10))
        }
        lags.sort()
        figures.values["one change, p50 ms"] = lags[lags.count / 2]
        figures.values["one change, p99 ms"] = lags[lags.count * 99 / 100]

        _ = server.takeLog()
        let quiet = Self.cpuSeconds
        try await Task.sleep(for: .seconds(10))
        figures.values["requests in 10 s at rest"] = Double(server.takeLog().count)
        figures.values["CPU ms in 10 s at rest, both"] = (Self.cpuSeconds - quiet) * 1000
        // Behind the rest: to add it up takes seconds of a large heap.
        figures.values["both MiB"] = allocations.inUseMiB
        return figures
    }

    /// As the Deployment controller does when it replaces pods.
    private func change(_ simulation: Simulation, _ number: Int, updated: Int) {
        let app = simulation.key(number)
        simulation.server.put(.deployments, ObjectKey(namespace: app.namespace, name: "\(app.name)-backend")) {
            deployment in
            deployment["status"] = [
                "observedGeneration": deployment["metadata"]?["generation"] ?? 1, "replicas": 1,
                "updatedReplicas": JSONValue(updated),
            ]
        }
    }

    /// Waits until so many statuses were written, and adds up what was asked meanwhile.
    private func wait(for statuses: Int, on server: SimulatedAPIServer, _ counts: inout [String: Int]) async throws {
        let status = "patch todoapps.todo.taskflow.dev/status"
        var ticks = 0
        while counts[status, default: 0] < statuses {
            try await Task.sleep(for: .milliseconds(20))
            ticks += 1
            // The log is taken away as it comes: it would take more than all objects.
            for request in server.takeLog().map(\.request) {
                let sub = request.subresource.isEmpty ? "" : "/\(request.subresource)"
                counts["\(request.verb.rawValue) \(request.resource)\(sub)", default: 0] += 1
            }
            if ticks.isMultiple(of: 500) {
                let line = "scale: \(counts[status, default: 0]) of \(statuses) statuses, \(counts)\n"
                FileHandle.standardError.write(Data(line.utf8))
            }
        }
    }

    // MARK: This process

    private static var cpuSeconds: Double { Double(clock()) / Double(1_000_000) }
}

extension Figures {
    /// The mean of a histogram, and the bucket in which 99 of 100 lie.
    fileprivate mutating func note(_ name: String, _ metric: String, of registry: PrometheusRegistry) {
        let lines = registry.text().split(separator: "\n")
        func value(_ suffix: String) -> Double {
            lines.last { $0.hasPrefix(metric + suffix) }.flatMap { $0.split(separator: " ").last }.flatMap {
                Double($0)
            } ?? .nan
        }
        let count = value("_count")
        self.values["\(name), mean ms"] = value("_sum") * 1000 / count
        let bucket = lines.first { line in
            guard line.hasPrefix(metric + "_bucket"), let seen = line.split(separator: " ").last.flatMap({ Double($0) })
            else { return false }
            return seen >= 0.99 * count
        }
        let limit = bucket?.firstRange(of: "le=\"").flatMap { bucket?[$0.upperBound...].prefix { $0 != "\"" } }
        self.values["\(name), p99 at most ms"] = limit.flatMap { Double($0) }.map { $0 * 1000 }
    }
}
