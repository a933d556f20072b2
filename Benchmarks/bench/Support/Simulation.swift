import ControllerRuntime
import CoreMetrics
import Foundation
import JSON
import KubernetesAPI
import KubernetesClient
import KubernetesTesting
import Logging
import ServiceLifecycle
import TodoAppOperator

/// The whole operator on the test kit's API server, both in this process, and so many TodoApps that nobody has looked at yet.
struct Simulation: Sendable {
    private static let namespace = "bench"

    let count: Int
    let server: SimulatedAPIServer

    /// A cluster with so many TodoApps.
    ///
    /// - Parameters:
    ///   - count: How many.
    ///   - spec: What each of them wants; by default two components, and with them eleven children.
    init(count: Int, spec: JSONValue = Apps.manifest(0)["spec"] ?? .null) {
        self.count = count
        self.server = SimulatedAPIServer(
            SimulatedAPIServer.Options(
                resources: [SimulatedResource(TodoAppObject.resource)],
                runsControllers: false,
                historyLimit: 2000,
                bookmarkInterval: .seconds(60)
            )
        )
        self.server.addNamespace(Self.namespace)
        self.server.put(.secrets, ObjectKey(namespace: Self.namespace, name: "credentials")) { secret in
            secret["stringData"] = Apps.credentials
        }
        for number in 0..<count {
            self.server.put(TodoAppObject.resource, self.key(number)) { $0["spec"] = spec }
        }
    }

    func key(_ number: Int) -> ObjectKey {
        ObjectKey(namespace: Self.namespace, name: "app-\(number)")
    }

    /// Runs the operator while something is measured.
    func run<Result: Sendable>(
        metrics: any MetricsFactory = NOOPMetricsHandler.instance,
        _ body: @escaping @Sendable (World) async throws -> Result
    ) async throws -> Result? {
        let client = self.client
        let services = try await OperatorServices(
            clients: OperatorServices.Clients(work: client, report: client),
            options: OperatorServices.Options(namespaces: [], workers: 4, instance: "bench"),
            surroundings: self.surroundings,
            leadership: .unneeded,
            metrics: metrics,
            logger: Logger(label: "operator") { _ in SwiftLogNoOpLogHandler() }
        )
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            for service in services.services {
                group.addTask {
                    try? await service.run()
                    return nil
                }
            }
            group.addTask { try await body(services.world) }
            var result: Result?
            while result == nil, let next = try await group.next() { result = next }
            group.cancelAll()
            return result
        }
    }

    /// What the operator sees when each TodoApp has its children and its status.
    func settledWorld() async throws -> World {
        let world = try await self.run { world in
            while !(0..<self.count).allSatisfy({ world.apps[self.key($0)]?.isJudged == true }) {
                try await Task.sleep(for: .milliseconds(5))
            }
            return world
        }
        guard let world else { throw SimulationError.unsettled }
        return world
    }

    /// One that remembers nothing yet.
    func reconciler(_ world: World) -> TodoAppReconciler {
        TodoAppReconciler(client: self.client, world: world, ledger: WriteLedger(), surroundings: self.surroundings)
    }

    private var client: KubernetesClient {
        KubernetesClient(
            transport: self.server.connect(as: "operator"),
            credential: NoCredential(),
            options: KubernetesClient.Options(userAgent: "todoapp-operator/bench")
        )
    }

    private var surroundings: TodoAppReconciler.Surroundings {
        TodoAppReconciler.Surroundings(
            now: { Date().timeIntervalSince1970 },
            randomBytes: { count in
                var random = SystemRandomNumberGenerator()
                return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            },
            operatorVersion: "bench"
        )
    }
}

/// What became of a simulation.
enum SimulationError: Error {
    /// The operator ended before it came to rest.
    case unsettled
}
