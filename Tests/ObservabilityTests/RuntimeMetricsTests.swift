import ControllerRuntime
import CoreMetrics
import Foundation
import HTTPTransport
import JSON
import KubernetesAPI
import KubernetesClient
import KubernetesTesting
import Logging
import Observability
import Testing

/// What the runtime counts, as it is shown in the end: names and labels that do not fit their description would be missing.
@Suite("The runtime's metrics")
struct RuntimeMetricsTests {
    private let registry = PrometheusRegistry(MetricDescription.runtime)
    private let time = ManualTime()

    private func value(_ series: String) -> String? {
        self.registry.text().split(separator: "\n").first { $0.hasPrefix("\(series) ") }
            .map { String($0.dropFirst(series.count + 1)) }
    }

    private func controller(
        _ queue: WorkQueue<String>,
        _ reconcile: @escaping @Sendable (String) async -> Outcome
    ) -> Controller<String> {
        Controller(
            queue: queue,
            options: ControllerOptions(workers: 1),
            time: self.time.source,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            metrics: ControllerMetrics(controller: "c", factory: self.registry),
            isReady: { true },
            reconcile: reconcile
        )
    }

    private func queue() -> WorkQueue<String> {
        WorkQueue(
            time: self.time.source,
            metrics: QueueMetrics(name: "q", controller: "c", factory: self.registry)
        )
    }

    @Test("Every metric of the runtime is there, at zero, before anything happens")
    func complete() async throws {
        _ = ControllerMetrics(controller: "c", factory: self.registry)
        _ = QueueMetrics<String>(name: "q", controller: "c", factory: self.registry)
        _ = ElectionMetrics(name: "lease", factory: self.registry)
        _ = WatchMetrics([self.informer], factory: self.registry)
        // What a request counts depends on its answer.
        let transport = MeasuredTransport(
            RecordedTransport { _ in .json([:]) },
            host: "h",
            factory: self.registry
        )
        _ = try await transport.send(HTTPRequest(method: "GET", target: "/"))
        let text = self.registry.text()
        for metric in MetricDescription.runtime {
            #expect(text.contains("# TYPE \(metric.name) \(metric.kind.word)\n"), "\(metric.name)")
        }
        for result in ["success", "requeue_after", "error"] {
            #expect(self.value("controller_runtime_reconcile_total{controller=\"c\",result=\"\(result)\"}") == "0")
        }
    }

    private var informer: Informer<DynamicObject> {
        Informer(
            Selection(.pods),
            client: KubernetesClient(
                transport: RecordedTransport([]),
                credential: NoCredential(),
                options: KubernetesClient.Options(userAgent: "unit-test/1")
            ),
            store: Store(),
            time: self.time.source,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            project: { try DynamicObject(json: $0) },
            onChange: { _ in }
        )
    }

    @Test("A reconcile is counted by what came of it")
    func outcomes() async throws {
        let queue = self.queue()
        let controller = self.controller(queue) { key in
            switch key {
            case "done": .done
            case "requeue": .requeue(after: .seconds(1000))
            case "retry": .retry("no")
            default: .terminal("never")
            }
        }
        let task = Task { try await controller.run() }
        for key in ["done", "requeue", "retry", "terminal"] { queue.add(key) }
        let count = "controller_runtime_reconcile_time_seconds_count{controller=\"c\"}"
        #expect(await eventually { self.value(count) == "4" })
        task.cancel()
        try await task.value
        func total(_ result: String) -> String? {
            self.value("controller_runtime_reconcile_total{controller=\"c\",result=\"\(result)\"}")
        }
        #expect(total("success") == "1")
        #expect(total("requeue_after") == "1")
        #expect(total("error") == "2")
        #expect(self.value("controller_runtime_reconcile_errors_total{controller=\"c\"}") == "2")
        #expect(self.value("controller_runtime_terminal_reconcile_errors_total{controller=\"c\"}") == "1")
        #expect(self.value("controller_runtime_active_workers{controller=\"c\"}") == "0")
        #expect(self.value("controller_runtime_max_concurrent_reconciles{controller=\"c\"}") == "1")
        #expect(self.value("workqueue_adds_total{name=\"q\",controller=\"c\"}") == "4")
        #expect(self.value("workqueue_retries_total{name=\"q\",controller=\"c\"}") == "1")
    }

    @Test("A reconcile that its deadline ends is counted as such")
    func deadline() async throws {
        let queue = self.queue()
        let controller = self.controller(queue) { _ in
            await Signal().wait()
            return .done
        }
        let task = Task { try await controller.run() }
        queue.add("slow")
        await self.time.waitForSleeps(1)
        self.time.advance(by: .seconds(60))
        let timeouts = "controller_runtime_reconcile_timeouts_total{controller=\"c\"}"
        #expect(await eventually { self.value(timeouts) == "1" })
        task.cancel()
        try await task.value
    }

