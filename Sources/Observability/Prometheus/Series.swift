internal import ControllerRuntime
internal import CoreMetrics
internal import Locks

/// The figures of one metric with one set of labels.
final class Series: Sendable {
    private struct Figures {
        /// A counter's or gauge's value; a histogram's sum.
        var value = 0.0
        /// A histogram's observations by the first bound that they do not exceed, and one more for the rest.
        var buckets: [UInt64]
    }

    private let bounds: [Double]?
    private let figures: Locked<Figures>

    init(_ kind: MetricDescription.Kind) {
        if case .histogram(let bounds) = kind {
            self.bounds = bounds
            self.figures = Locked(Figures(buckets: Array(repeating: 0, count: bounds.count + 1)))
        } else {
            self.bounds = nil
            self.figures = Locked(Figures(buckets: []))
        }
    }

    func set(_ value: Double) {
        self.figures.withLock { $0.value = value }
    }

    func add(_ difference: Double) {
        self.figures.withLock { $0.value += difference }
    }

    func observe(_ value: Double) {
        guard let bounds = self.bounds else { return self.set(value) }
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        self.figures.withLock { figures in
            figures.value += value
            figures.buckets[bucket] += 1
        }
    }

    /// The series as lines of the text format.
    func lines(name: String, labels: [String]) -> String {
        let figures = self.figures.withLock { $0 }
        guard let bounds = self.bounds else { return line(name, labels, figures.value) }
        var text = ""
        var count: UInt64 = 0
        for (bound, observations) in zip(bounds.map(number) + ["+Inf"], figures.buckets) {
            count += observations
            text += line("\(name)_bucket", labels + ["le=\"\(bound)\""], Double(count))
        }
        return text + line("\(name)_sum", labels, figures.value) + line("\(name)_count", labels, Double(count))
    }
}

private func line(_ name: String, _ labels: [String], _ value: Double) -> String {
    "\(name)\(labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}") \(number(value))\n"
}

private func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    // Whole numbers are shown as such, as far as a Double knows them.
    if value == value.rounded(), value.magnitude < 9_007_199_254_740_992 { return "\(Int64(value))" }
    return "\(value)"
}

// MARK: - What swift-metrics sees of a series

final class CounterSeries: CounterHandler, FloatingPointCounterHandler {
    private let series: Series

    init(_ series: Series) {
        self.series = series
    }

    func increment(by amount: Int64) {
        self.increment(by: Double(amount))
    }

    func increment(by amount: Double) {
        // A counter that falls would look like a restart.
        if amount > 0 { self.series.add(amount) }
    }

    func reset() {
        self.series.set(0)
    }
}

final class GaugeSeries: MeterHandler, RecorderHandler {
    private let series: Series

    init(_ series: Series) {
        self.series = series
    }

    func set(_ value: Int64) { self.series.set(Double(value)) }
    func set(_ value: Double) { self.series.set(value) }
    func increment(by amount: Double) { self.series.add(amount) }
    func decrement(by amount: Double) { self.series.add(-amount) }
    func record(_ value: Int64) { self.series.set(Double(value)) }
    func record(_ value: Double) { self.series.set(value) }
}

final class ObservationSeries: RecorderHandler, TimerHandler {
    private let series: Series

    init(_ series: Series) {
        self.series = series
    }

    func record(_ value: Int64) { self.series.observe(Double(value)) }
    func record(_ value: Double) { self.series.observe(value) }
    func recordNanoseconds(_ duration: Int64) { self.series.observe(Double(duration) / 1_000_000_000) }
}
