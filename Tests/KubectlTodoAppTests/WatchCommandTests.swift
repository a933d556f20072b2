import HTTPTransport
import JSON
import KubectlTodoApp
import KubernetesTesting
import Testing

struct WatchCommandTests {
    /// A cluster whose app turns from one scene to another as soon as it is watched.
    private static func turning(
        from first: Scene,
        to second: JSONValue,
        type: String = "MODIFIED"
    ) -> @Sendable (HTTPRequest) async -> RecordedTransport.Answer {
        let cluster = SceneCluster(first)
        return { request in
            guard request.target.contains("watch=true"), request.path.hasSuffix("todoapps") else {
                return await cluster.answer(request)
            }
            var object = second
            object["metadata"]?["resourceVersion"] = "11"
            return .watch([["type": .string(type), "object": object]], end: .silence)
        }
    }

    @Test("In a pipe, --watch prints one picture after the other, each with its time, and none twice")
    func pipe() async {
        let run = await PluginRun(
            "status",
            "taskflow",
            "--watch",
            interruptedAt: "CrashLoopBackOff",
            answering: Self.turning(from: .ready, to: Scene.crashLoop.app)
        )
        #expect(run.exitCode == 0, "Ctrl-C is how a watch ends")
        let pictures = run.output.split(separator: "# 2026-01-01T12:00:00Z\n", omittingEmptySubsequences: false)
        #expect(pictures.count == 3, "nothing, and two pictures: \(run.output)")
        #expect(pictures[1].contains("✔ todo-app/taskflow"))
        #expect(pictures[2].contains("CrashLoopBackOff"))
        #expect(!run.output.contains("\u{1B}"))
    }

    @Test("On a terminal, --watch takes the screen, draws in place, gives it back and leaves the last picture")
    func screen() async throws {
        let run = await PluginRun(
            "status",
            "taskflow",
            "--watch",
            "--color",
            "never",
            terminal: TerminalSize(columns: 100, rows: 40),
            interruptedAt: "CrashLoopBackOff",
            answering: Self.turning(from: .ready, to: Scene.crashLoop.app)
        )
        #expect(run.exitCode == 0)
        #expect(run.output.hasPrefix("\u{1B}[?1049h\u{1B}[?25l\u{1B}[H"))
        let end = try #require(run.output.firstRange(of: "\u{1B}[?25h\u{1B}[?1049l"))
        let rest = run.output[end.upperBound...]
        #expect(rest.contains("CrashLoopBackOff"))
        #expect(!rest.contains("\u{1B}"), "what stays is plain text")
    }

    @Test("A watch ends when its TodoApp is gone")
    func gone() async {
        let run = await PluginRun(
            "status",
            "taskflow",
            "--watch",
            answering: Self.turning(from: .ready, to: Scene.ready.app, type: "DELETED")
        )
        #expect(run.exitCode == 0)
        #expect(run.output.hasSuffix("\nthe TodoApp is gone\n"))
    }
}
