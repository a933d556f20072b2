import Foundation

/// A table, one JSON and a plot of all figures in a folder; where a scenario ran several times, of the medians.
struct Report {
    private let folder: URL
    private let figures: [Figures]

    init(of folder: URL) throws {
        self.folder = folder
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path()).sorted()
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        let runs = try names.filter { $0.hasSuffix(".json") && $0 != "bench.json" }.map { name in
            try decoder.decode(Figures.self, from: Data(contentsOf: folder.appending(path: name)))
        }
        self.figures = Dictionary(grouping: runs) { "\($0.scenario) \($0.apps)" }.values.map(median)
            .sorted { ($0.scenario, $0.apps) < ($1.scenario, $1.apps) }
    }

    func write() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        try encoder.encode(self.figures).write(to: self.folder.appending(path: "bench.json"))
        let table = self.table
        try Data(table.utf8).write(to: self.folder.appending(path: "bench.md"))
        try Data(Plot(self.figures).svg.utf8).write(to: self.folder.appending(path: "bench.svg"))
        print(table)
    }

    private var table: String {
        var lines: [String] = []
        for (scenario, runs) in Dictionary(grouping: self.figures, by: \.scenario).sorted(by: { $0.key < $1.key }) {
            let columns = runs.map { $0.apps == 0 ? "value" : "\($0.apps) TodoApps" }
            lines.append("| \(scenario) | \(columns.joined(separator: " | ")) |")
            lines.append("|---|\(columns.map { _ in "---:|" }.joined())")
            for name in Set(runs.flatMap(\.values.keys)).sorted() {
                let cells = runs.map { $0.values[name].map(text) ?? "" }
                lines.append("| \(name) | \(cells.joined(separator: " | ")) |")
            }
            for phase in Set(runs.flatMap(\.requests.keys)).sorted() {
                for what in Set(runs.flatMap { ($0.requests[phase] ?? [:]).keys }).sorted() {
                    let cells = runs.map { "\($0.requests[phase]?[what] ?? 0)" }
                    lines.append("| \(phase): \(what) | \(cells.joined(separator: " | ")) |")
                }
            }
            lines.append("")
        }
        return lines.joined(separator: "\n")
    }
}

private func text(_ value: Double) -> String {
    value.formatted(.number.precision(.significantDigits(1...4)).grouping(.never))
}

/// One set of figures for several of the same scenario; requests are those of the first.
private func median(_ runs: [Figures]) -> Figures {
    var result = runs[0]
    for name in runs.flatMap(\.values.keys) {
        let values = runs.compactMap { $0.values[name] }.sorted()
        result.values[name] = values[values.count / 2]
    }
    result.values["runs"] = Double(runs.count)
    return result
}
