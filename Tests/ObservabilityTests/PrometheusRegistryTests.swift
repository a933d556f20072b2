import ControllerRuntime
import CoreMetrics
import Observability
import Testing

@Suite("PrometheusRegistry")
struct PrometheusRegistryTests {
    @Test("A counter stands at zero from the beginning, and only grows")
    func counter() {
        let registry = PrometheusRegistry([
            MetricDescription("things_total", .counter, labels: ["kind"], help: "Things.")
        ])
        #expect(registry.text() == "")
        let counter = Counter(label: "things_total", dimensions: [("kind", "a")], factory: registry)
        let head = "# HELP things_total Things.\n# TYPE things_total counter\n"
        #expect(registry.text() == head + "things_total{kind=\"a\"} 0\n")
        counter.increment(by: 3)
        counter.increment(by: -2)
        Counter(label: "things_total", dimensions: [("kind", "a")], factory: registry).increment()
        #expect(registry.text() == head + "things_total{kind=\"a\"} 4\n")
        counter.reset()
        FloatingPointCounter(label: "things_total", dimensions: [("kind", "a")], factory: registry).increment(by: 1.5)
        #expect(registry.text() == head + "things_total{kind=\"a\"} 1.5\n")
    }

    @Test("A gauge goes up and down; what is no number is shown as Prometheus spells it")
    func gauge() {
        let registry = PrometheusRegistry([MetricDescription("level", .gauge, help: "Level.")])
        let meter = Meter(label: "level", factory: registry)
        func value() -> String { registry.text().split(separator: "\n").last.map(String.init) ?? "" }
        meter.set(5)
        meter.increment(by: 2)
        meter.decrement(by: 0.5)
        #expect(value() == "level 6.5")
        for (number, text) in [(Double.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"), (1e300, "1e+300")] {
            meter.set(number)
            #expect(value() == "level \(text)")
        }
        Gauge(label: "level", factory: registry).record(7)
        #expect(value() == "level 7")
        Recorder(label: "level", dimensions: [], aggregate: false, factory: registry).record(2.25)
        #expect(value() == "level 2.25")
    }

    @Test("A histogram counts what is at most as large as each bound, and says sum and number")
    func histogram() {
        let registry = PrometheusRegistry([
            MetricDescription("wait_seconds", .histogram([0.1, 1]), labels: ["who"], help: "Wait.")
        ])
        let timer = Timer(label: "wait_seconds", dimensions: [("who", "me")], factory: registry)
        timer.recordNanoseconds(100_000_000)
        timer.recordNanoseconds(500_000_000)
        timer.recordNanoseconds(2_000_000_000)
        Recorder(label: "wait_seconds", dimensions: [("who", "me")], factory: registry).record(1)
        Recorder(label: "wait_seconds", dimensions: [("who", "me")], factory: registry).record(0.25)
        #expect(
            registry.text() == """
                # HELP wait_seconds Wait.
                # TYPE wait_seconds histogram
                wait_seconds_bucket{who="me",le="0.1"} 1
                wait_seconds_bucket{who="me",le="1"} 4
                wait_seconds_bucket{who="me",le="+Inf"} 5
                wait_seconds_sum{who="me"} 3.85
                wait_seconds_count{who="me"} 5

                """
        )
    }

    @Test("Backslashes, line breaks and quotes are escaped as the format wants them")
    func escaping() {
        let registry = PrometheusRegistry([
            MetricDescription("odd", .gauge, labels: ["name"], help: "a\\b\nc\"d")
        ])
        Meter(label: "odd", dimensions: [("name", "a\\b\nc\"d")], factory: registry).set(1)
        #expect(
            registry.text() == "# HELP odd a\\\\b\\nc\"d\n# TYPE odd gauge\nodd{name=\"a\\\\b\\nc\\\"d\"} 1\n"
        )
    }

    @Test("Metrics and series are shown in the order of their names; labels in the order described")
    func order() {
        let registry = PrometheusRegistry([
            MetricDescription("b", .gauge, labels: ["x", "y"], help: "B."), MetricDescription("a", .gauge, help: "A."),
        ])
        for (x, y) in [("2", "1"), ("1", "2"), ("1", "1")] {
            Meter(label: "b", dimensions: [("y", y), ("x", x)], factory: registry).set(1)
        }
        Meter(label: "a", factory: registry).set(1)
        let lines = registry.text().split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(lines == ["a 1", "b{x=\"1\",y=\"1\"} 1", "b{x=\"1\",y=\"2\"} 1", "b{x=\"2\",y=\"1\"} 1"])
    }

    @Test("What nobody described is not kept, and neither is a series too many")
    func bounded() {
        let registry = PrometheusRegistry([MetricDescription("a", .counter, labels: ["x"], help: "A.")])
        Counter(label: "unknown", factory: registry).increment()
        FloatingPointCounter(label: "unknown", factory: registry).increment(by: 1)
        Meter(label: "unknown", factory: registry).set(1)
        Timer(label: "unknown", factory: registry).recordNanoseconds(1)
        Recorder(label: "unknown", factory: registry).record(1)
        Counter(label: "a", dimensions: [("z", "unknown label")], factory: registry).increment()
        #expect(registry.text() == "")
        for number in 0...PrometheusRegistry.longestFamily {
            Counter(label: "a", dimensions: [("x", "\(number)")], factory: registry).increment()
        }
        #expect(registry.text().split(separator: "\n").count == PrometheusRegistry.longestFamily + 2)
    }

    @Test("Whoever wants to is asked before the metrics are shown, and a series outlives its handle")
    func collectors() {
        let registry = PrometheusRegistry([MetricDescription("a", .gauge, help: "A.")])
        let meter = Meter(label: "a", factory: registry)
        registry.onCollect { [weak meter] in meter?.set(42) }
        #expect(registry.text().hasSuffix("a 42\n"))
        meter.destroy()
        #expect(registry.text().hasSuffix("a 42\n"))
    }
}
