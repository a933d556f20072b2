import Foundation
import JSON
import Synchronization
import Testing

extension EndToEnd {
    /// `kubectl todoapp` as a user calls it: found by kubectl on the PATH, on a real cluster.
    @Suite(.together)
    struct PluginTests {
        @Test("status, logs, restart, pause, resume and suspend do on a real app what they say")
        func day() async throws {
            try await TestNamespace.with("plugin") { namespace in
                let plugin = try Plugin(namespace)
                defer { plugin.remove() }
                let app = try await namespace.run(Manifest.taskflow())
                try await app.waitUntilReady()

                let tree = try await plugin("status", app.name)
                #expect(tree.contains("✔ \(namespace.name)/\(app.name)"))
                for pod in app.pods("backend") + app.pods("frontend") {
                    #expect(tree.contains("✔ \(pod.name)"), "\(tree)")
                }
                #expect(try await plugin("status").contains("✔ \(app.name)"))

                let log = try await plugin("logs", app.name, "backend", "--tail", "1")
                #expect(log.contains("[\(try #require(app.pods("backend").first).name)] taskflow backend 1.0.0 serves"))

                let before = Set(app.pods("backend").map(\.uid))
                let frontend = Set(app.pods("frontend").map(\.uid))
                #expect(try await plugin("restart", app.name, "backend", "--wait").hasSuffix("restarted\n"))
                let after = app.pods("backend").filter { !$0.isGoing }
                #expect(after.allSatisfy { !before.contains($0.uid) && $0.isTrue("Ready") })
                #expect(Set(app.pods("frontend").map(\.uid)) == frontend, "the other component's pods are the same")

                #expect(try await plugin("suspend", app.name) == "todoapp/\(app.name) suspended\n")
                try await app.waitUntil("is suspended") { $0.condition("Ready")?["reason"] == "Suspended" }
                #expect(try await plugin("status", app.name).contains("‖ backend"))
                #expect(try await plugin("resume", app.name) == "todoapp/\(app.name) resumed\n")
                try await app.waitUntil("is ready") { $0.condition("Ready")?["reason"] == "AllComponentsReady" }
                #expect(try await plugin("pause", app.name) == "todoapp/\(app.name) paused\n")
                #expect(try await plugin("pause", app.name) == "todoapp/\(app.name) is paused already\n")
            }
        }

        @Test("A watch in a pipe shows a missing image come and go, and kubectl rollout status agrees on the children")
        func watch() async throws {
            try await TestNamespace.with("plugin-watch") { namespace in
                let plugin = try Plugin(namespace)
                defer { plugin.remove() }
                let app = try await namespace.run(Manifest.taskflow())
                try await app.waitUntilReady()
                let watch = try plugin.watch("status", app.name, "--watch")
                defer { watch.stream.stop() }
                try await eventually("the first picture", within: .seconds(20)) { watch.text.contains("✔ backend") }

                try await app.change(["version": "9.9.9"])
                try await eventually("the failure", within: .seconds(60), lastSeen: { watch.text }) {
                    watch.text.contains("→ run: minikube image load taskflow-backend:9.9.9")
                }
                let generation = try await app.change(["version": "1.1.0"])
                try await app.waitUntilReady(generation: generation)
                try await eventually("the recovery", within: .seconds(20), lastSeen: { watch.text }) {
                    let last = watch.text.split(separator: "\n# ").last ?? ""
                    return last.contains("✔ \(namespace.name)/\(app.name)") && last.contains("taskflow-backend:1.1.0")
                }
                for component in ["backend", "frontend"] {
                    let said = try await namespace.kubectl(
                        "rollout",
                        "status",
                        "deployment/\(app.name)-\(component)",
                        "-n",
                        namespace.name,
                        "--timeout=30s"
                    )
                    #expect(said.contains("successfully rolled out"))
                }
            }
        }

        @Test("Names that are not there are answered with the near one, in one line")
        func suggestion() async throws {
            try await TestNamespace.with("plugin-name") { namespace in
                let plugin = try Plugin(namespace)
                defer { plugin.remove() }
                _ = try await namespace.run(Manifest.podless("taskflow"))
                let run = try await plugin.run("status", "taskflwo")
                #expect(run.exitCode == 1)
                #expect(run.errors.contains("did you mean \"taskflow\"?"))
                #expect(run.errors.split(separator: "\n").count == 1)
            }
        }
    }
}

/// The program under the name by which kubectl finds it, in a folder of its own.
private struct Plugin {
    private let folder: URL
    private let namespace: TestNamespace

    init(_ namespace: TestNamespace) throws {
        self.namespace = namespace
        self.folder = FileManager.default.temporaryDirectory.appending(path: "plugin-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            at: self.folder.appending(path: "kubectl-todoapp"),
            withDestinationURL: URL(filePath: namespace.stage.cluster.program)
        )
    }

    func remove() {
        try? FileManager.default.removeItem(at: self.folder)
    }

    /// Runs `kubectl todoapp`, which must succeed; gives what it printed.
    func callAsFunction(_ arguments: String...) async throws -> String {
        let run = try await self.run(arguments)
        guard run.exitCode == 0 else {
            throw Kubectl.Failure(command: "kubectl todoapp \(arguments.joined(separator: " "))", errors: run.errors)
        }
        return run.output
    }

    func run(_ arguments: String...) async throws -> ProgramRun {
        try await self.run(arguments)
    }

    private func run(_ arguments: [String]) async throws -> ProgramRun {
        try await ProgramRun("kubectl", self.full(arguments), environment: self.environment)
    }

    /// Starts `kubectl todoapp` and hears what it prints.
    func watch(_ arguments: String...) throws -> Watching {
        let heard = Heard()
        let assignments = self.environment.map { "\($0.key)=\($0.value)" }
        // LineStream starts programs by env(1), which takes assignments first.
        let stream = try LineStream(
            assignments[0],
            assignments.dropFirst() + ["kubectl"] + self.full(arguments),
            line: { heard.append($0) }
        )
        return Watching(stream: stream, heard: heard)
    }

    private func full(_ arguments: [String]) -> [String] {
        ["todoapp"] + arguments + ["-n", self.namespace.name, "--kubeconfig", self.namespace.stage.cluster.kubeconfig]
    }

    private var environment: [String: String] {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return ["PATH": "\(self.folder.path()):\(path)", "LC_ALL": "C.UTF-8"]
    }
}

/// A plugin that runs on, and what it has printed so far.
private struct Watching {
    let stream: LineStream
    let heard: Heard

    var text: String { self.heard.text }
}

private final class Heard: Sendable {
    private let lines = Mutex("")

    var text: String { self.lines.withLock { $0 } }

    func append(_ line: [UInt8]) {
        self.lines.withLock { $0 += String(decoding: line, as: UTF8.self) + "\n" }
    }
}
