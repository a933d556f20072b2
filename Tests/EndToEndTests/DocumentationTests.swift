import Foundation
import JSON
import TestFiles
import Testing

extension EndToEnd {
    /// What the pages tell an admin to ask, asked of a real app.
    @Suite(.together)
    struct DocumentationTests {
        /// The quick start installs and removes the operator: `Afterwards.QuickStartTests` runs it.
        private static let pages: [String] = {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: ClusterUnderTest.file("docs"))) ?? []
            let pages = names.filter { $0.hasSuffix(".md") && $0 != "quick-start.md" }.sorted().map { "docs/\($0)" }
            return ["README.md"] + pages
        }()

        @Test("Every command of kubectl that a page shows is one that the cluster takes", arguments: Self.pages)
        func commands(_ path: String) async throws {
            let page = try DocumentedPage(path)
            let commands = page.commands.filter { command in
                command.need == nil && ["kubectl", "ln"].contains(command.words.first)
            }
            guard !commands.isEmpty else { return }
            try await TestNamespace.with("docs") { namespace in
                let app = try await namespace.run(Manifest.taskflow())
                try await app.waitUntilReady()
                let session = try await DocumentedSession(
                    page,
                    on: namespace.stage.cluster,
                    namespace: namespace.name,
                    names: try self.names(in: namespace),
                    isDryRun: true
                )
                defer { session.remove() }
                for command in commands {
                    let run = try await session.run(command)
                    // A page may show how a mistake is answered, or ask for the log of a container that never fell.
                    let isMistake = command.output.first?.hasPrefix("kubectl todoapp: ") ?? false
                    let isTooWell = run.errors.contains("previous terminated container")
                    #expect((run.exitCode == 0) != (isMistake || isTooWell), "\(command): \(run.output)\(run.errors)")
                }
            }
        }

        private func names(in namespace: TestNamespace) throws -> [String: String] {
            let app = namespace.app("taskflow")
            func ready(_ pods: [JSONValue]) throws -> String {
                try #require(pods.first { $0.isTrue("Ready") && !$0.isGoing }).name
            }
            return [
                "NAME": app.name, "demo": app.name, "NS": namespace.name, "todo-app": namespace.name,
                "COMPONENT": "backend", "POD": try ready(app.pods("backend")),
                "OPERATORPOD": try ready(namespace.watch.objects(.pods, OperatorPod.namespace)),
                "PULLSECRET": Credentials.secretName, "SECRET": Credentials.secretName,
                "KIND": "service", "OBJECT": "taskflow-backend",
            ]
        }
    }
}
