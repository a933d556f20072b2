import Foundation

/// What a scenario came to.
struct Figures: Codable, Sendable {
    var scenario: String
    var apps: Int
    /// Name to value; names end in their units.
    var values: [String: Double] = [:]
    /// Name to count of requests, by phase.
    var requests: [String: [String: Int]] = [:]

    init(_ scenario: String, apps: Int) throws {
        self.scenario = scenario
        self.apps = apps
        // What else the machine did: figures from a busy one are worth less.
        let load = try String(contentsOfFile: "/proc/loadavg", encoding: .utf8).split(separator: " ").first
        self.values["load before"] = load.flatMap { Double($0) }
    }

    func write(to folder: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        let count = try FileManager.default.contentsOfDirectory(atPath: folder.path())
            .count { $0.hasPrefix("\(self.scenario)-\(self.apps)-") && $0.hasSuffix(".json") }
        let file = folder.appending(path: "\(self.scenario)-\(self.apps)-\(count + 1).json")
        try encoder.encode(self).write(to: file)
        print(self.text)
    }

    var text: String {
        var lines = ["\(self.scenario), \(self.apps) TodoApps"]
        for (name, value) in self.values.sorted(by: { $0.key < $1.key }) {
            lines.append("  \(name): \(value.formatted(.number.precision(.fractionLength(0...3)).grouping(.never)))")
        }
        for (phase, counts) in self.requests.sorted(by: { $0.key < $1.key }) {
            let list = counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
            lines.append("  requests, \(phase): \(list.isEmpty ? "none" : list)")
        }
        return lines.joined(separator: "\n")
    }
}
