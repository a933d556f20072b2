import JSON
import KubernetesAPI
import Testing
import TodoAppOperator

/// What is told of a pod from the kubelet's events, since no status says it.
@Suite("PodDiagnosis, with events")
struct PodEventDiagnosisTests {
    /// 2026-01-01T00:00:00Z.
    private static let start = 1_767_225_600.0

    private static func time(_ seconds: Double) -> JSONValue {
        .string(Timestamp.text(Self.start + seconds))
    }

    /// A pod whose one container was started at 0 and has all three probes: each asks every 10 s and fails after 30 s at most.
    private static func pod(
        _ container: JSONValue,
        readySince: Double = 0,
        conditions: [JSONValue] = [],
        phase: String = "Running"
    ) throws -> Pod {
        let probe: JSONValue = ["periodSeconds": 10, "failureThreshold": 3]
        return try Pod(json: [
            "metadata": ["name": "web-1", "namespace": "todo-app", "uid": "uid-web-1"],
            "spec": [
                "nodeName": "node-1",
                "containers": [
                    [
                        "name": "backend", "livenessProbe": probe, "readinessProbe": probe, "startupProbe": probe,
                    ]
                ],
            ],
            "status": [
                "phase": .string(phase),
                "conditions": .array(
                    [
                        [
                            "type": "Ready", "status": "False", "reason": "ContainersNotReady",
                            "message": "containers with unready status: [backend]",
                            "lastTransitionTime": Self.time(readySince),
                        ]
                    ] + conditions
                ),
                "containerStatuses": [container],
            ],
        ])
    }

    private static func event(
        _ message: String,
        reason: String = "Unhealthy",
        first: Double = 0,
        last: Double,
        count: Int = 3,
        container: String = "backend"
    ) throws -> PodEvent {
        try PodEvent(json: [
            "metadata": ["name": .string("web-1.\(first)\(message.count)"), "namespace": "todo-app"],
            "involvedObject": [
                "kind": "Pod", "namespace": "todo-app", "name": "web-1", "uid": "uid-web-1",
                "fieldPath": .string(container.isEmpty ? "" : "spec.containers{\(container)}"),
            ],
            "reason": .string(reason), "message": .string(message), "count": JSONValue(count),
            "firstTimestamp": Self.time(first), "lastTimestamp": Self.time(last),
        ])
    }

    private static func ended(_ exitCode: Int, at end: Double, from start: Double = 0, reason: String = "Error")
        -> JSONValue
    {
        [
            "reason": .string(reason), "exitCode": JSONValue(exitCode), "startedAt": Self.time(start),
            "finishedAt": Self.time(end),
        ]
    }

    private func failures(_ pod: Pod, _ events: [PodEvent], at now: Double) -> [Failure] {
        PodDiagnosis.failures(
            of: pod,
            events: events,
            image: "taskflow-backend:1.0.0",
            PodDiagnosis.Circumstances(now: Self.start + now, isMinikube: false)
        )
    }

    // MARK: Liveness and start-up

    @Test(
        "A container that was ended upon a failed probe is told by the probe, whatever state it is in",
        arguments: [0, 137, 143]
    )
    func killed(_ exitCode: Int) throws {
        let end = Self.ended(exitCode, at: 40)
        let states: [JSONValue] = [
            PodJSON.container(["terminated": end]),
            PodJSON.container(["waiting": ["reason": "CrashLoopBackOff"]], restarts: 1, last: end),
            PodJSON.container(["running": ["startedAt": Self.time(41)]], restarts: 1, last: end),
        ]
        let probes: [(String, FailureClass)] = [("Liveness", .livenessProbeFailed), ("Startup", .startupProbeFailed)]
        for (probe, reason) in probes {
            let event = try Self.event(
                "\(probe) probe failed: HTTP probe failed with statuscode: 503",
                first: 10,
                last: 38
            )
            for state in states {
                let failure = try #require(try self.failures(Self.pod(state, readySince: 40), [event], at: 45).first)
                #expect(failure.reason == reason)
                #expect(failure.rawReason == "Unhealthy")
                #expect(failure.message == event.message)
                #expect(failure.exitCode == Int64(exitCode))
                #expect(failure.since == event.firstSeen)
                #expect(failure.hint.contains("kubectl logs -n todo-app web-1 -c backend --previous"))
            }
        }
    }

