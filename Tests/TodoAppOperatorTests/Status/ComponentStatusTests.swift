import JSON
import KubernetesAPI
import Testing
import TodoAppAPI
import TodoAppOperator

@Suite("ComponentStatus")
struct ComponentStatusTests {
    private let component: EffectiveComponent

    init() throws {
        self.component = try #require(Sample.taskflow.app(in: .production)[.backend])
    }

    private func status(
        _ deployment: DeploymentJSON?,
        pods: [Pod] = [],
        former: ComponentStatus? = nil
    ) throws -> ComponentStatus {
        ComponentStatus(
            of: ComponentObservation(
                name: .backend,
                image: self.component.image,
                desired: Int64(self.component.replicas.minimum),
                deployment: try deployment?.object(),
                replicaSets: [
                    try DeploymentJSON.replicaSet("rs-old", revision: "3", hash: "old"),
                    try DeploymentJSON.replicaSet("rs-current", revision: "4", hash: "current"),
                ],
                pods: pods,
                former: former?.json,
                url: "http://taskflow-backend.todo-app.svc:8000"
            ),
            PodDiagnosis.Circumstances(now: 1_767_225_660, isMinikube: false)
        )
    }

    private var readyPods: [Pod] {
        get throws { [try PodJSON.ready("a", restarts: 1), try PodJSON.ready("b", restarts: 2)] }
    }

    @Test("Without a Deployment it is pending, and says how many pods are wanted")
    func pending() throws {
        let status = try self.status(nil)
        #expect(status.progress == .pending)
        #expect(status.readyText == "0/2")
        #expect(status.image == "taskflow-backend:1.0.0")
        #expect(status.revision.isEmpty && status.imageID.isEmpty)
        #expect(!status.isServing)
    }

    @Test("When every pod is of the current revision and available it is complete")
    func complete() throws {
        let status = try self.status(DeploymentJSON(), pods: self.readyPods)
        #expect(status.progress == .complete)
        #expect(status.readyText == "2/2")
        #expect(status.isServing)
        #expect(status.revision == "current")
        #expect(status.imageID == "sha256:abc")
        #expect(status.restarts == 3)
        #expect(status.failures == [])
    }

    @Test("Figures for an older generation count for nothing")
    func staleGeneration() throws {
        var deployment = DeploymentJSON()
        deployment.generation = 4
        #expect(try self.status(deployment, pods: self.readyPods).progress == .pending)
    }

    @Test("While pods of two revisions are there it is a rollout, also when all that are wanted are ready")
    func rollingOut() throws {
        var deployment = DeploymentJSON()
        deployment.updated = 1
        #expect(try self.status(deployment, pods: self.readyPods).progress == .rollingOut)
        deployment.updated = 2
        deployment.replicas = 3
        #expect(try self.status(deployment, pods: self.readyPods).progress == .rollingOut)
    }

    @Test("The first rollout is one until the Deployment controller says that it is over")
    func firstRollout() throws {
        var deployment = DeploymentJSON()
        deployment.progressing = "ReplicaSetUpdated"
        deployment.available = 1
        #expect(try self.status(deployment, pods: self.readyPods).progress == .rollingOut)
    }

    @Test("Pods that go missing after a rollout are no rollout")
    func degraded() throws {
        var deployment = DeploymentJSON()
        deployment.ready = 1
        deployment.available = 1
        let status = try self.status(deployment, pods: [PodJSON.ready("a")])
        #expect(status.progress == .degraded)
        #expect(status.isServing)
    }

    @Test("Where pods and Deployment disagree, the worse one counts")
    func disagreement() throws {
        let podsBehind = try self.status(DeploymentJSON(), pods: [PodJSON.ready("a")])
        #expect(podsBehind.ready == 1 && podsBehind.available == 1)
        #expect(podsBehind.progress == .degraded)
        var deployment = DeploymentJSON()
        deployment.ready = 0
        deployment.available = 0
        let deploymentBehind = try self.status(deployment, pods: self.readyPods)
        #expect(deploymentBehind.ready == 0)
        #expect(!deploymentBehind.isServing)
    }

    @Test("At the end of a rollout a Deployment that is ahead of its pods' news is no trouble; later on it is")
    func ahead() throws {
        var deployment = DeploymentJSON()
        deployment.progressing = "ReplicaSetUpdated"
        deployment.available = 1
        let rolling = try self.status(deployment, pods: [PodJSON.ready("a")])
        #expect(try self.status(DeploymentJSON(), pods: [PodJSON.ready("a")], former: rolling).progress == .rollingOut)
        let complete = try self.status(DeploymentJSON(), pods: self.readyPods, former: rolling)
        #expect(complete.progress == .complete)
        #expect(try self.status(DeploymentJSON(), pods: [PodJSON.ready("a")], former: complete).progress == .degraded)
    }

