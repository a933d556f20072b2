import JSON
import KubernetesAPI
import Testing
import TodoAppOperator

@Suite("PodDiagnosis")
struct PodDiagnosisTests {
    private static let image = "taskflow-backend:1.0.0"
    /// 2026-01-01T00:01:00Z.
    private static let now = 1_767_225_660.0

    private func failures(_ pod: Pod, isMinikube: Bool = false, now: Double = Self.now) -> [Failure] {
        PodDiagnosis.failures(of: pod, image: Self.image, .init(now: now, isMinikube: isMinikube))
    }

    private func failures(_ container: JSONValue) throws -> [Failure] {
        self.failures(try PodJSON.pod(containers: [container]))
    }

    // MARK: Waiting

    @Test(
        "Each of the kubelet's words for why a container waits has a class",
        arguments: [
            ("InvalidImageName", .invalidImageName), ("ErrImageNeverPull", .imageNotPresent),
            ("ErrImagePull", .imagePullFailed), ("ImagePullBackOff", .imagePullFailed),
            ("RegistryUnavailable", .imagePullFailed), ("ImageInspectError", .imagePullFailed),
            ("SignatureValidationFailed", .imagePullFailed), ("CreateContainerConfigError", .containerConfigError),
            ("CreateContainerError", .containerStartFailed), ("RunContainerError", .containerStartFailed),
            ("StartError", .containerStartFailed), ("PreCreateHookError", .containerStartFailed),
            ("PreStartHookError", .containerStartFailed), ("PostStartHookError", .containerStartFailed),
            ("CreatePodSandboxError", .containerStartFailed), ("CrashLoopBackOff", .crashLoopBackOff),
        ] as [(String, FailureClass)]
    )
    func waiting(_ reason: String, _ expected: FailureClass) throws {
        let failures = try self.failures(
            PodJSON.container(["waiting": ["reason": .string(reason), "message": "so\nit is"]], restarts: 3)
        )
        #expect(failures.map(\.reason) == [expected])
        #expect(failures.first?.rawReason == reason)
        #expect(failures.first?.message == "so it is")
        #expect(failures.first?.pod == "web-1")
        #expect(failures.first?.container == "backend")
        #expect(failures.first?.restartCount == 3)
        #expect(failures.first?.exitCode == nil)
    }

    @Test("A kubelet that has not heard of a Secret yet is no failure")
    func cache() throws {
        let message: JSONValue = "failed to sync secret cache: timed out waiting for the condition"
        let waiting = PodJSON.container(["waiting": ["reason": "CreateContainerConfigError", "message": message]])
        #expect(try self.failures(waiting) == [])
    }

    @Test("A container that is on its way is no failure", arguments: ["ContainerCreating", "PodInitializing", ""])
    func onItsWay(_ reason: String) throws {
        #expect(try self.failures(PodJSON.container(["waiting": ["reason": .string(reason)]])) == [])
        #expect(try self.failures(PodJSON.container([:])) == [])
    }

