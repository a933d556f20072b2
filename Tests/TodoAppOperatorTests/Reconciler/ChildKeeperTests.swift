import ControllerRuntime
import JSON
import KubernetesAPI
import KubernetesTesting
import Locks
import Testing
import TodoAppAPI

@testable import TodoAppOperator

@Suite("ChildKeeper")
struct ChildKeeperTests {
    private let fixture = ReconcilerFixture()

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
        #expect(self.fixture.image(of: "taskflow-backend") == "taskflow-backend:1.0.1")
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
        #expect(writes == ReconcilerFixture.coldStart)
        #expect(self.fixture.cluster.object(.deployments, "taskflow-backend") == stranger)
        #expect(self.fixture.verdict("ResourcesSynced") == "False/OwnershipConflict")
        #expect(self.fixture.verdict("Stalled") == "True/OwnershipConflict")
        #expect(self.fixture.cluster.object(.deployments, "taskflow-frontend") != nil)
    }

    @Test("A child that changes hands between the look at it and the write stays as its new owner made it")
    func changesHands() async throws {
        try await self.fixture.settle()
        let cluster = self.fixture.cluster
        cluster.put(.services, "taskflow-backend") { $0["spec"]?["selector"] = ["app": "elsewhere"] }
        cluster.before("PATCH services/taskflow-backend") {
            cluster.remove(.services, "taskflow-backend")
            cluster.put(.services, "taskflow-backend") { $0["spec"] = ["selector": ["app": "theirs"]] }
        }
        #expect(try await self.fixture.pass().contains("PATCH services/taskflow-backend"))
        let service = cluster.object(.services, "taskflow-backend")
        #expect(service?["spec"] == ["selector": ["app": "theirs"]])
        _ = try await self.fixture.pass()
        #expect(cluster.object(.services, "taskflow-backend") == service)
        #expect(self.fixture.verdict("ResourcesSynced") == "False/OwnershipConflict")
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
        let fixture = ReconcilerFixture(served: served)
        fixture.app { $0["exposure"] = ["type": "HTTPRoute", "gateway": ["name": "outside"]] }
        #expect(try await fixture.pass() == ReconcilerFixture.coldStart)
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
        #expect(self.fixture.image(of: "taskflow-backend") == "taskflow-backend:1.0.0")
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
        #expect(self.fixture.image(of: "taskflow-backend") == "taskflow-backend:1.0.0")
        self.fixture.app { $0["version"] = "1.0.2" }
        try await self.fixture.settle()
        #expect(self.fixture.image(of: "taskflow-backend") == "taskflow-backend:1.0.2")
        #expect(self.fixture.verdict("Ready") == "True/AllComponentsReady")
    }
}
