import ControllerRuntime
import CoreMetrics
import Foundation
import JSON
import KubernetesAPI
import KubernetesClient
import KubernetesTesting
import Locks
import Logging
import ServiceLifecycle

@testable import TodoAppOperator

/// One of the operators of a simulation, and how it is started.
struct SimulatedOperator: Sendable {
    /// What the API server's log calls it.
    var user = "operator"
    var version = "1.2.3"
    var namespaces: [String] = []
    var selector: LabelSelector?
    /// Whether it shares the TodoApps with the others, by a Lease of its own.
    var isSharing = false
}

/// The whole operator on an API server in process, a hundred times as fast, with controllers and kubelets that are quick.
struct OperatorSimulation: Sendable {
    /// The operator's requests that can change anything but events: behind which of them a kill tells something.
    static let writes = FaultPlan.Pattern(FaultPlan.Pattern.writes.verbs, user: "operator")
    static let namespace = "todo-app"

    let server: SimulatedAPIServer
    let apps: [ObjectKey]
    /// Who runs; from one run to the next there may be others.
    var operators = [SimulatedOperator()]
    private let time: TimeSource

    /// Whether Deployments come to pods.
    private let rollsOut: Bool

    /// A cluster with so many TodoApps, which nobody has looked at yet.
    ///
    /// - Parameters:
    ///   - streams: Whether collections are streamed, as by an API server of today, or listed, as by an old one.
    ///   - rollsOut: Whether Deployments come to pods; without that nobody writes but the operator.
    ///   - resources: What is served beside the built-in types and TodoApps.
    ///   - speed: How fast time goes; Leases need some of it.
    init(
        apps count: Int = 1,
        streams: Bool = false,
        rollsOut: Bool = true,
        resources: [SimulatedResource] = [],
        speed: Int = 100
    ) {
        self.rollsOut = rollsOut
        self.time = TimeSource.accelerated(by: speed)
        self.server = SimulatedAPIServer(
            SimulatedAPIServer.Options(
                resources: [SimulatedResource(TodoAppObject.resource)] + resources,
                watchList: streams ? .served : .refused,
                bookmarkInterval: .seconds(60),
                minorVersion: streams ? 34 : 20,
                time: self.time
            )
        )
        self.apps = (0..<count).map { ObjectKey(namespace: Self.namespace, name: "app-\($0)") }
        self.server.addNamespace(Self.namespace)
        self.server.put(.secrets, ObjectKey(namespace: Self.namespace, name: "credentials")) { secret in
            secret["stringData"] = [
                "DATABASE_URL": "postgresql://u:s3cret@db.example.com/todo?ssl=require", "OPENAI_API_KEY": "s3cret-key",
            ]
        }
        for key in self.apps {
            self.server.put(TodoAppObject.resource, key) { app in
                app["spec"] = [
                    "version": "1.0.0", "backend": [:], "frontend": [:],
                    "secrets": ["from": [["secretName": "credentials"]]],
                ]
            }
        }
    }

    /// Runs the operator, one process after the other, until every TodoApp is ready and nothing is written any more; whatever
    /// kills one, another follows.
    ///
    /// - Parameter steps: What happens then, one after the other, each when the one before has come to rest.
    /// - Returns: Whether it came to that in time.
    func runUntilReady(_ steps: @Sendable () -> Void...) async -> Bool {
        await self.runUntilQuiet(steps) { self.apps.allSatisfy { self.isReady($0) } }
    }

    /// Runs the operator until each TodoApp has a status and nothing is written any more.
    func runUntilJudged() async -> Bool {
        await self.runUntilQuiet([]) {
            self.apps.allSatisfy { self.server.object(TodoAppObject.resource, $0)?["status"]?["conditions"] != nil }
        }
    }

    /// How long nothing was written when it is taken for over: ten seconds of the operator's.
    ///
    /// As many times that as the environment's `TEST_SLOWNESS` says: time flies as fast under a sanitizer, while the operator crawls.
    private static let rest =
        Duration.milliseconds(100)
        * (ProcessInfo.processInfo.environment["TEST_SLOWNESS"].flatMap { Int($0) } ?? 1)

    private func runUntilQuiet(
        _ steps: [@Sendable () -> Void],
        _ isDone: @escaping @Sendable () -> Bool
    ) async -> Bool {
        let last = Locked((version: 0, since: ContinuousClock.now, step: 0))
        return await self.run {
            // Leases are renewed all the time.
            let version =
                self.operators.contains(where: \.isSharing) ? self.answeredWrites.count : self.server.version
            let (rest, step) = last.withLock { last in
                if last.version != version { last = (version, ContinuousClock.now, last.step) }
                return (ContinuousClock.now - last.since, last.step)
            }
            guard rest > Self.rest, isDone() else { return false }
            guard step < steps.count else { return true }
            steps[step]()
            last.withLock { $0 = (0, ContinuousClock.now, step + 1) }
            return false
        }
    }

    /// How many collections the operator watches.
    var watchedCollections: Int {
        Set(self.server.log.map(\.request).filter { $0.verb == .watch }.map(\.resource)).count
    }

