import JSON
import KubernetesAPI
import Testing

@Suite("Pod")
struct PodTests {
    @Test("A pod is read with its conditions and containers")
    func whole() throws {
        let pod = try Pod(json: [
            "metadata": ["name": "web-1", "namespace": "shop"],
            "spec": ["nodeName": "node-1"],
            "status": [
                "phase": "Running",
                "conditions": [
                    [
                        "type": "Ready", "status": "True", "reason": "r", "message": "m",
                        "lastTransitionTime": "2026-01-01T00:00:00Z",
                    ]
                ],
                "initContainerStatuses": [
                    ["name": "prepare", "state": ["terminated": ["exitCode": 0, "reason": "Completed"]]]
                ],
                "containerStatuses": [
                    [
                        "name": "app", "image": "web:1", "imageID": "sha256:1", "ready": true, "started": true,
                        "restartCount": 2, "state": ["running": ["startedAt": "2026-01-01T00:00:00Z"]],
                        "lastState": ["terminated": ["exitCode": 137, "signal": 9, "reason": "OOMKilled"]],
                    ]
                ],
            ],
        ])
        #expect(pod.phase == "Running")
        #expect(pod.nodeName == "node-1")
        #expect(pod.isReady)
        #expect(pod.condition("Ready")?.lastTransitionTime == "2026-01-01T00:00:00Z")
        #expect(pod.condition("PodScheduled") == nil)
        let container = try #require(pod.containers.first)
        #expect(container.isReady && container.isStarted)
        #expect(container.restartCount == 2)
        #expect(container.state == .running(since: "2026-01-01T00:00:00Z"))
        #expect(container.lastTermination?.exitCode == 137)
        #expect(container.lastTermination?.signal == 9)
        guard case .terminated(let end) = pod.initContainers.first?.state else {
            Issue.record("the init container has ended")
            return
        }
        #expect(end.reason == "Completed")
    }

    @Test("A container without a state waits, as the API says")
    func stateless() throws {
        let pod = try Pod(json: ["metadata": ["name": "p"], "status": ["containerStatuses": [["name": "app"], [:]]]])
        #expect(pod.containers.map(\.state) == Array(repeating: .waiting(reason: "", message: ""), count: 2))
        #expect(pod.containers.map(\.isStarted) == [false, false])
    }

    @Test("A pod on its way out takes no traffic, whatever its condition says")
    func leaving() throws {
        let pod = try Pod(json: [
            "metadata": ["name": "p", "deletionTimestamp": "2026-01-01T00:00:00Z"],
            "status": ["conditions": [["type": "Ready", "status": "True"]]],
        ])
        #expect(!pod.isReady)
    }

    @Test("A condition that nobody can tell does not hold")
    func unknown() throws {
        let pod = try Pod(json: [
            "metadata": ["name": "p"], "status": ["conditions": [["type": "Ready", "status": "Unknown"]]],
        ])
        #expect(!pod.isReady)
    }

    @Test("A pod that was just created has a name and nothing else")
    func fresh() throws {
        let pod = try Pod(json: ["metadata": ["name": "p"]])
        #expect(pod.phase.isEmpty && pod.nodeName.isEmpty)
        #expect(pod.containers.isEmpty && pod.conditions.isEmpty)
        #expect(throws: ObjectReadError.self) { try Pod(json: ["status": [:]]) }
    }

    @Test("A ReplicaSet tells its revision and the hash that its pods carry")
    func replicaSet() throws {
        let set = try ReplicaSet(json: [
            "metadata": [
                "name": "web-abc", "labels": ["pod-template-hash": "abc"],
                "annotations": ["deployment.kubernetes.io/revision": "4"],
            ],
            "spec": ["replicas": 0],
        ])
        #expect(set.revision == "4")
        #expect(set.podTemplateHash == "abc")
        #expect(set.desired == 0)
        let bare = try ReplicaSet(json: ["metadata": ["name": "x"]])
        #expect(bare.references.isEmpty)
        #expect(bare.revision.isEmpty && bare.podTemplateHash.isEmpty && bare.desired == 1)
    }
}
