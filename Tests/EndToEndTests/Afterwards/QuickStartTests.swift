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
                let run = try await session.run(command)
                try #require(run.exitCode == 0, "\(command): \(run.output)\(run.errors)")
                #expect(command.output.isEmpty || command.shows(run.output), "\(command):\n\(run.output)")
            }
            try await Installation("config/minikube", kubectl: kubectl).expectNothingLeft()
        }
    }
}
