import Foundation

/// Measures the operator beside what the API server can take at best; `hack/bench` calls it, once for each scenario.
///
/// `bench cold|live|lag|storm|shards COUNT FOLDER` measures on the cluster that KUBECONFIG names, `bench decode FOLDER` and
/// `bench scale COUNT FOLDER` in this process; each leaves a file in the folder. `bench report FOLDER` makes a table, JSON and a plot of these.
///
/// The environment names the operator (`TODOAPP_OPERATOR`), the API server's audit log (`AUDIT_LOG`), and how long the quiet
/// phase lasts (`BENCH_QUIET`, in seconds; default 60).
@main
struct Bench {
    static func main() async {
        do {
            try await Self.measure()
        } catch {
            print("bench: \(error)")
            exit(1)
        }
    }

    private static func measure() async throws {
        var arguments = Array(CommandLine.arguments.dropFirst())
        let command = arguments.isEmpty ? "" : arguments.removeFirst()
        let folder = URL(filePath: arguments.last ?? "")
        switch (command, arguments.count) {
        case ("report", 1): try Report(of: folder).write()
        case ("decode", 1): try Decode().measure().write(to: folder)
        case ("passes", 1): try await Passes().measure().write(to: folder)
        case ("scale", 2):
            guard let count = Int(arguments[0]), count > 0 else { return Self.explain() }
            try await Scale(count: count).measure().write(to: folder)
        case ("cold", 2), ("live", 2), ("lag", 2), ("storm", 2), ("shards", 2):
            guard let count = Int(arguments[0]), count > 0 else { return Self.explain() }
            let stage = try Stage(folder: folder)
            let figures =
                switch command {
                case "cold": try await ColdStart(stage: stage, count: count).measure()
                case "live": try await Live(stage: stage, count: count).measure()
                case "lag": try await StatusLag(stage: stage, count: count).measure()
                case "shards": try await Shards(stage: stage, count: count).measure()
                default: try await Storm(stage: stage, count: count).measure()
                }
            try figures.write(to: folder)
        default: Self.explain()
        }
    }

    private static func explain() {
        print(
            """
            usage: bench cold|live|lag|storm|shards|scale COUNT FOLDER, bench decode|passes FOLDER, bench report FOLDER
            """
        )
        exit(2)
    }
}