    @Test("A pod on its way out counts for nothing")
    func leaving() throws {
        let leaving = try PodJSON.pod(
            "b",
            containers: [PodJSON.container(["running": [:]], restarts: 9, isReady: true)],
            conditions: [["type": "Ready", "status": "True"]],
            isBeingDeleted: true
        )
        let status = try self.status(DeploymentJSON(), pods: [PodJSON.ready("a"), leaving])
        #expect(status.ready == 1)
        #expect(status.restarts == 0)
    }

    @Test("Scaled to zero is complete and does not serve")
    func zero() throws {
        var deployment = DeploymentJSON()
        (deployment.desired, deployment.replicas, deployment.updated) = (0, 0, 0)
        (deployment.ready, deployment.available) = (0, 0)
        let status = try self.status(deployment)
        #expect(status.progress == .complete)
        #expect(status.readyText == "0/0")
        #expect(!status.isServing)
    }

    @Test("A failure of the current revision leads, however grave one of the old revision is")
    func leadingFailure() throws {
        var deployment = DeploymentJSON()
        deployment.updated = 1
        let status = try self.status(
            deployment,
            pods: [
                PodJSON.waiting("old", of: "rs-old", reason: "InvalidImageName"),
                PodJSON.waiting("new", reason: "CrashLoopBackOff"),
            ]
        )
        #expect(status.failures.map(\.pod) == ["new", "old"])
        #expect(status.leadingFailure?.reason == .crashLoopBackOff)
    }

    @Test("Where only the old revision fails nothing leads")
    func oldFailure() throws {
        let status = try self.status(
            DeploymentJSON(),
            pods: self.readyPods + [PodJSON.waiting("old", of: "rs-old", reason: "ErrImagePull")]
        )
        #expect(status.failures.count == 1)
        #expect(status.leadingFailure == nil)
    }

    @Test("What is left of a pod that was thrown out counts until another one serves in its place")
    func evicted() throws {
        let evicted = try PodJSON.pod("gone", reason: "Evicted", message: "low on memory", phase: "Failed")
        var deployment = DeploymentJSON()
        (deployment.ready, deployment.available) = (1, 1)
        let short = try self.status(deployment, pods: [PodJSON.ready("a"), evicted])
        #expect(short.failures.map(\.reason) == [.podEvicted])
        #expect(try self.status(DeploymentJSON(), pods: self.readyPods + [evicted]).failures == [])
    }

    @Test("Why an image cannot be pulled is told on while the kubelet only says that it will try again")
    func pullBackOff() throws {
        var deployment = DeploymentJSON()
        (deployment.ready, deployment.available) = (0, 0)
        func pod(_ reason: String, _ message: String) throws -> Pod {
            let state: JSONValue = ["waiting": ["reason": .string(reason), "message": .string(message)]]
            return try PodJSON.pod(containers: [PodJSON.container(state)])
        }
        let cause = try self.status(deployment, pods: [pod("ErrImagePull", "no such host")])
        let later = try self.status(deployment, pods: [pod("ImagePullBackOff", "back-off")], former: cause)
        #expect(later.failures == cause.failures)
        #expect(
            try self.status(deployment, pods: [pod("ImagePullBackOff", "back-off")]).failures.first?.message
                == "back-off"
        )
    }

    @Test("At most five failures are shown")
    func mostFailures() throws {
        let pods = try (1...8).map { try PodJSON.waiting("p\($0)", reason: "ErrImagePull") }
        #expect(try self.status(DeploymentJSON(), pods: pods).failures.map(\.pod) == ["p1", "p2", "p3", "p4", "p5"])
    }

    @Test("What the Deployment controller says of quota and deadline is a failure too")
    func deploymentConditions() throws {
        var deployment = DeploymentJSON()
        deployment.progressing = "ProgressDeadlineExceeded"
        deployment.otherConditions = [
            ["type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": "exceeded quota: small"]
        ]
        let status = try self.status(deployment)
        #expect(status.failures.map(\.reason) == [.podCreationFailed, .progressDeadlineExceeded])
        #expect(status.failures.first?.message == "exceeded quota: small")
        #expect(status.failures.first?.pod == "")
    }

    @Test("In the status stands what people ask for, and nothing that is empty")
    func json() throws {
        let expected: JSONValue = [
            "image": "taskflow-backend:1.0.0", "imageID": "sha256:abc", "desired": 2, "updated": 2, "ready": 2,
            "available": 2, "readyText": "2/2", "revision": "current", "restarts": 3,
            "url": "http://taskflow-backend.todo-app.svc:8000",
        ]
        #expect(try self.status(DeploymentJSON(), pods: self.readyPods).json == expected)
        #expect(try self.status(nil).json["failures"] == nil)
    }
}
