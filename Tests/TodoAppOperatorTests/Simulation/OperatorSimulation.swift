import ControllerRuntime
import CoreMetrics
import JSON
import KubernetesAPI
import KubernetesClient
import KubernetesTesting
import Locks
import Logging
import ServiceLifecycle

@testable import TodoAppOperator

/// The whole operator on an API server in process, a hundred times as fast, with controllers and kubelets that are quick.
struct OperatorSimulation: Sendable {
    /// The operator's requests that can change anything but events: behind which of them a kill tells something.
    static let writes = FaultPlan.Pattern(FaultPlan.Pattern.writes.verbs, user: "operator")
    private static let namespace = "todo-app"

    let server: SimulatedAPIServer
    private let time = TimeSource.accelerated(by: 100)
    private let apps: [ObjectKey]

    /// Whether Deployments come to pods.
    private let rollsOut: Bool

    /// A cluster with so many TodoApps, which nobody has looked at yet.
    ///
    /// - Parameters:
    ///   - streams: Whether collections are streamed, as by an API server of today, or listed, as by an old one.
    ///   - rollsOut: Whether Deployments come to pods; without that nobody writes but the operator.
    init(apps count: Int = 1, streams: Bool = false, rollsOut: Bool = true) {
        self.rollsOut = rollsOut
        self.server = SimulatedAPIServer(
            SimulatedAPIServer.Options(
                resources: [SimulatedResource(TodoAppObject.resource)],
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
    /// - Returns: Whether it came to that in time.
    func runUntilReady() async -> Bool {
        await self.runUntilQuiet { self.apps.allSatisfy { self.isReady($0) } }
    }

    /// Runs the operator until each TodoApp has a status and nothing is written any more.
    func runUntilJudged() async -> Bool {
        await self.runUntilQuiet {
            self.apps.allSatisfy { self.server.object(TodoAppObject.resource, $0)?["status"]?["conditions"] != nil }
        }
    }

    private func runUntilQuiet(_ isDone: @escaping @Sendable () -> Bool) async -> Bool {
        let last = Locked((version: 0, since: ContinuousClock.now))
        return await self.run {
            let version = self.server.version
            let rest = last.withLock { last in
                if last.version != version { last = (version, ContinuousClock.now) }
                return ContinuousClock.now - last.since
            }
            // Ten seconds of the operator's.
            return rest > .milliseconds(100) && isDone()
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
            group.addTask {
                while !Task.isCancelled { await self.runOnce() }
                return nil
            }
            group.addTask {
                while !Task.isCancelled {
                    if self.rollsOut { self.finishRollouts() }
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
    private func runOnce() async {
        let connection = self.server.connect(as: "operator")
        let time = self.time
        let client = KubernetesClient(
            transport: connection,
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
            options: OperatorServices.Options(namespaces: [], workers: 4, instance: "test"),
            surroundings: TodoAppReconciler.Surroundings(
                now: { 1_767_225_660 },
                randomBytes: { count in
                    var random = SystemRandomNumberGenerator()
                    return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
                },
                operatorVersion: "1.2.3"
            ),
            leadership: .unneeded,
            metrics: NOOPMetricsHandler.instance,
            time: time,
            logger: Logger(label: "operator") { _ in SwiftLogNoOpLogHandler() }
        )
        await withTaskGroup(of: Void.self) { group in
            if let operatorServices {
                for service in operatorServices.services {
                    group.addTask { try? await service.run() }
                }
                group.addTask { await connection.waitUntilClosed() }
                _ = await group.next()
            }
            group.cancelAll()
        }
        await connection.close()
        // A process that ended is started again after a moment, as a kubelet does it.
        try? await time.sleep(.seconds(1))
    }

    // MARK: What there is

    private func isReady(_ key: ObjectKey) -> Bool {
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

    /// What the operator deleted.
    var deletions: [SimulatedRequest] {
        self.server.log.map(\.request).filter { $0.verb == .delete && $0.user == "operator" }
    }

    // MARK: Controllers and kubelets

    /// What the Deployment controller, the ReplicaSet controller and the kubelet make of the Deployments.
    private func finishRollouts() {
        for deployment in self.server.objects(.deployments, namespace: Self.namespace) {
            let generation = deployment["metadata"]?["generation"]
            guard deployment["status"]?["observedGeneration"] != generation else { continue }
            let name = deployment["metadata"]?["name"]?.string ?? ""
            let key = ObjectKey(namespace: Self.namespace, name: name)
            let labels = deployment["spec"]?["template"]?["metadata"]?["labels"] ?? [:]
            let replicas = deployment["spec"]?["replicas"]?.integer ?? 1
            let set = self.server.put(.replicaSets, key) { set in
                set["metadata"]?["labels"] = labels
                set["metadata"]?["annotations"] = ["deployment.kubernetes.io/revision": "1"]
                set["metadata"]?["ownerReferences"] = [Self.owner("Deployment", deployment)]
            }
            guard let set else { continue }
            for number in 0..<replicas {
                self.server.put(.pods, ObjectKey(namespace: Self.namespace, name: "\(name)-\(number)")) { pod in
                    pod["metadata"]?["labels"] = labels
                    pod["metadata"]?["ownerReferences"] = [Self.owner("ReplicaSet", set)]
                    pod["status"] = ["conditions": [["type": "Ready", "status": "True"]]]
                }
            }
            self.server.put(.deployments, key) { deployment in
                deployment["metadata"]?["annotations"]?["deployment.kubernetes.io/revision"] = "1"
                let count = JSONValue.integer(replicas)
                deployment["status"] = [
                    "observedGeneration": generation ?? 0, "replicas": count, "updatedReplicas": count,
                    "readyReplicas": count, "availableReplicas": count,
                    "conditions": [["type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable"]],
                ]
            }
        }
    }

    private static func owner(_ kind: String, _ object: JSONValue) -> JSONValue {
        [
            "apiVersion": "apps/v1", "kind": .string(kind), "name": object["metadata"]?["name"] ?? "",
            "uid": object["metadata"]?["uid"] ?? "", "controller": true,
        ]
    }
}
