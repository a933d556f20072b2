import ControllerRuntime
import Foundation
import KubernetesClient
import KubernetesTesting
import Logging
import ServiceLifecycle
import TodoAppOperator

/// What a simulated operator shares its TodoApps with others by; each process has its own.
struct SimulatedSharing {
    let leadership: Leadership
    let territory: Territory
    let client: KubernetesClient
    private let lease: LeaderElector.Options
    private let time: TimeSource
    private let logger = Logger(label: "sharing") { _ in SwiftLogNoOpLogHandler() }

    init(_ user: String, _ connection: SimulatedConnection, time: TimeSource) {
        let process = UUID().uuidString.lowercased()
        self.time = time
        self.leadership = Leadership(time: time)
        self.lease = LeaderElector.Options(
            name: process,
            namespace: OperatorSimulation.namespace,
            identity: "\(user)_\(process)",
            fieldManager: "todoapp-operator",
            labels: ["shard-of": "test"]
        )
        self.territory = Territory(sharedBy: self.lease.identity)
        var options = LeaderElector.clientOptions(userAgent: "todoapp-operator/test", times: self.lease.times)
        (options.now, options.sleep, options.random) = (time.now, time.sleep, time.random)
        self.client = KubernetesClient(transport: connection, credential: NoCredential(), options: options)
    }

    /// The elector of the process's own Lease, and who shares.
    func services(of services: OperatorServices) -> [any Service] {
        let elector = LeaderElector(
            client: self.client,
            options: self.lease,
            leadership: self.leadership,
            time: self.time,
            wallClock: { Date().timeIntervalSince1970 },
            logger: self.logger,
            isReady: services.isReady
        )
        let keeper = ShardKeeper(
            client: self.client,
            options: ShardKeeper.Options(
                namespace: self.lease.namespace,
                label: (name: "shard-of", value: "test"),
                annotation: "test/shard-claim",
                identity: self.lease.identity,
                fieldManager: self.lease.fieldManager
            ),
            leadership: self.leadership,
            territory: self.territory,
            time: self.time,
            logger: self.logger,
            wake: services.wake
        )
        return [elector, keeper]
    }
}
