import KubernetesAPI
import KubernetesTesting
import Observability
import Testing

@testable import ControllerRuntime

@Suite("WatchMetrics")
struct WatchMetricsTests {
    private struct Collection: WatchedCollection {
        var name: String
        var status: [ReflectorStatus]
        var objectCount: Int

        func run() async throws {}
    }

    private let registry = PrometheusRegistry(MetricDescription.runtime)
    private let time = ManualTime()

    private func status(_ namespace: String, heard: Duration?, version: String, isSynced: Bool) -> ReflectorStatus {
        var status = ReflectorStatus(resource: "pods", namespace: namespace)
        status.lastHeard = heard.map { self.time.now + $0 }
        status.version = ResourceVersion(version)
        status.isSynced = isSynced
        return status
    }

    private func lines(of collections: [any WatchedCollection], after passed: Duration) -> [String] {
        let metrics = WatchMetrics(collections, factory: self.registry, time: self.time.source)
        self.time.advance(by: passed)
        metrics.collect()
        return self.registry.text().split(separator: "\n").map(String.init).filter { $0.contains("{resource=\"") }
    }

    @Test("Of a copy of several namespaces the one counts that is furthest behind")
    func worst() {
        let collection = Collection(
            name: "pods",
            status: [
                self.status("a", heard: .seconds(8), version: "70", isSynced: true),
                self.status("b", heard: .seconds(5), version: "64", isSynced: false),
            ],
            objectCount: 12
        )
        let lines = self.lines(of: [collection], after: .seconds(10))
        #expect(lines.contains("watch_last_event_age_seconds{resource=\"pods\"} 5"))
        #expect(lines.contains("watch_synced{resource=\"pods\"} 0"))
        #expect(lines.contains("store_objects{resource=\"pods\"} 12"))
        #expect(lines.contains("store_resource_version{resource=\"pods\"} 64"))
    }

    @Test("A copy that has heard nothing yet is as old as the process, and a version that is no number is 0")
    func nothingYet() {
        let fresh = Collection(
            name: "nodes",
            status: [self.status("", heard: nil, version: "", isSynced: true)],
            objectCount: 0
        )
        let lines = self.lines(of: [fresh], after: .seconds(3))
        #expect(lines.contains("watch_last_event_age_seconds{resource=\"nodes\"} 3"))
        #expect(lines.contains("watch_synced{resource=\"nodes\"} 1"))
        #expect(lines.contains("store_resource_version{resource=\"nodes\"} 0"))
    }
}
