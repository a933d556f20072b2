import ControllerRuntime
import JSON
import KubernetesAPI
import KubernetesTesting
import Locks
import Testing
import TodoAppAPI

@testable import TodoAppOperator

/// An operator that sees a cluster in memory whenever it is told to look.
private struct Fixture {
    let cluster = InMemoryCluster()
    let world: World
    let time = ManualTime()
    let told = Locked<[String]>([])
    let reconciler: TodoAppReconciler
    static let key = ObjectKey(namespace: "todo-app", name: "taskflow")

    init(served: ServedAPIs = .everything) {
        self.world = World(served: served)
        let (told, random) = (self.told, Locked<UInt8>(6))
        self.reconciler = TodoAppReconciler(
            client: self.cluster.client,
            world: self.world,
            ledger: WriteLedger(time: self.time.source),
            time: self.time.source,
            surroundings: TodoAppReconciler.Surroundings(
                now: { 1_767_225_660 },
                randomBytes: { count in
                    let number = random.withLock { number in
                        number += 1
                        return number
                    }
                    return Array(repeating: number, count: count)
                },
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

    /// Another operator that sees the same cluster.
    func restarted() -> TodoAppReconciler {
        TodoAppReconciler(
            client: self.cluster.client,
            world: self.world,
            ledger: WriteLedger(time: self.time.source),
            time: self.time.source,
            surroundings: TodoAppReconciler.Surroundings(
                now: { 1_767_225_660 },
                randomBytes: { count in Array(repeating: 99, count: count) },
                operatorVersion: "1.2.3"
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
        "POST networkpolicies/taskflow-backend", "POST networkpolicies/taskflow-frontend",
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

    @Test("A status is judged on the answers to the writes of its own pass, and written with them")
    func statusAfterWrites() async throws {
        try await self.fixture.settle()
        self.fixture.app { $0["version"] = "1.0.1" }
        #expect(try await self.fixture.pass().contains("PATCH todoapps/taskflow/status"))
        #expect(self.fixture.status["observedGeneration"] == 2)
        #expect(self.fixture.verdict("Ready") == "False/RolloutInProgress")
        #expect(try await self.fixture.pass() == [])
    }

    @Test("A restart that is asked for replaces the pods once, is noted and told, and outlives its annotation")
    func restart() async throws {
        try await self.fixture.settle()
        _ = self.fixture.takeTold()
        let asked = "2026-01-01T00:00:00Z"
        self.fixture.annotate(ChildAnnotation.restartRequestedAt, asked)
        let writes = try await self.fixture.pass()
        #expect(writes.contains("PATCH deployments/taskflow-backend"))
        #expect(writes.contains("PATCH deployments/taskflow-frontend"))
        #expect(self.restartedAt == asked)
        try await self.fixture.settle()
        #expect(self.fixture.status["lastHandledRestartAt"]?.string == asked)
        #expect(self.fixture.takeTold().count { $0 == "Normal RestartRequested" } == 1)
        self.fixture.annotate(ChildAnnotation.restartRequestedAt, nil)
        #expect(try await self.fixture.pass() == [])
        #expect(self.restartedAt == asked)
        #expect(self.fixture.status["lastHandledRestartAt"]?.string == asked)
    }

    @Test("One component is restarted alone; what is no later time asks for nothing")
    func restartOfOne() async throws {
        try await self.fixture.settle()
        self.fixture.annotate(ChildAnnotation.restartRequestedAt(.backend), "2026-01-02T00:00:00Z")
        let writes = try await self.fixture.pass()
        #expect(writes.contains("PATCH deployments/taskflow-backend"))
        #expect(!writes.contains("PATCH deployments/taskflow-frontend"))
        try await self.fixture.settle()
        #expect(self.fixture.status["lastHandledRestartAt"] == "2026-01-02T00:00:00Z")
        for value in ["2026-01-01T00:00:00Z", "now"] {
            self.fixture.annotate(ChildAnnotation.restartRequestedAt(.backend), value)
            #expect(try await self.fixture.pass() == [])
        }
    }

    @Test("A TodoApp that is made with a restart asked for has nothing to restart")
    func restartAtCreation() async throws {
        self.fixture.annotate(ChildAnnotation.restartRequestedAt, "2026-01-01T00:00:00Z")
        try await self.fixture.settle()
        #expect(self.fixture.status["lastHandledRestartAt"] == "2026-01-01T00:00:00Z")
        #expect(!self.fixture.takeTold().contains("Normal RestartRequested"))
    }

    private var restartedAt: String? {
        self.fixture.cluster.object(.deployments, "taskflow-backend")?
            .at("spec.template.metadata.annotations")?[ChildAnnotation.restartedAt]?.string
    }

    @Test("A foreign edit of an owned field is put back")
    func drift() async throws {
        try await self.fixture.settle()
        self.fixture.cluster.put(.services, "taskflow-backend") { $0["spec"]?["selector"] = ["app": "elsewhere"] }
        #expect(try await self.fixture.pass().contains("PATCH services/taskflow-backend"))
        let service = self.fixture.cluster.object(.services, "taskflow-backend")
        #expect(service?["spec"]?["selector"]?["app"] == "taskflow-backend")
        #expect(self.fixture.takeTold().contains("Normal DriftCorrected"))
    }

    @Test("A rival that keeps at it is left ever longer turns, and named; one that gives up is forgotten")
    func driftFight() async throws {
        try await self.fixture.settle()
        func spoil() {
            self.fixture.cluster.put(.services, "taskflow-backend") { service in
                service["spec"]?["selector"] = ["app": "elsewhere"]
                service["metadata"]?["managedFields"] = [
                    ["manager": "todoapp-operator", "operation": "Apply"],
                    [
                        "manager": "rival", "operation": "Update",
                        "fieldsV1": ["f:spec": ["f:selector": ["f:app": [:]]]],
                    ],
                ]
            }
        }
        for _ in 0...DriftRecord.patience {
            spoil()
            #expect(try await self.fixture.pass().contains("PATCH services/taskflow-backend"))
        }
        spoil()
        #expect(try await !self.fixture.pass().contains("PATCH services/taskflow-backend"))
        #expect(self.fixture.verdict("ResourcesSynced") == "False/DriftFight")
        #expect(self.fixture.status["summary"]?.string?.contains("rival keeps changing spec.selector.app") == true)
        #expect(try await self.fixture.pass() == [])
        self.fixture.time.advance(by: DriftRecord.firstPause)
        #expect(try await self.fixture.pass().contains("PATCH services/taskflow-backend"))
        self.fixture.time.advance(by: DriftRecord.firstPause * 2 + DriftRecord.memory)
        _ = try await self.fixture.pass()
        #expect(self.fixture.verdict("ResourcesSynced") == "True/Applied")
    }

    @Test("Many changes of a Secret in a row are two rollouts: one at once, one for all that follow")
    func pace() async throws {
        try await self.fixture.settle()
        self.fixture.time.advance(by: ChildMemory.rest)
        var rollouts = 0
        for number in 0..<10 {
            self.fixture.cluster.put(.secrets, "taskflow-credentials") { secret in
                secret["data"]?["OPENAI_API_KEY"] = .string(Base64.encode(Array("key \(number)".utf8)))
            }
            let writes = try await self.fixture.pass(after: .milliseconds(100))
            rollouts += writes.contains("PATCH deployments/taskflow-backend") ? 1 : 0
        }
        #expect(rollouts == 1)
        self.fixture.time.advance(by: ChildMemory.rest)
        #expect(try await self.fixture.pass().contains("PATCH deployments/taskflow-backend"))
        let value = self.fixture.secretValue("OPENAI_API_KEY").flatMap(Base64.decode)
        #expect(value == Array("key 9".utf8))
    }

    @Test("A change of a source's metadata rolls nothing")
    func sourceMetadata() async throws {
        try await self.fixture.settle()
        self.fixture.time.advance(by: ChildMemory.rest)
        self.fixture.cluster.put(.secrets, "taskflow-credentials") { $0["metadata"]?["labels"] = ["team": "todo"] }
        #expect(try await self.fixture.pass().allSatisfy { !$0.contains("deployments/") })
    }

    @Test("The signing key is made anew once for each new value of the annotation, and its pods are rolled")
    func rotation() async throws {
        try await self.fixture.settle()
        #expect(self.fixture.takeTold().contains("Normal SecretGenerated"))
        let first = self.fixture.secretValue("BETTER_AUTH_SECRET")
        self.fixture.annotate([ChildAnnotation.rotateSigningKey: "one"])
        #expect(try await self.fixture.pass().contains("PATCH deployments/taskflow-backend"))
        let second = self.fixture.secretValue("BETTER_AUTH_SECRET")
        #expect(second != first)
        #expect(self.fixture.takeTold().contains("Normal SecretRotated"))
        try await self.fixture.settle()
        #expect(self.fixture.secretValue("BETTER_AUTH_SECRET") == second)
        self.fixture.annotate([:])
        try await self.fixture.settle()
        #expect(self.fixture.secretValue("BETTER_AUTH_SECRET") == second)
        #expect(!self.fixture.takeTold().contains("Normal SecretRotated"))
    }

    @Test("A Secret that is to be retained has no owner, and the next TodoApp of that name takes it over with its key")
    func retained() async throws {
        self.fixture.app { $0["secrets"]?["deletionPolicy"] = "Retain" }
        try await self.fixture.settle()
        let secret = self.fixture.cluster.object(.secrets, "taskflow-secrets")
        #expect(secret?.at("metadata.ownerReferences") == nil)
        let key = self.fixture.secretValue("BETTER_AUTH_SECRET")
        // The garbage collector takes what has an owner.
        for type in self.fixture.world.children.keys where type != .secrets {
            for name in ["taskflow", "taskflow-config", "taskflow-backend", "taskflow-frontend"] {
                self.fixture.cluster.remove(type, name)
            }
        }
        self.fixture.cluster.remove(TodoAppObject.resource, "taskflow")
        #expect(try await self.fixture.pass() == [])
        self.fixture.app { $0["version"] = "1.0.0" }
        self.fixture.cluster.put(TodoAppObject.resource, "taskflow") { $0["metadata"]?["uid"] = "another" }
        try await self.fixture.settle()
        #expect(self.fixture.secretValue("BETTER_AUTH_SECRET") == key)
        #expect(self.fixture.takeTold().contains("Normal ResourceAdopted"))
        let adopted = self.fixture.cluster.object(.secrets, "taskflow-secrets")
        #expect(adopted?.at("metadata.ownerReferences[0].uid") == "another")
        #expect(self.fixture.verdict("ResourcesSynced") == "True/Applied")
    }

    @Test("With BackendFirst the frontend's Deployment waits until the backend is rolled out")
    func backendFirst() async throws {
        self.fixture.app { $0["rollout"] = ["order": "BackendFirst"] }
        let first = try await self.fixture.pass()
        #expect(first.contains("POST deployments/taskflow-backend"))
        #expect(first.contains("POST services/taskflow-frontend"))
        #expect(!first.contains("POST deployments/taskflow-frontend"))
        self.fixture.finishRollouts()
        #expect(try await self.fixture.pass().contains("POST deployments/taskflow-frontend"))
        try await self.fixture.settle()
        self.fixture.app { $0["version"] = "1.0.1" }
        #expect(try await !self.fixture.pass().contains("PATCH deployments/taskflow-frontend"))
        self.fixture.failRollout(of: "taskflow-backend")
        #expect(try await !self.fixture.pass().contains("PATCH deployments/taskflow-frontend"))
        self.fixture.finishRollouts()
        #expect(try await self.fixture.pass().contains("PATCH deployments/taskflow-frontend"))
    }

    @Test(
        "A change that fails goes back to image and configuration of the last good spec, once, until the spec changes"
    )
    func rollback() async throws {
        self.fixture.app { $0["rollout"] = ["onFailure": "Rollback"] }
        try await self.fixture.settle()
        let good = self.fixture.cluster.object(.configMaps, "taskflow-config")?["data"]
        _ = self.fixture.takeTold()
        self.fixture.app { spec in
            spec["version"] = "9.9.9"
            spec["backend"] = ["env": ["LOG_LEVEL": "debug"]]
        }
        _ = try await self.fixture.pass()
        self.fixture.failRollout(of: "taskflow-backend")
        self.fixture.time.advance(by: ChildMemory.rest)
        #expect(try await self.fixture.pass().contains("PATCH deployments/taskflow-backend"))
        #expect(self.fixture.takeTold().contains("Warning RollbackStarted"))
        #expect(self.image(of: "taskflow-backend") == "taskflow-backend:1.0.0")
        #expect(
            self.fixture.cluster.object(.configMaps, "taskflow-config")?["data"]?["FRONTEND_URL"]
                == good?["FRONTEND_URL"]
        )
        self.fixture.finishRollouts()
        try await self.fixture.settle()
        #expect(self.fixture.verdict("ResourcesSynced") == "False/RolledBack")
        #expect(self.fixture.verdict("Stalled") == "True/RolledBack")
        #expect(self.fixture.verdict("Available") == "True/MinimumReplicasAvailable")
        #expect(self.fixture.takeTold().count { $0 == "Normal RollbackCompleted" } == 1)
        #expect(self.image(of: "taskflow-backend") == "taskflow-backend:1.0.0")
        self.fixture.app { $0["version"] = "1.0.2" }
        try await self.fixture.settle()
        #expect(self.image(of: "taskflow-backend") == "taskflow-backend:1.0.2")
        #expect(self.fixture.verdict("Ready") == "True/AllComponentsReady")
    }

    @Test("An embedded database feeds the app's Secret, with credentials that are made once")
    func database() async throws {
        self.fixture.app { spec in
            spec["environment"] = "Minikube"
            spec["database"] = ["embedded": [:]]
            spec["secrets"] = [
                "from": [["secretName": "taskflow-credentials", "keys": ["OPENAI_API_KEY": "OPENAI_API_KEY"]]]
            ]
        }
        let first = try await self.fixture.pass()
        for write in ["secrets", "persistentvolumeclaims", "services", "statefulsets"] {
            #expect(first.contains("POST \(write)/taskflow-postgres"))
        }
        try await self.fixture.settle()
        #expect(self.fixture.verdict("ResourcesSynced") == "False/DatabaseNotReady")
        self.fixture.cluster.put(.statefulSets, "taskflow-postgres") { $0["status"] = ["readyReplicas": 1] }
        try await self.fixture.settle()
        #expect(self.fixture.verdict("ResourcesSynced") == "True/Applied")
        let url = self.fixture.secretValue("DATABASE_URL").flatMap(Base64.decode)
        let text = String(decoding: url ?? [], as: UTF8.self)
        #expect(text.hasSuffix("@taskflow-postgres.todo-app.svc:5432/todo?ssl=require"))
        let secret = self.fixture.cluster.object(.secrets, "taskflow-postgres")?["data"]
        // Another process knows nothing but what is in the cluster.
        let restarted = self.fixture.restarted()
        try self.fixture.cluster.show(self.fixture.world)
        _ = await restarted.reconcile(Fixture.key)
        #expect(self.fixture.cluster.takeWrites() == [])
        #expect(self.fixture.cluster.object(.secrets, "taskflow-postgres")?["data"] == secret)
        self.fixture.app { $0["database"] = nil }
        let last = try await self.fixture.pass()
        #expect(last.contains("DELETE statefulsets/taskflow-postgres"))
        #expect(!last.contains("DELETE persistentvolumeclaims/taskflow-postgres"))
    }

    @Test("A child that lost label, owner and mark is known again by the API server's books, and is made whole")
    func strippedChild() async throws {
        try await self.fixture.settle()
        self.fixture.cluster.put(.configMaps, "taskflow-config") { config in
            config["metadata"]?["labels"] = nil
            config["metadata"]?["annotations"] = nil
            config["metadata"]?["ownerReferences"] = nil
        }
        #expect(try await self.fixture.pass().contains("PATCH configmaps/taskflow-config"))
        let config = self.fixture.cluster.object(.configMaps, "taskflow-config")
        #expect(config?.at("metadata.ownerReferences[0].kind") == "TodoApp")
        #expect(self.fixture.verdict("ResourcesSynced") == "True/Applied")
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

    @Test("Where an optional API is missing all else is made; when it appears the child follows without a restart")
    func optionalAPI() async throws {
        var served = ServedAPIs.everything
        served[.httpRoutes] = nil
        let fixture = Fixture(served: served)
        fixture.app { $0["exposure"] = ["type": "HTTPRoute", "gateway": ["name": "outside"]] }
        #expect(try await fixture.pass() == Self.coldStart)
        #expect(fixture.verdict("ResourcesSynced") == "False/OptionalAPIMissing")
        fixture.finishRollouts()
        _ = try await fixture.pass()
        #expect(fixture.verdict("Available") == "True/MinimumReplicasAvailable")
        fixture.cluster.serve(.httpRoutes)
        #expect(try await fixture.pass() == [], "the answer holds for a while")
        fixture.time.advance(by: APIDiscovery.patience)
        #expect(try await fixture.pass().contains("POST httproutes/taskflow-frontend"))
        _ = try await fixture.pass()
        #expect(fixture.verdict("Ready") == "True/AllComponentsReady")
        fixture.app { $0["exposure"] = nil }
        #expect(try await fixture.pass().contains("DELETE httproutes/taskflow-frontend"))
    }

    @Test("A suspended component comes back with as many pods as its autoscaler had given it")
    func suspension() async throws {
        self.fixture.app { $0["backend"] = ["autoscaling": ["minReplicas": 3, "maxReplicas": 9]] }
        func backend() -> JSONValue? { self.fixture.cluster.object(.deployments, "taskflow-backend") }
        #expect(try await self.fixture.pass().contains("POST horizontalpodautoscalers/taskflow-backend"))
        #expect(backend()?.at("spec.replicas") == 3)
        self.fixture.cluster.put(.deployments, "taskflow-backend") { $0["spec"]?["replicas"] = 5 }
        self.fixture.finishRollouts()
        #expect(try await self.fixture.pass() == ["PATCH todoapps/taskflow/status"])
        #expect(try await self.fixture.pass() == [])
        self.fixture.app { $0["suspended"] = true }
        #expect(try await self.fixture.pass().contains("DELETE horizontalpodautoscalers/taskflow-backend"))
        #expect(backend()?.at("spec.replicas") == 0)
        self.fixture.finishRollouts()
        try await self.fixture.settle()
        self.fixture.app { $0["suspended"] = false }
        #expect(try await self.fixture.pass().contains("POST horizontalpodautoscalers/taskflow-backend"))
        #expect(backend()?.at("spec.replicas") == 5)
    }

    @Test("While it is paused nothing is written but the status, which counts what waits")
    func paused() async throws {
        self.fixture.app { $0["paused"] = true }
        #expect(try await self.fixture.pass() == ["PATCH todoapps/taskflow/status"])
        #expect(self.fixture.verdict("Ready") == "False/Paused")
        #expect(try await self.fixture.pass() == [])
        self.fixture.app { $0["paused"] = false }
        #expect(try await self.fixture.pass() == Self.coldStart)
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
                "DELETE deployments/taskflow-frontend", "DELETE networkpolicies/taskflow-frontend",
                "DELETE poddisruptionbudgets/taskflow-frontend", "DELETE services/taskflow-frontend",
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

    @Test("What was written last is known before the watches tell of it")
    func ownWrites() async throws {
        try self.fixture.cluster.show(self.fixture.world)
        _ = await self.fixture.reconciler.reconcile(Fixture.key)
        _ = self.fixture.cluster.takeWrites()
        #expect(await self.fixture.reconciler.reconcile(Fixture.key) == .done)
        #expect(self.fixture.cluster.takeWrites() == [])
    }

    @Test("A change that the answer to the status write shows first is looked at at once: no watch will tell of it")
    func overtakenChange() async throws {
        try await self.fixture.settle()
        self.fixture.app { $0["version"] = "1.0.1" }
        try self.fixture.cluster.show(self.fixture.world)
        self.fixture.app { $0["version"] = "1.0.2" }
        #expect(await self.fixture.reconciler.reconcile(Fixture.key) == .requeue(after: .zero))
        _ = await self.fixture.reconciler.reconcile(Fixture.key)
        self.fixture.time.advance(by: ChildMemory.rest)
        _ = await self.fixture.reconciler.reconcile(Fixture.key)
        #expect(self.image(of: "taskflow-backend") == "taskflow-backend:1.0.2")
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
        self.fixture.finishRollouts()
        try await self.fixture.settle()
        #expect(self.fixture.verdict("Ready") == "True/AllComponentsReady")
    }

    @Test("The user is told of each thing once: what was made, that it rolls out, that it is done")
    func events() async throws {
        _ = try await self.fixture.pass()
        let first = self.fixture.takeTold()
        #expect(first.count { $0 == "Normal ResourceCreated" } == 1)
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
