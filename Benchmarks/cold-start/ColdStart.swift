import ControllerRuntime
import CoreMetrics
import Foundation
import HTTPTransport
import JSON
import KubernetesAPI
import KubernetesClient
import KubernetesTesting
import Logging
import ServiceLifecycle
import TodoAppOperator

/// How long the operator takes to bring up many TodoApps from nothing, what it costs, and whether all is there, once.
///
/// `cold-start COUNT` measures on an API server in process, `cold-start COUNT cluster` on the one that KUBECONFIG names.
@main
struct ColdStart {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard let count = arguments.first.flatMap({ Int($0) }), count > 0 else {
            print("usage: cold-start COUNT [cluster]")
            exit(2)
        }
        let stage = arguments.contains("cluster") ? try Stage.cluster() : Stage.inProcess()
        let transport = CountingTransport(stage.transport)
        let apps = Apps(count: count, client: stage.client(on: stage.transport))
        print("\(count) TodoApps on \(stage.name)")
        try await apps.create()
        do {
            let first = try await Self.measure("cold start: nothing is there yet", stage, transport) {
                try await apps.areSynced()
            }
            let second = try await Self.measure("restart: everything is there", stage, transport) {
                transport.watches >= first.watches
            }
            try await Self.judge(apps, first: first, second: second)
        } catch {
            try await apps.remove()
            throw error
        }
        try await apps.remove()
    }

    /// Runs the operator until something holds, and 5 s longer, and prints what it took.
    private static func measure(
        _ what: String,
        _ stage: Stage,
        _ transport: CountingTransport,
        until isDone: () async throws -> Bool
    ) async throws -> CountingTransport.Counts {
        transport.reset()
        let (start, cpu) = (ContinuousClock.now, Usage.now.cpuSeconds)
        let running = Task { try await Self.operate(stage.client(on: transport)) }
        while try await !isDone() { try await Task.sleep(for: .milliseconds(200)) }
        let (wall, used) = (ContinuousClock.now - start, Usage.now.cpuSeconds - cpu)
        try await Task.sleep(for: .seconds(5))
        running.cancel()
        _ = await running.result
        let counts = transport.counts
        print("\(what)")
        print("  wall \(wall.formatted(.units(allowed: [.seconds], fractionalPart: .show(length: 1))))")
        print("  CPU \(String(format: "%.1f", used)) s, peak resident memory \(Usage.now.peakMiB) MiB \(stage.note)")
        print("  requests: \(counts.text)")
        return counts
    }

    private static func operate(_ client: KubernetesClient) async throws {
        let operatorServices = try await OperatorServices(
            clients: OperatorServices.Clients(work: client, report: client),
            options: OperatorServices.Options(namespaces: [Apps.namespace], workers: 4, instance: "cold-start"),
            surroundings: TodoAppReconciler.Surroundings(
                now: { Date().timeIntervalSince1970 },
                randomBytes: { count in (0..<count).map { _ in UInt8.random(in: .min ... .max) } },
                operatorVersion: "cold-start"
            ),
            leadership: .unneeded,
            metrics: NOOPMetricsHandler.instance,
            logger: Logger(label: "cold-start") { _ in SwiftLogNoOpLogHandler() }
        )
        await withTaskGroup(of: Void.self) { group in
            for service in operatorServices.services { group.addTask { try? await service.run() } }
        }
    }

    /// Nothing missing, nothing twice, and nothing written at rest.
    private static func judge(
        _ apps: Apps,
        first: CountingTransport.Counts,
        second: CountingTransport.Counts
    ) async throws {
        let missing = try await apps.missingChildren()
        let created = first.created
        let wanted = apps.count * Apps.childrenOfOne
        print("children: \(wanted) wanted, \(missing) missing, \(created) created, \(max(0, created - wanted)) twice")
        print("writes by the restart: \(second.writes)")
        guard missing == 0, created == wanted, second.writes == 0 else {
            print("this is not as it should be")
            exit(1)
        }
    }
}

/// What the process has used so far.
struct Usage {
    var cpuSeconds: Double
    var peakMiB: Int

    static var now: Usage {
        var usage = rusage()
        unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000 }
        return Usage(
            cpuSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
            // Linux counts in KiB.
            peakMiB: usage.ru_maxrss / 1024
        )
    }
}
