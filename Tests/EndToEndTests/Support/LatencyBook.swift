import Foundation
import Synchronization
import Testing

/// How far the TodoApps' statuses lagged behind what the cluster showed, from watch event to watch event.
final class LatencyBook: Sendable {
    /// What the status may lag behind, for 95 of 100 failures.
    static let bound = Duration.seconds(2)

    private let samples = Mutex<[String: [Duration]]>([:])

    /// Notes one; a status that was told of before the cluster's own news did not lag at all.
    func note(_ name: String, _ latency: Duration) {
        self.samples.withLock { $0[name, default: []].append(max(.zero, latency)) }
    }

    /// Prints the figures, and holds the 95th percentile of all against the bound.
    func report() {
        let samples = self.samples.withLock { $0 }
        guard !samples.isEmpty else { return }
        print("from the cluster's own news of a failure to the TodoApp's:")
        for (name, latencies) in samples.sorted(by: { $0.key < $1.key }) {
            print("  \(line(name, latencies))")
        }
        let all = samples.values.flatMap { $0 }
        print("  \(line("all", all))")
        #expect(percentile(95, of: all) <= Self.bound, "the status lags behind")
    }
}

private func line(_ name: String, _ latencies: [Duration]) -> String {
    let (half, most) = (percentile(50, of: latencies), percentile(95, of: latencies))
    let title = name.padding(toLength: 34, withPad: " ", startingAt: 0)
    return "\(title) p50 \(milliseconds(half)) ms, p95 \(milliseconds(most)) ms, n \(latencies.count)"
}

private func percentile(_ percent: Int, of latencies: [Duration]) -> Duration {
    let sorted = latencies.sorted()
    return sorted[(sorted.count - 1) * percent / 100]
}

private func milliseconds(_ duration: Duration) -> Int64 {
    duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
}
