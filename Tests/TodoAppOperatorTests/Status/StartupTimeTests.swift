import JSON
import KubernetesAPI
import Testing
import TodoAppAPI

@testable import TodoAppOperator

@Suite("Start-up time")
struct StartupTimeTests {
    private func pod(_ name: String, scheduled: Int, ready: Int, restarts: Int = 0, isReady: Bool = true) throws -> Pod
    {
        func time(_ second: Int) -> JSONValue { .string(Timestamp.text(1_767_225_600 + Double(second))) }
        return try PodJSON.pod(
            name,
            containers: [PodJSON.container(["running": [:]], restarts: restarts, isReady: isReady)],
            conditions: [
                ["type": "PodScheduled", "status": "True", "lastTransitionTime": time(scheduled)],
                ["type": "Ready", "status": .string(isReady ? "True" : "False"), "lastTransitionTime": time(ready)],
            ]
        )
    }

    private func seconds(_ pods: [Pod], before: StartupTime? = nil) throws -> Int64? {
        ComponentStatus(
            of: ComponentObservation(
                name: .backend,
                image: "taskflow-backend:1.0.0",
                desired: 2,
                deployment: try DeploymentJSON().object(),
                replicaSets: [try DeploymentJSON.replicaSet("rs-current", revision: "4", hash: "current")],
                pods: pods,
                startup: before,
                url: ""
            ),
            PodDiagnosis.Circumstances(now: 1_767_229_200, isMinikube: false)
        )
        .startupSeconds
    }

    @Test("It is that of the pod that was ready first")
    func first() throws {
        let pods = [try self.pod("a", scheduled: 0, ready: 9), try self.pod("b", scheduled: 1, ready: 5)]
        #expect(try self.seconds(pods) == 4)
    }

    @Test("Pods that are not ready, were restarted, or lost their readiness since say nothing")
    func silent() throws {
        let pods = [
            try self.pod("a", scheduled: 0, ready: 3, isReady: false),
            try self.pod("b", scheduled: 0, ready: 30, restarts: 1),
            try self.pod("c", scheduled: 0, ready: 3000),
        ]
        #expect(try self.seconds(pods) == nil)
    }

    @Test("What was measured for a revision stays, and says nothing of another")
    func remembered() throws {
        let pods = [try self.pod("a", scheduled: 0, ready: 300)]
        #expect(try self.seconds(pods, before: StartupTime(revision: "current", seconds: 7)) == 7)
        #expect(try self.seconds(pods, before: StartupTime(revision: "older", seconds: 7)) == 300)
        #expect(try self.seconds([], before: StartupTime(revision: "current", seconds: 7)) == 7)
    }
}
