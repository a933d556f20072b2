import ControllerRuntime
import JSON
import KubernetesAPI
import KubernetesTesting
import Locks
import Testing
import TodoAppAPI

@testable import TodoAppOperator

/// An operator that sees a cluster in memory whenever it is told to look.
struct ReconcilerFixture {
    let cluster = InMemoryCluster()
    let world: World
    let time = ManualTime()
    let told = Locked<[String]>([])
    let reconciler: TodoAppReconciler
    static let key = ObjectKey(namespace: "todo-app", name: "taskflow")

    init(served: ServedAPIs = .everything) {
        self.world = World(served: served)
        let (told, random) = (self.told, Locked<UInt8>(6))
        self.reconciler = Self.reconciler(
            of: self.cluster,
            self.world,
            self.time,
            randomBytes: { count in
                let number = random.withLock { number in
                    number += 1
                    return number
                }
                return Array(repeating: number, count: count)
            },
            tell: { note in told.withLock { $0.append("\(note.kind.rawValue) \(note.reason)") } }
        )
        self.cluster.put(.nodes, "node-1") { node in
            node["status"] = ["addresses": [["type": "InternalIP", "address": "192.0.2.10"]]]
        }
        self.cluster.put(.secrets, "taskflow-credentials") { secret in
            secret["data"] = [
                "DATABASE_URL": .string(
                    Base64.encode(Array("postgresql://u:s3cret@db.example.com/todo?ssl=require".utf8))
                ),
                "OPENAI_API_KEY": .string(Base64.encode(Array("s3cret-key".utf8))),
            ]
        }
        self.app { $0["environment"] = "Production" }
    }

    /// Another operator that sees the same cluster.
    func restarted() -> TodoAppReconciler {
        Self.reconciler(of: self.cluster, self.world, self.time, randomBytes: { Array(repeating: 99, count: $0) })
    }

    private static func reconciler(
        of cluster: InMemoryCluster,
        _ world: World,
        _ time: ManualTime,
        randomBytes: @escaping @Sendable (Int) -> [UInt8],
        tell: @escaping @Sendable (EventNote) -> Void = { _ in }
    ) -> TodoAppReconciler {
        TodoAppReconciler(
            client: cluster.client,
            world: world,
            ledger: WriteLedger(time: time.source),
            time: time.source,
            surroundings: TodoAppReconciler.Surroundings(
                now: { 1_767_225_660 },
                randomBytes: randomBytes,
                operatorVersion: "1.2.3",
                tell: tell
            )
        )
    }

    /// Changes the TodoApp's spec, as its user would.
    func app(_ change: (inout JSONValue) -> Void) {
        self.cluster.put(TodoAppObject.resource, "taskflow") { app in
            var spec: JSONValue =
                app["spec"] ?? [
                    "version": "1.0.0", "backend": [:], "frontend": [:],
                    "secrets": ["from": [["secretName": "taskflow-credentials"]]],
                ]
            change(&spec)
            app["spec"] = spec
            let generation = app["metadata"]?["generation"]?.integer ?? 0
            app["metadata"]?["generation"] = .integer(generation + 1)
        }
        // Users are slower than the pace at which Deployments are changed.
        self.time.advance(by: ChildMemory.rest)
    }

    /// Annotates the TodoApp, as its user would.
    func annotate(_ annotations: [String: String]) {
        self.cluster.put(TodoAppObject.resource, "taskflow") { app in
            app["metadata"]?["annotations"] = JSONValue(annotations)
        }
        self.time.advance(by: ChildMemory.rest)
    }

    /// A value of the app's own Secret.
    func secretValue(_ key: String) -> String? {
        self.cluster.object(.secrets, "taskflow-secrets")?["data"]?[key]?.string
    }

    /// Annotates the TodoApp, as its user would.
    func annotate(_ name: String, _ value: String?) {
        self.cluster.put(TodoAppObject.resource, "taskflow") { app in
            var annotations = app["metadata"]?["annotations"] ?? [:]
            annotations[name] = value.map { .string($0) }
            app["metadata"]?["annotations"] = annotations
        }
        self.time.advance(by: ChildMemory.rest)
    }