    /// How many of the operator's requests were of this kind.
    func count(of verb: SimulatedRequest.Verb) -> Int {
        self.server.log.count { $0.request.verb == verb }
    }

    /// Runs the operator until something holds.
    func run(until condition: @escaping @Sendable () -> Bool) async -> Bool {
        await withTaskGroup(of: Bool?.self) { group in
            for one in self.operators {
                group.addTask {
                    while !Task.isCancelled { await self.runOnce(one) }
                    return nil
                }
            }
            group.addTask {
                while !Task.isCancelled {
                    if self.rollsOut { self.server.finishRollouts(in: Self.namespace) }
                    try? await Task.sleep(for: .milliseconds(2))
                }
                return nil
            }
            group.addTask { await eventually(condition) }
            var result: Bool?
            while result == nil, let next = await group.next() { result = next }
            group.cancelAll()
            return result ?? false
        }
    }

    /// One process, from its start to its end: it is killed, or cannot begin, or the run is over.
    private func runOnce(_ settings: SimulatedOperator) async {
        let connection = self.server.connect(as: settings.user)
        let time = self.time
        let sharing =
            settings.isSharing
            ? SimulatedSharing(settings.user, self.server.connect(as: settings.user), time: time) : nil
        let leadership = sharing?.leadership ?? .unneeded
        let client = KubernetesClient(
            transport: FencedTransport(connection, leadership: leadership, purpose: .work),
            credential: NoCredential(),
            options: KubernetesClient.Options(
                userAgent: "todoapp-operator/test",
                now: time.now,
                sleep: time.sleep,
                random: time.random
            )
        )
        let operatorServices = try? await OperatorServices(
            clients: OperatorServices.Clients(work: client, report: client),
            options: OperatorServices.Options(
                namespaces: settings.namespaces,
                selector: settings.selector,
                workers: 4,
                instance: settings.user
            ),
            surroundings: TodoAppReconciler.Surroundings(
                now: { 1_767_225_660 },
                randomBytes: { count in
                    var random = SystemRandomNumberGenerator()
                    return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
                },
                operatorVersion: settings.version
            ),
            leadership: leadership,
            territory: sharing?.territory ?? .everything,
            metrics: NOOPMetricsHandler.instance,
            time: time,
            logger: Logger(label: "operator") { _ in SwiftLogNoOpLogHandler() }
        )
        await withTaskGroup(of: Void.self) { group in
            if let operatorServices {
                for service in operatorServices.services + (sharing?.services(of: operatorServices) ?? []) {
                    group.addTask { try? await service.run() }
                }
                group.addTask { await connection.waitUntilClosed() }
                _ = await group.next()
            }
            group.cancelAll()
        }
        await connection.close()
        await sharing?.client.close()
        // A process that ended is started again after a moment, as a kubelet does it.
        try? await time.sleep(.seconds(1))
    }

    // MARK: What there is

    /// Whether an app says that it is ready, as it is now.
    func isReady(_ key: ObjectKey) -> Bool {
        guard let app = self.server.object(TodoAppObject.resource, key) else { return false }
        let ready = app["status"]?["conditions"]?.array?.first { $0["type"]?.string == "Ready" }
        return ready?["status"]?.string == "True"
            && app["status"]?["observedGeneration"] == app["metadata"]?["generation"]
    }

    /// What every TodoApp has, by `kind/name`, without what differs from run to run: identities, versions, chance.
    var children: [String: JSONValue] {
        var children: [String: JSONValue] = [:]
        for type in [
            ResourceType.deployments, .services, .secrets, .configMaps, .serviceAccounts, .podDisruptionBudgets,
            .networkPolicies,
        ] {
            for object in self.server.objects(type, namespace: Self.namespace) {
                guard let owner = object["metadata"]?["ownerReferences"]?[0] else { continue }
                var child = object
                child["metadata"] = ["labels": object["metadata"]?["labels"] ?? .null, "owner": owner["name"] ?? .null]
                child["status"] = nil
                child["spec"]?["clusterIP"] = nil
                // The revisions of what was drawn at random.
                child["spec"]?["template"]?["metadata"] = nil
                if type == .secrets { child["data"] = .array((object["data"]?.object?.keys ?? []).map { .string($0) }) }
                children["\(type.kind)/\(object["metadata"]?["name"]?.string ?? "")"] = child
            }
        }
        return children
    }

    /// How often each object was created, events left out.
    var creations: [String: Int] {
        var creations: [String: Int] = [:]
        for answer in self.server.log where answer.request.verb == .create && answer.code == 201 {
            guard answer.request.resource != "events.events.k8s.io" else { continue }
            creations["\(answer.request.resource)/\(answer.name)", default: 0] += 1
        }
        return creations
    }

    /// What the operators wrote, events and leases left out.
    var answeredWrites: [SimulatedResponse] {
        self.server.log.filter { answer in
            answer.request.verb.isWrite
                && !["events.events.k8s.io", "leases.coordination.k8s.io"].contains(answer.request.resource)
        }
    }

    /// What the operator deleted.
    var deletions: [SimulatedRequest] {
        self.server.log.map(\.request).filter { $0.verb == .delete && $0.user == "operator" }
    }
}
