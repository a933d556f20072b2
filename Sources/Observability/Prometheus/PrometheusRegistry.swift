public import ControllerRuntime
public import CoreMetrics
internal import Locks

/// Keeps metrics, and shows them in Prometheus' text format.
///
/// What is to be shown is described beforehand (`MetricDescription`); a metric that nobody described is not kept. A
/// series, once made, is shown from zero on.
public final class PrometheusRegistry: MetricsFactory {
    /// How many series a metric may have; whatever comes on top is not kept.
    ///
    /// Labels that follow from what users write must not fill the memory.
    public static let longestFamily = 1000

    private struct Content {
        var families: [String: Family] = [:]
        var collectors: [@Sendable () -> Void] = []
    }

    private let content: Locked<Content>

    /// A registry of these metrics.
    public init(_ descriptions: [MetricDescription]) {
        var families: [String: Family] = [:]
        for description in descriptions {
            families[description.name] = Family(description)
        }
        self.content = Locked(Content(families: families))
    }

    /// Has something called each time before the metrics are shown, to set what is only worth knowing then.
    public func onCollect(_ collector: @escaping @Sendable () -> Void) {
        self.content.withLock { $0.collectors.append(collector) }
    }

    /// All metrics in Prometheus' text format, version 0.0.4: sorted, so that two answers can be compared.
    public func text() -> String {
        for collector in self.content.withLock({ $0.collectors }) {
            collector()
        }
        let families = self.content.withLock { $0.families }
        return families.sorted { $0.key < $1.key }.map(\.value.text).joined()
    }

    // MARK: MetricsFactory

    /// A counter.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        self.series(label, dimensions).map { CounterSeries($0) } ?? NOOPMetricsHandler.instance
    }

    /// A counter of fractions.
    public func makeFloatingPointCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        self.series(label, dimensions).map { CounterSeries($0) } ?? NOOPMetricsHandler.instance
    }

    /// A gauge.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        self.series(label, dimensions).map { GaugeSeries($0) } ?? NOOPMetricsHandler.instance
    }

    /// A histogram, or a gauge where values are not to be taken together.
    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        guard let series = self.series(label, dimensions) else { return NOOPMetricsHandler.instance }
        return aggregate ? ObservationSeries(series) : GaugeSeries(series)
    }

    /// A histogram in seconds.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        self.series(label, dimensions).map { ObservationSeries($0) } ?? NOOPMetricsHandler.instance
    }

    /// Nothing: a series stays until the process ends.
    public func destroyCounter(_ handler: any CounterHandler) {}
    /// Nothing: a series stays until the process ends.
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    /// Nothing: a series stays until the process ends.
    public func destroyMeter(_ handler: any MeterHandler) {}
    /// Nothing: a series stays until the process ends.
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    /// Nothing: a series stays until the process ends.
    public func destroyTimer(_ handler: any TimerHandler) {}

    private func series(_ name: String, _ dimensions: [(String, String)]) -> Series? {
        self.content.withLock { content in
            // Two steps, so that the family is changed in place and not copied.
            guard content.families[name] != nil else { return nil }
            return content.families[name]?.series(dimensions)
        }
    }
}

// MARK: - Families

/// A metric with all its series.
private struct Family: Sendable {
    let description: MetricDescription
    private var series: [[String]: Series] = [:]

    init(_ description: MetricDescription) {
        self.description = description
    }

    /// The series with these labels; `nil` where a label is unknown, or where there are too many series.
    mutating func series(_ dimensions: [(String, String)]) -> Series? {
        guard dimensions.allSatisfy({ self.description.labels.contains($0.0) }) else { return nil }
        let values = self.description.labels.map { label in dimensions.first { $0.0 == label }?.1 ?? "" }
        if let known = self.series[values] { return known }
        guard self.series.count < PrometheusRegistry.longestFamily else { return nil }
        let new = Series(self.description.kind)
        self.series[values] = new
        return new
    }

    var text: String {
        guard !self.series.isEmpty else { return "" }
        let name = self.description.name
        var text = "# HELP \(name) \(escapedHelp(self.description.help))\n"
        text += "# TYPE \(name) \(self.description.kind.word)\n"
        for (values, series) in self.series.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            let labels = zip(self.description.labels, values).map { "\($0)=\"\(escapedLabel($1))\"" }
            text += series.lines(name: name, labels: labels)
        }
        return text
    }
}

private func escapedHelp(_ text: String) -> String {
    text.reduce(into: "") { $0 += $1 == "\\" ? "\\\\" : $1 == "\n" ? "\\n" : String($1) }
}

private func escapedLabel(_ text: String) -> String {
    text.reduce(into: "") { $0 += $1 == "\\" ? "\\\\" : $1 == "\n" ? "\\n" : $1 == "\"" ? "\\\"" : String($1) }
}
