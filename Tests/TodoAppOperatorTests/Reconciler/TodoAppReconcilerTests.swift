import ControllerRuntime
import JSON
import KubernetesAPI
import KubernetesTesting
import Locks
import Testing
import TodoAppAPI

@testable import TodoAppOperator

@Suite("TodoAppReconciler")
struct TodoAppReconcilerTests {
    private let fixture = ReconcilerFixture()

    @Test("A cold start is one write for each child and one for the status")
    func coldStart() async throws {
        #expect(try await self.fixture.pass() == ReconcilerFixture.coldStart)
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

    @Test("A status is judged on the answers to the writes of its own pass, and written with them")
    func statusAfterWrites() async throws {
        try await self.fixture.settle()
        self.fixture.app { $0["version"] = "1.0.1" }
        #expect(try await self.fixture.pass().contains("PATCH todoapps/taskflow/status"))
        #expect(self.fixture.status["observedGeneration"] == 2)
        #expect(self.fixture.verdict("Ready") == "False/RolloutInProgress")
        #expect(try await self.fixture.pass() == [])
    }

    @Test("While it is paused nothing is written but the status, which counts what waits")
    func paused() async throws {
        self.fixture.app { $0["paused"] = true }
        #expect(try await self.fixture.pass() == ["PATCH todoapps/taskflow/status"])
        #expect(self.fixture.verdict("Ready") == "False/Paused")
        #expect(try await self.fixture.pass() == [])
        self.fixture.app { $0["paused"] = false }
        #expect(try await self.fixture.pass() == ReconcilerFixture.coldStart)
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

    @Test("What was written last is known before the watches tell of it")
    func ownWrites() async throws {
        try self.fixture.cluster.show(self.fixture.world)
        _ = await self.fixture.reconciler.reconcile(ReconcilerFixture.key)
        _ = self.fixture.cluster.takeWrites()
        #expect(await self.fixture.reconciler.reconcile(ReconcilerFixture.key) == .done)
        #expect(self.fixture.cluster.takeWrites() == [])
    }

    @Test("A change that the answer to the status write shows first is looked at at once: no watch will tell of it")
    func overtakenChange() async throws {
        try await self.fixture.settle()
        self.fixture.app { $0["version"] = "1.0.1" }
        try self.fixture.cluster.show(self.fixture.world)
        self.fixture.app { $0["version"] = "1.0.2" }
        #expect(await self.fixture.reconciler.reconcile(ReconcilerFixture.key) == .requeue(after: .zero))
        _ = await self.fixture.reconciler.reconcile(ReconcilerFixture.key)
        self.fixture.time.advance(by: ChildMemory.rest)
        _ = await self.fixture.reconciler.reconcile(ReconcilerFixture.key)
        #expect(self.fixture.image(of: "taskflow-backend") == "taskflow-backend:1.0.2")
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
}