    @Test("That the kubelet noted a moment after the restart that the pod is not ready makes it no readiness failure")
    func notedLate() throws {
        let run = PodJSON.container(
            ["running": ["startedAt": Self.time(41)]],
            restarts: 1,
            last: Self.ended(0, at: 41, reason: "Completed")
        )
        let event = try Self.event("Liveness probe failed: HTTP probe failed with statuscode: 404", first: 10, last: 40)
        let noted = try self.failures(Self.pod(run, readySince: 42), [event], at: 45)
        #expect(noted.map(\.reason) == [.livenessProbeFailed])
        // Ready in between, and lost again: this is the readiness probe's word.
        let lost = try self.failures(Self.pod(run, readySince: 60), [event], at: 61)
        #expect(lost.map(\.reason) == [.readinessProbeFailed])
    }

    @Test("The next run's failures of the same probe, counted in the same event, change nothing")
    func countedOn() throws {
        let state = PodJSON.container(
            ["running": ["startedAt": Self.time(41)]],
            restarts: 1,
            last: Self.ended(137, at: 40)
        )
        let event = try Self.event("Startup probe failed: refused", first: 10, last: 55, count: 5)
        #expect(
            try self.failures(Self.pod(state, readySince: 40), [event], at: 56).map(\.reason) == [.startupProbeFailed]
        )
    }

    @Test("A container that ended by itself is not laid to a probe's charge")
    func byItself() throws {
        let event = try Self.event("Startup probe failed: refused", first: 2, last: 2, count: 1)
        func reasons(_ end: JSONValue, _ events: [PodEvent]) throws -> [FailureClass] {
            let state = PodJSON.container(["waiting": ["reason": "CrashLoopBackOff"]], restarts: 1, last: end)
            return self.failures(try Self.pod(state), events, at: 100).map(\.reason)
        }
        #expect(
            try reasons(Self.ended(1, at: 40), [Self.event("Liveness probe failed: x", last: 39)]) == [
                .crashLoopBackOff
            ]
        )
        #expect(try reasons(Self.ended(0, at: 3), [event]) == [.crashLoopBackOff], "the probe had not given up")
        #expect(try reasons(Self.ended(137, at: 40, reason: "OOMKilled"), [event]) == [.oomKilled])
        #expect(
            try reasons(Self.ended(137, at: 4000), [Self.event("Liveness probe failed: x", last: 100)]) == [
                .crashLoopBackOff
            ]
        )
        #expect(
            try reasons(
                Self.ended(137, at: 40),
                [Self.event("Liveness probe failed: x", last: 39, container: "sidecar")]
            )
                == [.crashLoopBackOff]
        )
        #expect(try reasons(Self.ended(137, at: 40), []) == [.crashLoopBackOff])
    }

    // MARK: Readiness

    @Test("A container that is not ready after the time its probe takes is told by the probe")
    func readiness() throws {
        let state = PodJSON.container(["running": ["startedAt": Self.time(0)]])
        let event = try Self.event("Readiness probe failed: HTTP probe failed with statuscode: 404", last: 12)
        #expect(try self.failures(Self.pod(state), [event], at: 19) == [], "it may be on its way")
        let failure = try #require(try self.failures(Self.pod(state), [event], at: 20).first)
        #expect(failure.reason == .readinessProbeFailed)
        #expect(failure.message == event.message)
        #expect(
            failure.hint == "the app runs but says that it is not ready; run: kubectl logs -n todo-app web-1 -c backend"
        )
        #expect(try self.failures(Self.pod(state), [], at: 20) == [])
    }

    @Test("A container that was ready and is no more is told at once, without its events in the pod's own words")
    func lostReadiness() throws {
        let state = PodJSON.container(
            ["running": ["startedAt": Self.time(0)]],
            restarts: 4,
            last: Self.ended(1, at: -1)
        )
        let event = try Self.event("Readiness probe failed: connection refused", first: 5000, last: 5030)
        let pod = try Self.pod(state, readySince: 5030)
        #expect(self.failures(pod, [event], at: 5030).map(\.message) == [event.message])
        let silent = self.failures(pod, [], at: 5030)
        #expect(silent.map(\.reason) == [.readinessProbeFailed])
        #expect(silent.first?.message == "containers with unready status: [backend]")
    }

    @Test("A crash is held against a container until it has run for ten minutes")
    func oldCrash() throws {
        let state = PodJSON.container(
            ["running": ["startedAt": Self.time(0)]],
            restarts: 4,
            last: Self.ended(1, at: -1)
        )
        let event = try Self.event("Readiness probe failed: connection refused", first: 10, last: 590)
        let pod = try Self.pod(state, readySince: -1)
        #expect(self.failures(pod, [event], at: 590).map(\.reason) == [.crashLoopBackOff])
        #expect(self.failures(pod, [event], at: 600).map(\.reason) == [.readinessProbeFailed])
    }

    // MARK: Before the first container

    @Test("A volume or sandbox that cannot be made is told when it has failed twice, for as long as it goes on failing")
    func preparation() throws {
        let state = PodJSON.container(["waiting": ["reason": "ContainerCreating"]])
        let message = #"MountVolume.SetUp failed for volume "certs" : secret "certs" not found"#
        let pod = try Self.pod(state, phase: "Pending")
        func mount(_ count: Int) throws -> PodEvent {
            try Self.event(message, reason: "FailedMount", last: 60, count: count, container: "")
        }
        #expect(try self.failures(pod, [mount(1)], at: 61) == [])
        let failure = try #require(try self.failures(pod, [mount(2)], at: 61).first)
        #expect(failure.reason == .volumeMountFailed)
        #expect(failure.rawReason == "FailedMount")
        #expect(failure.message == message)
        #expect(failure.pod == "web-1" && failure.container == "")
        #expect(try self.failures(pod, [mount(2)], at: 60 + PodDiagnosis.preparationMemory) == [])
        let sandbox = try Self.event("network: no address", reason: "FailedCreatePodSandBox", last: 60, container: "")
        #expect(self.failures(pod, [sandbox], at: 61).map(\.reason) == [.containerStartFailed])
        #expect(self.failures(pod, [sandbox], at: 61).first?.hint.contains("CNI") == true)
        let running = try Self.pod(PodJSON.container(["running": ["startedAt": Self.time(61)]]))
        #expect(try self.failures(running, [mount(9)], at: 62) == [], "it is mounted by now")
    }

    // MARK: Nodes and remains

    @Test("A pod that is not ready on a node that is not ready is told by the node")
    func node() throws {
        let crashing = try Self.pod(PodJSON.container(["terminated": Self.ended(1, at: 3)]))
        let failures = PodDiagnosis.failures(
            of: crashing,
            nodeTrouble: "Kubelet stopped posting node status.",
            image: "",
            PodDiagnosis.Circumstances(now: Self.start, isMinikube: false)
        )
        #expect(failures.map(\.reason) == [.nodeNotReady])
        #expect(failures.first?.message == "node node-1: Kubelet stopped posting node status.")
        #expect(failures.first?.hint == "look at the kubelet of node node-1")
    }

    @Test("Where nodes may not be read, a pod that is not ready though its containers are says that its node is gone")
    func silentNode() throws {
        let pod = try Pod(json: [
            "metadata": ["name": "web-1"], "spec": ["nodeName": "node-1"],
            "status": [
                "conditions": [
                    ["type": "Ready", "status": "False", "lastTransitionTime": Self.time(9)],
                    ["type": "ContainersReady", "status": "True"],
                ],
                "containerStatuses": [PodJSON.container(["running": ["startedAt": Self.time(0)]], isReady: true)],
            ],
        ])
        #expect(self.failures(pod, [], at: 10).map(\.reason) == [.nodeNotReady])
    }
}