    @Test("The queue's figures follow the key through it")
    func queueFigures() async {
        let queue = self.queue()
        let labels = "{name=\"q\",controller=\"c\"}"
        queue.add("a")
        queue.add("a")
        queue.add("later", after: .seconds(100))
        queue.collect()
        #expect(self.value("workqueue_depth\(labels)") == "1")
        self.time.advance(by: .seconds(2))
        #expect(await queue.next() == "a")
        #expect(self.value("workqueue_queue_duration_seconds_sum\(labels)") == "2")
        self.time.advance(by: .seconds(3))
        queue.collect()
        #expect(self.value("workqueue_depth\(labels)") == "0")
        #expect(self.value("workqueue_unfinished_work_seconds\(labels)") == "3")
        #expect(self.value("workqueue_longest_running_processor_seconds\(labels)") == "3")
        queue.finished("a", .done)
        #expect(self.value("workqueue_work_duration_seconds_sum\(labels)") == "3")
        queue.collect()
        #expect(self.value("workqueue_unfinished_work_seconds\(labels)") == "0")
        queue.shutDown()
    }

    @Test("The lag is counted from the first change to the pass that dealt with it, failures and delays included")
    func lag() async {
        let metrics = QueueMetrics<String>(name: "q", controller: "c", factory: self.registry)
        let queue = WorkQueue<String>(time: self.time.source, metrics: metrics)
        let (sum, count) = (
            "controller_status_lag_seconds_sum{controller=\"c\"}",
            "controller_status_lag_seconds_count{controller=\"c\"}"
        )
        queue.add("a")
        self.time.advance(by: .seconds(1))
        #expect(await queue.next() == "a")
        metrics.putOff("a")
        queue.finished("a", .requeue(after: .zero))
        #expect(self.value(count) == "0")
        self.time.advance(by: .seconds(1))
        #expect(await queue.next() == "a")
        queue.finished("a", .retry("no"))
        #expect(self.value(count) == "0")
        self.time.advance(by: .seconds(1))
        #expect(await queue.next() == "a")
        // A change that comes while the key is worked on is the next pass's.
        queue.add("a")
        self.time.advance(by: .seconds(1))
        queue.finished("a", .done)
        #expect(self.value(sum) == "4")
        #expect(await queue.next() == "a")
        self.time.advance(by: .seconds(1))
        queue.finished("a", .done)
        #expect(self.value(sum) == "6")
        #expect(self.value(count) == "2")
        queue.shutDown()
    }

    @Test("Requests are counted by verb and answer; one that was withheld is none")
    func requests() async throws {
        let transport = MeasuredTransport(
            RecordedTransport([
                .json([:]), .refusal(409, reason: "Conflict"), .failure(.connectionLost("x")), .failure(.withheld("x")),
            ]),
            host: "h:1",
            factory: self.registry
        )
        for method in ["GET", "PATCH", "GET", "GET"] {
            _ = try? await transport.send(HTTPRequest(method: method, target: "/"))
        }
        let series = self.registry.text().split(separator: "\n").filter { $0.hasPrefix("rest_client_requests_total") }
        #expect(
            series == [
                "rest_client_requests_total{code=\"200\",method=\"GET\",host=\"h:1\"} 1",
                "rest_client_requests_total{code=\"409\",method=\"PATCH\",host=\"h:1\"} 1",
                "rest_client_requests_total{code=\"<error>\",method=\"GET\",host=\"h:1\"} 1",
            ]
        )
        #expect(self.value("rest_client_request_duration_seconds_count{verb=\"GET\",host=\"h:1\"}") == "1")
        await transport.close()
    }

    @Test("The election's figures say who leads, and what it cost")
    func election() {
        let metrics = ElectionMetrics(name: "lease", factory: self.registry)
        let status = "leader_election_master_status{name=\"lease\"}"
        #expect(self.value(status) == "0")
        metrics.note(.leads)
        metrics.note(.slowPath)
        #expect(self.value(status) == "1")
        for news in [LeaderElector.News.follows("x"), .released, .lost] {
            metrics.note(.leads)
            metrics.note(news)
            #expect(self.value(status) == "0")
        }
        #expect(self.value("leader_election_slowpath_total{name=\"lease\"}") == "1")
    }

    @Test("docs/metrics.md names each metric with its kind and labels, and no other")
    func documented() throws {
        let path = URL(filePath: #filePath).pathComponents.dropLast(3).joined(separator: "/").dropFirst()
        let text = try String(contentsOfFile: "\(path)/docs/metrics.md", encoding: .utf8)
        // What is worth an alert stands in a table with fewer columns.
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `") && $0.split(separator: "|").count == 4 }
            .map(String.init)
        let wanted = MetricDescription.runtime.map { metric in
            let labels = metric.labels.map { "`\($0)`" }.joined(separator: ", ")
            return "| `\(metric.name)` | \(metric.kind.word) | \(labels.isEmpty ? "–" : labels) | \(metric.help) |"
        }
        #expect(Set(wanted).subtracting(rows).sorted() == [], "rows that are missing")
        #expect(Set(rows).subtracting(wanted).sorted() == [], "rows that say something else")
    }
}
