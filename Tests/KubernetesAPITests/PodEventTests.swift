import JSON
import KubernetesAPI
import Testing

@Suite("PodEvent")
struct PodEventTests {
    @Test("An event names its pod, its container, and how often it came")
    func read() throws {
        let event = try PodEvent(json: [
            "metadata": ["name": "web-1.17", "namespace": "apps", "uid": "u", "labels": ["a": "b"]],
            "involvedObject": [
                "kind": "Pod", "namespace": "apps", "name": "web-1", "uid": "pod-uid",
                "fieldPath": "spec.containers{backend}",
            ],
            "reason": "Unhealthy", "message": "Liveness probe failed", "count": 4,
            "firstTimestamp": "2026-01-01T00:00:00Z", "lastTimestamp": "2026-01-01T00:01:00Z",
        ])
        #expect(event.kind == .unhealthy)
        #expect(event.podUID == "pod-uid")
        #expect(event.pod == ObjectKey(namespace: "apps", name: "web-1"))
        #expect(event.container == "backend")
        #expect(event.count == 4)
        #expect(event.firstSeen == "2026-01-01T00:00:00Z")
        #expect(event.lastSeen == "2026-01-01T00:01:00Z")
        #expect(event.metadata.labels.isEmpty)
    }

    @Test("An event of the newer API says when and how often in other fields")
    func series() throws {
        let event = try PodEvent(json: [
            "metadata": ["name": "web-1.17"], "involvedObject": ["fieldPath": "spec.volumes"],
            "reason": "Other", "eventTime": "2026-01-01T00:00:00.000000Z", "firstTimestamp": .null,
            "series": ["count": 7, "lastObservedTime": "2026-01-01T00:02:00.000000Z"],
        ])
        #expect(event.kind == nil)
        #expect(event.container == "")
        #expect(event.count == 7)
        #expect(event.firstSeen == "2026-01-01T00:00:00.000000Z")
        #expect(event.lastSeen == "2026-01-01T00:02:00.000000Z")
    }

    @Test("A probe's patience is the shortest time in which it can fail, with Kubernetes' defaults")
    func patience() {
        let probes = ContainerProbes(json: [
            "livenessProbe": ["initialDelaySeconds": 5, "periodSeconds": 30, "failureThreshold": 3],
            "readinessProbe": ["httpGet": [:]],
        ])
        #expect(probes.liveness?.patience == 65)
        #expect(probes.readiness?.patience == 20)
        #expect(probes.startup == nil)
    }
}