    @Test("A crash loop tells how the container ended the last time")
    func crashLoop() throws {
        let failure = try #require(
            try self.failures(
                PodJSON.container(
                    ["waiting": ["reason": "CrashLoopBackOff", "message": "back-off 40s"]],
                    restarts: 4,
                    last: PodJSON.end("Error", exitCode: 1, message: "no database")
                )
            ).first
        )
        #expect(failure.reason == .crashLoopBackOff)
        #expect(failure.rawReason == "CrashLoopBackOff")
        #expect(failure.message == "ended with exit code 1: no database")
        #expect(failure.exitCode == 1)
        #expect(failure.since == "2026-01-01T00:00:00Z")
        #expect(failure.hint == "run: kubectl logs -n todo-app web-1 -c backend --previous")
    }

    @Test("Memory that ran out is told as such, in a crash loop too")
    func outOfMemory() throws {
        let end = PodJSON.end("OOMKilled", exitCode: 137, signal: 9)
        let states: [JSONValue] = [
            PodJSON.container(["terminated": end]),
            PodJSON.container(["waiting": ["reason": "CrashLoopBackOff"]], restarts: 1, last: end),
            PodJSON.container(["running": [:]], restarts: 1, last: end),
            PodJSON.container(["running": [:]], restarts: 1, isStarted: false, last: end),
        ]
        for state in states {
            let failures = try self.failures(state)
            #expect(failures.map(\.reason) == [.oomKilled])
            #expect(failures.first?.rawReason == "OOMKilled")
            #expect(failures.first?.message == "ended by signal 9")
            #expect(failures.first?.exitCode == 137)
        }
    }

    // MARK: Terminated and running

    @Test(
        "A container that ended failed unless its exit code is 0",
        arguments: [
            ("Completed", 0, nil), ("Error", 1, .crashLoopBackOff), ("Error", 143, .crashLoopBackOff),
            ("OOMKilled", 137, .oomKilled), ("", 2, .crashLoopBackOff), ("StartError", 128, .containerStartFailed),
            ("ContainerCannotRun", 127, .containerStartFailed),
        ] as [(String, Int, FailureClass?)]
    )
    func terminated(_ reason: String, _ exitCode: Int, _ expected: FailureClass?) throws {
        let failures = try self.failures(PodJSON.container(["terminated": PodJSON.end(reason, exitCode: exitCode)]))
        #expect(failures.map(\.reason) == [expected].compactMap { $0 })
    }

    @Test("A container that never ran is told as one in a crash loop too, where there are no logs to look into")
    func neverRan() throws {
        let failures = try self.failures(
            PodJSON.container(
                ["waiting": ["reason": "CrashLoopBackOff"]],
                restarts: 2,
                last: PodJSON.end("StartError", exitCode: 128, message: "no such file")
            )
        )
        #expect(failures.map(\.reason) == [.containerStartFailed])
        #expect(failures.first?.message == "no such file")
        #expect(failures.first?.hint.contains("logs") == false)
    }

    @Test("A container that crashes does not look healthy between two crashes", arguments: [true, false])
    func betweenCrashes(_ isStarted: Bool) throws {
        let failures = try self.failures(
            PodJSON.container(
                ["running": [:]],
                restarts: 3,
                isStarted: isStarted,
                last: PodJSON.end("Error", exitCode: 1)
            )
        )
        #expect(failures.map(\.reason) == [.crashLoopBackOff])
    }

    @Test("A container that serves is well, whatever happened to it before")
    func recovered() throws {
        let end = PodJSON.end("OOMKilled", exitCode: 137)
        #expect(try self.failures(PodJSON.container(["running": [:]], restarts: 7, isReady: true, last: end)) == [])
    }

    @Test("A container that was started for the first time is given its time", arguments: [true, false])
    func starting(_ isStarted: Bool) throws {
        #expect(try self.failures(PodJSON.container(["running": [:]], isStarted: isStarted)) == [])
    }

    // MARK: Init containers

    @Test("A crash of an init container is told as one, and what is wrong with its image by its own name")
    func initContainers() throws {
        let crash = PodJSON.container(["terminated": PodJSON.end("Error", exitCode: 3)], name: "migrate")
        let waits = PodJSON.container(["waiting": ["reason": "PodInitializing"]])
        let crashed = self.failures(try PodJSON.pod(containers: [waits], initContainers: [crash]))
        #expect(crashed.map(\.reason) == [.initContainerFailed])
        #expect(crashed.first?.container == "migrate")
        #expect(crashed.first?.hint == "run: kubectl logs -n todo-app web-1 -c migrate --previous")

        let pull = PodJSON.container(["waiting": ["reason": "ErrImagePull"]], name: "migrate")
        #expect(self.failures(try PodJSON.pod(initContainers: [pull])).map(\.reason) == [.imagePullFailed])

        let done = PodJSON.container(["terminated": PodJSON.end("Completed", exitCode: 0)], name: "migrate")
        #expect(self.failures(try PodJSON.pod(initContainers: [done])) == [])
    }

    // MARK: The pod as a whole

    @Test("A pod without a node is given 15 s, then it is a failure")
    func unschedulable() throws {
        let condition: JSONValue = [
            "type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/1 nodes: cpu",
            "lastTransitionTime": "2026-01-01T00:00:00Z",
        ]
        let pod = try PodJSON.pod(conditions: [condition])
        let since = Self.now - 60
        #expect(self.failures(pod, now: since + 14.9) == [])
        let failures = self.failures(pod, now: since + 15)
        #expect(failures.map(\.reason) == [.unschedulable])
        #expect(failures.first?.message == "0/1 nodes: cpu")
        #expect(failures.first?.since == "2026-01-01T00:00:00Z")
    }

    @Test("A pod that waits for its gates is not unschedulable")
    func gated() throws {
        let condition: JSONValue = [
            "type": "PodScheduled", "status": "False", "reason": "SchedulingGated",
            "lastTransitionTime": "2025-01-01T00:00:00Z",
        ]
        #expect(self.failures(try PodJSON.pod(conditions: [condition])) == [])
    }

    @Test("An evicted pod and one whose node is lost are told as such")
    func lost() throws {
        let evicted = try PodJSON.pod(reason: "Evicted", message: "low on memory")
        #expect(self.failures(evicted).map(\.reason) == [.podEvicted])
        #expect(self.failures(evicted).first?.message == "low on memory")
        let lost = try PodJSON.pod(reason: "NodeLost")
        #expect(self.failures(lost).map(\.reason) == [.nodeNotReady])
        let silent = try PodJSON.pod(conditions: [
            ["type": "Ready", "status": "Unknown", "reason": "NodeStatusUnknown"]
        ])
        #expect(self.failures(silent).map(\.reason) == [.nodeNotReady])
        #expect(self.failures(silent).first?.message == "node node-1 does not answer")
    }

    @Test("A pod on its way out has no failures")
    func leaving() throws {
        let container = PodJSON.container(["terminated": PodJSON.end("Error", exitCode: 143)])
        #expect(self.failures(try PodJSON.pod(containers: [container], isBeingDeleted: true)) == [])
    }

    // MARK: For people

    @Test("A missing image in Minikube is answered with the command that mends it")
    func imageHint() throws {
        let pod = try PodJSON.waiting("web-1", reason: "ErrImageNeverPull")
        #expect(self.failures(pod, isMinikube: true).first?.hint == "run: minikube image load taskflow-backend:1.0.0")
        #expect(self.failures(pod).first?.hint.contains("minikube") == false)
    }

    @Test("A long message is cut to what one can bear to read")
    func longMessage() throws {
        let message = JSONValue.string(String(repeating: "é", count: 1000))
        let waiting = PodJSON.container(["waiting": ["reason": "ErrImagePull", "message": message]])
        let failure = try #require(try self.failures(waiting).first)
        #expect(failure.message.count == 300)
        #expect(failure.message.contains("é…é"))
    }
}
