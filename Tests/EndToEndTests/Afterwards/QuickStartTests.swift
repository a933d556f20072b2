import JSON
import TestFiles
import Testing

extension Afterwards {
    /// The way in.
    struct QuickStartTests {
        private static let namespace = "todo-app"

        @Test("docs/quick-start.md, as it is written, works, and prints what it says")
        func asItIsWritten() async throws {
            let cluster = try Afterwards.cluster
            let kubectl = Kubectl(kubeconfig: cluster.kubeconfig)
            try await kubectl("delete", "namespace", Self.namespace, "--ignore-not-found", "--timeout=120s")
            let page = try DocumentedPage("docs/quick-start.md")
            let session = try await DocumentedSession(page, on: cluster, isDryRun: false)
            defer { session.remove() }
            let commands = page.commands.filter { $0.need == nil }
            #expect(commands.count > 10)
            for command in commands {
                var run = try await session.run(command)
                // Two components fail, or get ready, one after the other: who asks reads what is so a moment later.
                for _ in 0..<20 where !command.output.isEmpty && !command.shows(run.output) && command.isQuestion {
                    try await Task.sleep(for: .milliseconds(500))
                    run = try await session.run(command)
                }
                try #require(run.exitCode == 0, "\(command): \(run.output)\(run.errors)")
                #expect(command.output.isEmpty || command.shows(run.output), "\(command):\n\(run.output)")
            }
            try await Installation("config/minikube", kubectl: kubectl).expectNothingLeft()
        }
    }
}

extension DocumentedCommand {
    /// Whether it changes nothing, and may be asked again.
    fileprivate var isQuestion: Bool { ["get", "describe"].contains(self.words.dropFirst().first) }
}
