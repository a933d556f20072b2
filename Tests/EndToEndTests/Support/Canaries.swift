import Foundation
import JSON
import Testing

/// Every value of every Secret that this run has seen, and all that the cluster and the operator told meanwhile.
struct Canaries: Sendable {
    private let stage: Stage

    init(_ stage: Stage) {
        self.stage = stage
    }

    /// No value stands in any object but Secrets, nor in the log, nor in the metrics: neither plain nor in base64.
    func expectNowhere() async throws {
        let values = self.values
        let folder = URL(filePath: ClusterUnderTest.file("build/e2e"))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let (patterns, told) = (folder.appending(path: "secrets.txt"), folder.appending(path: "told.txt"))
        defer { try? FileManager.default.removeItem(at: patterns) }
        try Data(values.sorted().joined(separator: "\n").utf8).write(to: patterns)
        let text = try await self.told() + "\n" + self.stage.operatorPod.logText
        try Data(text.utf8).write(to: told)
        let search = try await ProgramRun(
            "grep",
            ["--only-matching", "--fixed-strings", "--file", patterns.path(), told.path()]
        )
        // 1 is grep's word for nothing found.
        #expect(search.exitCode == 1, "a secret was told: \(search.output.prefix(2000))\(search.errors)")
        print("none of \(values.count) secret values in \(text.utf8.count) bytes of objects, log and metrics")
    }

    /// The operator's secrets and its users'; an account's token belongs to Kubernetes.
    private var values: Set<String> {
        var values: Set<String> = []
        for event in self.events(of: .secrets) where event.object["type"] != "kubernetes.io/service-account-token" {
            for member in event.object["data"]?.object ?? JSONObject() {
                guard let base64 = member.value.string, let data = Data(base64Encoded: base64) else { continue }
                // Shorter ones are names and ports; certificates are shown to everybody who connects.
                guard data.count >= 10, !member.key.hasSuffix(".crt"), !Self.isPlain(member.key) else { continue }
                values.insert(base64)
                values.formUnion(String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init))
            }
        }
        return values.filter { $0.utf8.count >= 10 && !$0.hasPrefix("-----") }
    }

    /// Keys of a Secret whose values are no secrets: seed 001 has the front end's addresses there.
    private static func isPlain(_ key: String) -> Bool {
        ["BETTER_AUTH_URL", "FRONTEND_URL", "CORS_ORIGINS", "ALLOWED_ORIGINS"].contains(key)
    }

    private func told() async throws -> String {
        let kinds = WatchedKind.allCases.filter { $0 != .secrets }
        let objects = kinds.flatMap { self.events(of: $0).map { $0.object.text() } }
        let metrics = try await Scraper(self.stage).scrape()
        return (objects + [metrics.output]).joined(separator: "\n")
    }

    private func events(of kind: WatchedKind) -> [ObjectEvent] {
        self.stage.watch.histories(kind).flatMap { $0 }
    }
}
