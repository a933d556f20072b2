import ControllerRuntime
import JSON
import KubernetesAPI
import KubernetesTesting
import Locks
import Testing

@testable import TodoAppOperator

/// An operator that sees a cluster in memory whenever it is told to look.
private struct Fixture {
    let cluster = InMemoryCluster()
    let world = World(podDisruptionBudgets: .podDisruptionBudgets)
    let time = ManualTime()
    let told = Locked<[String]>([])
    let reconciler: TodoAppReconciler
    static let key = ObjectKey(namespace: "todo-app", name: "taskflow")

    init() {
        let told = self.told
        self.reconciler = TodoAppReconciler(
            client: self.cluster.client,
            world: self.world,
            ledger: WriteLedger(time: self.time.source),
            surroundings: TodoAppReconciler.Surroundings(
                now: { 1_767_225_660 },
                randomBytes: { count in Array(repeating: 7, count: count) },
                operatorVersion: "1.2.3",
                tell: { note in told.withLock { $0.append("\(note.kind.rawValue) \(note.reason)") } }
            )
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
    }

    /// Looks at the cluster, reconciles once, and gives what was written.
    func pass() async throws -> [String] {
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
        let condition = self.status["conditions"]?.array?.first { $0["type"]?.string == type }
        return "\(condition?["status"]?.string ?? "")/\(condition?["reason"]?.string ?? "")"
    }
}

@Suite("TodoAppReconciler")
struct TodoAppReconcilerTests {
    private let fixture = Fixture()

    private static let coldStart = [
        "PATCH todoapps/taskflow/status",
        "POST configmaps/taskflow-config",
        "POST deployments/taskflow-backend", "POST deployments/taskflow-frontend",
        "POST poddisruptionbudgets/taskflow-backend", "POST poddisruptionbudgets/taskflow-frontend",
        "POST secrets/taskflow-secrets",
        "POST serviceaccounts/taskflow",
        "POST services/taskflow-backend", "POST services/taskflow-frontend",
    ]

    @Test("A cold start is one write for each child and one for the status")
    func coldStart() async throws {
        #expect(try await self.fixture.pass() == Self.coldStart)
        #expect(self.fixture.verdict("Ready") == "Unknown/Pending")
        #expect(self.fixture.verdict("ResourcesSynced") == "True/Applied")
    }

    @Test("When everything runs the status says so, and then nothing is written any more")
    func steadyState() async throws {
        _ = try await self.fixture.pass()
        self.fixture.finishRollouts()
        #expect(try await self.fixture.pass() == ["PATCH todoapps/taskflow/status"])
        #expect(self.fixture.verdict("Ready") == "True/AllComponentsReady")
        #expect(self.fixture.status["components"]?["backend"]?["readyText"] == "2/2")
        for _ in 0..<3 {
            #expect(try await self.fixture.pass() == [])
        }
    }

