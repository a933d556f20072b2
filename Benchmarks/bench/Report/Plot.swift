import Foundation

/// The figures that have a target, as bars, with the target as a line.
struct Plot {
    private struct Bar {
        var label: String
        var value: Double
        /// `nil` where there is none.
        var target: Double?
    }

    private let bars: [Bar]

    init(_ figures: [Figures]) {
        let targets: [(scenario: String, name: String, target: (Int) -> Double)] = [
            ("cold", "over the floor", { _ in 1.15 }),
            ("live", "over the floor", { _ in 1.15 }),
            ("cold", "CPU s", { 0.8 * Double($0) / 1000 }),
            ("live", "CPU s", { 0.8 * Double($0) / 1000 }),
            ("cold", "peak MiB", { $0 > 1000 ? 100 : 25 }),
            ("live", "peak MiB", { $0 > 1000 ? 100 : 25 }),
            ("cold", "writes a child", { _ in 1 }),
            ("cold", "status writes an app", { _ in 1 }),
            ("cold", "first write ms", { _ in 100 }),
            ("lag", "lag p99 ms, all", { _ in 50 }),
        ]
        self.bars = targets.flatMap { scenario, name, target in
            figures.filter { $0.scenario == scenario }.compactMap { figures in
                figures.values[name].map { value in
                    Bar(label: "\(scenario), \(figures.apps): \(name)", value: value, target: target(figures.apps))
                }
            }
        }
    }

    /// Each bar on a scale of its own, in which the target has the same place for all.
    var svg: String {
        let (left, full, row) = (300.0, 420.0, 26.0)
        var lines = [
            """
            <svg xmlns="http://www.w3.org/2000/svg" width="800" height="\(Int(Double(self.bars.count) * row) + 50)" \
            font-family="sans-serif" font-size="13">
            """,
            "<text x=\"10\" y=\"20\">Measured, as a part of the target (the line)</text>",
        ]
        for (index, bar) in self.bars.enumerated() {
            let y = 36 + Double(index) * row
            let share = bar.target.map { bar.value / $0 } ?? 1
            let width = min(share / 2, 1) * full
            lines.append("<text x=\"10\" y=\"\(y + 14)\">\(bar.label)</text>")
            lines.append(
                "<rect x=\"\(left)\" y=\"\(y)\" width=\"\(width)\" height=\"18\" fill=\"\(share > 1 ? "#c0504d" : "#4f8f5b")\"/>"
            )
            let value = bar.value.formatted(.number.precision(.significantDigits(1...3)).grouping(.never))
            lines.append("<text x=\"\(left + width + 6)\" y=\"\(y + 14)\">\(value)</text>")
        }
        let target = left + full / 2
        let end = 36 + Double(self.bars.count) * row
        lines.append(
            "<line x1=\"\(target)\" y1=\"30\" x2=\"\(target)\" y2=\"\(end)\" stroke=\"#333\" stroke-dasharray=\"4\"/>"
        )
        return (lines + ["</svg>"]).joined(separator: "\n")
    }
}