    /// Looks at the cluster, reconciles once, and gives what was written.
    ///
    /// As a rule no two passes are within the second in which a status is written once.
    func pass(after pause: Duration = .seconds(1)) async throws -> [String] {
        self.time.advance(by: pause)
        try self.cluster.show(self.world)
        _ = await self.reconciler.reconcile(Self.key)
        return self.cluster.takeWrites()
    }

    /// What the Deployment controller, the ReplicaSet controller and the kubelet make of the Deployments.
    func finishRollouts() {
        for name in ["taskflow-backend", "taskflow-frontend"] {
            guard let deployment = self.cluster.object(.deployments, name) else { continue }
            let replicas = deployment["spec"]?["replicas"]?.integer ?? 1
            let labels = deployment["metadata"]?["labels"] ?? [:]
            self.cluster.put(.deployments, name) { deployment in
                deployment["metadata"]?["annotations"]?["deployment.kubernetes.io/revision"] = "1"
                let count = JSONValue.integer(replicas)
                deployment["status"] = [
                    "observedGeneration": deployment["metadata"]?["generation"] ?? 1,
                    "replicas": count, "updatedReplicas": count, "readyReplicas": count, "availableReplicas": count,
                    "conditions": [["type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable"]],
                ]
            }
            let owner = deployment["metadata"]?["uid"] ?? .null
            self.cluster.put(.replicaSets, name) { set in
                set["metadata"]?["labels"] = labels
                set["metadata"]?["annotations"] = ["deployment.kubernetes.io/revision": "1"]
                set["metadata"]?["ownerReferences"] = [["kind": "Deployment", "uid": owner, "controller": true]]
            }
            for number in 0..<replicas {
                self.cluster.put(.pods, "\(name)-\(number)") { pod in
                    pod["metadata"]?["labels"] = labels
                    pod["metadata"]?["ownerReferences"] = [
                        ["kind": "ReplicaSet", "uid": .string("uid-replicasets-\(name)"), "controller": true]
                    ]
                    pod["status"] = ["conditions": [["type": "Ready", "status": "True"]]]
                }
            }
        }
    }

    /// What the Deployment controller says when the pods of a new template do not get ready in time.
    func failRollout(of name: String) {
        self.cluster.put(.deployments, name) { deployment in
            deployment["status"] = [
                "observedGeneration": deployment["metadata"]?["generation"] ?? 1, "replicas": 3, "updatedReplicas": 1,
                "readyReplicas": 2, "availableReplicas": 2,
                "conditions": [["type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"]],
            ]
        }
    }

    /// What the user was told since the last time.
    func takeTold() -> [String] {
        self.told.withLock { told in
            defer { told = [] }
            return told
        }
    }

    /// Reconciles until nothing is written any more.
    func settle() async throws {
        for _ in 0..<5 {
            guard try await self.pass().isEmpty else {
                self.finishRollouts()
                continue
            }
            return
        }
        Issue.record("it does not come to rest")
    }

    var status: JSONValue {
        self.cluster.object(TodoAppObject.resource, "taskflow")?["status"] ?? .null
    }

    /// `Status/Reason` of a condition in the status that was written.
    func verdict(_ type: String) -> String {
        let condition = self.condition(type)
        return "\(condition?["status"]?.string ?? "")/\(condition?["reason"]?.string ?? "")"
    }

    /// What a condition in the status that was written says to people.
    func message(_ type: String) -> String {
        self.condition(type)?["message"]?.string ?? ""
    }

    private func condition(_ type: String) -> JSONValue? {
        self.status["conditions"]?.array?.first { $0["type"]?.string == type }
    }

    /// The image of a Deployment.
    func image(of deployment: String) -> String? {
        self.cluster.object(.deployments, deployment)?
            .at("spec.template.spec.containers[0].image")?.string
    }

    /// The writes of a cold start.
    static let coldStart = [
        "PATCH todoapps/taskflow/status",
        "POST configmaps/taskflow-config",
        "POST deployments/taskflow-backend", "POST deployments/taskflow-frontend",
        "POST networkpolicies/taskflow-backend", "POST networkpolicies/taskflow-frontend",
        "POST poddisruptionbudgets/taskflow-backend", "POST poddisruptionbudgets/taskflow-frontend",
        "POST secrets/taskflow-secrets",
        "POST serviceaccounts/taskflow",
        "POST services/taskflow-backend", "POST services/taskflow-frontend",
    ]
}