    @Test("The node port is known before the configuration that names it, so there is one rollout and not two")
    func nodePortFirst() async throws {
        self.fixture.app { $0["environment"] = "Minikube" }
        let first = try await self.fixture.pass()
        #expect(
            first.filter { $0.contains("deployments/") } == [
                "POST deployments/taskflow-backend", "POST deployments/taskflow-frontend",
            ]
        )
        let port = try #require(
            self.fixture.cluster.object(.services, "taskflow-frontend")?["spec"]?["ports"]?[0]?["nodePort"]?.integer
        )
        let config = self.fixture.cluster.object(.configMaps, "taskflow-config")
        #expect(config?["data"]?["FRONTEND_URL"]?.string == "http://192.0.2.10:\(port)")
        self.fixture.finishRollouts()
        #expect(try await self.fixture.pass() == ["PATCH todoapps/taskflow/status"])
        #expect(try await self.fixture.pass() == [])
    }

    @Test("A new version is one apply to each Deployment, and its books are put right once")
    func newVersion() async throws {
        try await self.fixture.settle()
        self.fixture.app { $0["version"] = "1.0.1" }
        let writes = try await self.fixture.pass()
        #expect(Set(writes.filter { $0.contains("deployments/") }).count == 2)
        #expect(!writes.contains { $0.hasPrefix("POST") || $0.hasPrefix("DELETE") })
        #expect(self.image(of: "taskflow-backend") == "taskflow-backend:1.0.1")
        self.fixture.finishRollouts()
        try await self.fixture.settle()
        self.fixture.app { $0["version"] = "1.0.2" }
        let second = try await self.fixture.pass()
        #expect(
            second.filter { $0.contains("deployments/") } == [
                "PATCH deployments/taskflow-backend", "PATCH deployments/taskflow-frontend",
            ]
        )
    }

    private func image(of deployment: String) -> String? {
        self.fixture.cluster.object(.deployments, deployment)?
            .at("spec.template.spec.containers[0].image")?.string
    }

    @Test("A status is not judged on a world that is older than the writes of its own pass")
    func statusAfterWrites() async throws {
        try await self.fixture.settle()
        self.fixture.app { $0["version"] = "1.0.1" }
        #expect(try await self.fixture.pass().contains("PATCH todoapps/taskflow/status") == false)
        #expect(self.fixture.status["observedGeneration"] == 1)
        self.fixture.cluster.put(.deployments, "taskflow-backend") { $0["metadata"]?["generation"] = 2 }
        #expect(try await self.fixture.pass() == ["PATCH todoapps/taskflow/status"])
        #expect(self.fixture.status["observedGeneration"] == 2)
        #expect(self.fixture.verdict("Ready") == "False/RolloutInProgress")
    }

    @Test("A foreign edit of an owned field is put back")
    func drift() async throws {
        try await self.fixture.settle()
        self.fixture.cluster.put(.services, "taskflow-backend") { $0["spec"]?["selector"] = ["app": "elsewhere"] }
        #expect(try await self.fixture.pass().contains("PATCH services/taskflow-backend"))
        let service = self.fixture.cluster.object(.services, "taskflow-backend")
        #expect(service?["spec"]?["selector"]?["app"] == "taskflow-backend")
    }

    @Test("A child that was deleted is made again")
    func deletedChild() async throws {
        try await self.fixture.settle()
        self.fixture.cluster.remove(.configMaps, "taskflow-config")
        #expect(try await self.fixture.pass().contains("POST configmaps/taskflow-config"))
    }

    @Test("A stranger of a child's name is left as it is, and named; all else is made")
    func stranger() async throws {
        self.fixture.cluster.put(.deployments, "taskflow-backend") { $0["spec"] = ["replicas": 1] }
        let stranger = self.fixture.cluster.object(.deployments, "taskflow-backend")
        let writes = try await self.fixture.pass()
        #expect(writes == Self.coldStart)
        #expect(self.fixture.cluster.object(.deployments, "taskflow-backend") == stranger)
        #expect(self.fixture.verdict("ResourcesSynced") == "False/OwnershipConflict")
        #expect(self.fixture.verdict("Stalled") == "True/OwnershipConflict")
        #expect(self.fixture.cluster.object(.deployments, "taskflow-frontend") != nil)
    }

    @Test("A stranger that may be taken over is")
    func adoption() async throws {
        self.fixture.cluster.put(.configMaps, "taskflow-config") { config in
            config["metadata"]?["annotations"] = [ChildAnnotation.adopt: "true"]
            config["data"] = ["OTHER": "x"]
        }
        #expect(try await self.fixture.pass().contains("PATCH configmaps/taskflow-config"))
        let config = self.fixture.cluster.object(.configMaps, "taskflow-config")
        #expect(config.flatMap { try? DynamicObject(json: $0) }?.metadata.controller?.kind == "TodoApp")
        #expect(self.fixture.verdict("ResourcesSynced") == "True/Applied")
    }

    @Test("While it is paused nothing is written but the status, which counts what waits")
    func paused() async throws {
        self.fixture.app { $0["paused"] = true }
        #expect(try await self.fixture.pass() == ["PATCH todoapps/taskflow/status"])
        #expect(self.fixture.verdict("Ready") == "False/Paused")
        #expect(try await self.fixture.pass() == [])
        self.fixture.app { $0["paused"] = false }
        #expect(try await self.fixture.pass() == Self.coldStart.filter { $0.hasPrefix("POST") })
    }

    @Test("An invalid spec changes nothing that runs, and is named by its field")
    func invalidSpec() async throws {
        try await self.fixture.settle()
        let components = self.fixture.status["components"]
        self.fixture.app { $0["version"] = "latest" }
        #expect(try await self.fixture.pass() == ["PATCH todoapps/taskflow/status"])
        #expect(self.fixture.verdict("Stalled") == "True/InvalidSpec")
        #expect(self.fixture.status["components"] == components)
        #expect(self.fixture.status["observedGeneration"] == 2)
        #expect(self.fixture.status["summary"]?.string?.contains("version") == true)
        #expect(try await self.fixture.pass() == [])
    }

    @Test("A component that is no longer wanted is taken away; Secret and ConfigMap stay")
    func prune() async throws {
        try await self.fixture.settle()
        self.fixture.app { $0["frontend"] = nil }
        let deletions = try await self.fixture.pass().filter { $0.hasPrefix("DELETE") }
        #expect(
            deletions == [
                "DELETE deployments/taskflow-frontend", "DELETE poddisruptionbudgets/taskflow-frontend",
                "DELETE services/taskflow-frontend",
            ]
        )
        #expect(self.fixture.cluster.object(.secrets, "taskflow-secrets") != nil)
    }

    @Test("A component whose Secret is incomplete is not made; the other one is, and the key is named")
    func missingKey() async throws {
        self.fixture.cluster.put(.secrets, "taskflow-credentials") { $0["data"]?["OPENAI_API_KEY"] = nil }
        let writes = try await self.fixture.pass()
        #expect(!writes.contains("POST deployments/taskflow-backend"))
        #expect(writes.contains("POST deployments/taskflow-frontend"))
        #expect(self.fixture.verdict("ResourcesSynced") == "False/ReferencedKeyNotFound")
        #expect(self.fixture.status["summary"]?.string?.contains("OPENAI_API_KEY") == true)
        self.fixture.cluster.put(.secrets, "taskflow-credentials") { secret in
            secret["data"]?["OPENAI_API_KEY"] = .string(Base64.encode(Array("s3cret-key".utf8)))
        }
        #expect(try await self.fixture.pass().contains("POST deployments/taskflow-backend"))
        _ = try await self.fixture.pass()
        #expect(self.fixture.verdict("ResourcesSynced") == "True/Applied")
    }

    @Test("A Secret that does not exist is named")
    func missingSecret() async throws {
        self.fixture.cluster.remove(.secrets, "taskflow-credentials")
        _ = try await self.fixture.pass()
        #expect(self.fixture.verdict("ResourcesSynced") == "False/ReferencedSecretNotFound")
        #expect(self.fixture.status["summary"]?.string?.contains("taskflow-credentials") == true)
    }

    @Test("The signing key that was generated is never made anew")
    func generatedKey() async throws {
        try await self.fixture.settle()
        let key = self.fixture.cluster.object(.secrets, "taskflow-secrets")?["data"]?["BETTER_AUTH_SECRET"]
        #expect(key != nil)
        self.fixture.cluster.put(.secrets, "taskflow-credentials") { secret in
            secret["data"]?["OPENAI_API_KEY"] = .string(Base64.encode(Array("another".utf8)))
        }
        let writes = try await self.fixture.pass()
        #expect(writes.contains("PATCH secrets/taskflow-secrets"))
        #expect(writes.contains("PATCH deployments/taskflow-backend"))
        #expect(!writes.contains("PATCH deployments/taskflow-frontend"))
        #expect(self.fixture.cluster.object(.secrets, "taskflow-secrets")?["data"]?["BETTER_AUTH_SECRET"] == key)
    }

    @Test("No value of a Secret is in the status or anywhere but in the Secret")
    func secrecy() async throws {
        try await self.fixture.settle()
        var texts = [self.fixture.status.text()]
        texts += [.deployments, .services].compactMap { (type: ResourceType) in
            self.fixture.cluster.object(type, "taskflow-backend")?.text()
        }
        texts += [self.fixture.cluster.object(.configMaps, "taskflow-config")?.text()].compactMap { $0 }
        #expect(texts.count == 4)
        #expect(texts.allSatisfy { !$0.contains("s3cret") })
    }

    @Test("What was written last is waited for before anything is decided anew")
    func ownWrites() async throws {
        try self.fixture.cluster.show(self.fixture.world)
        _ = await self.fixture.reconciler.reconcile(Fixture.key)
        _ = self.fixture.cluster.takeWrites()
        #expect(await self.fixture.reconciler.reconcile(Fixture.key) == .requeue(after: .seconds(5)))
        #expect(self.fixture.cluster.takeWrites() == [])
    }

    @Test("A TodoApp on its way out has its status written and nothing else; one that is gone nothing at all")
    func deletion() async throws {
        try await self.fixture.settle()
        self.fixture.cluster.put(TodoAppObject.resource, "taskflow") { app in
            app["metadata"]?["deletionTimestamp"] = "2026-01-01T00:00:00Z"
        }
        #expect(try await self.fixture.pass() == ["PATCH todoapps/taskflow/status"])
        #expect(self.fixture.verdict("Ready") == "False/Deleting")
        self.fixture.cluster.remove(TodoAppObject.resource, "taskflow")
        #expect(try await self.fixture.pass() == [])
    }

    @Test("A fixed node port that somebody else has is no failure: another one is taken, once")
    func takenNodePort() async throws {
        self.fixture.app { spec in
            spec["environment"] = "Minikube"
            spec["frontend"] = ["service": ["nodePort": 30_080]]
        }
        self.fixture.cluster.put(.services, "rival") { service in
            service["spec"] = ["type": "NodePort", "ports": [["port": 80, "nodePort": 30_080]]]
        }
        _ = try await self.fixture.pass()
        let service = try #require(self.fixture.cluster.object(.services, "taskflow-frontend"))
        #expect(service["spec"]?["ports"]?[0]?["nodePort"] != 30_080)
        #expect(service["metadata"]?["annotations"]?[ChildAnnotation.nodePortTaken] == "30080")
        #expect(self.fixture.verdict("ResourcesSynced") == "True/Applied")
        try await self.fixture.settle()
        #expect(self.fixture.verdict("Ready") == "True/AllComponentsReady")
    }

    @Test("The user is told of each thing once: what was made, that it rolls out, that it is done")
    func events() async throws {
        _ = try await self.fixture.pass()
        let first = self.fixture.takeTold()
        #expect(first.count { $0 == "Normal ResourceCreated" } == Self.coldStart.count - 1)
        #expect(first.last == "Normal RolloutStarted")
        self.fixture.finishRollouts()
        _ = try await self.fixture.pass()
        #expect(self.fixture.takeTold() == ["Normal RolloutCompleted"])
        _ = try await self.fixture.pass()
        #expect(self.fixture.takeTold() == [])
        self.fixture.app { $0["version"] = "latest" }
        _ = try await self.fixture.pass()
        #expect(self.fixture.takeTold() == ["Warning InvalidSpec"])
    }
}
