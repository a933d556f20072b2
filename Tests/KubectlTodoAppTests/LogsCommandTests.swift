import HTTPTransport
import JSON
import KubernetesTesting
import Testing

struct LogsCommandTests {
    /// A cluster with logs: each pod's is two lines with its last letters.
    private static func cluster(_ scene: Scene) -> @Sendable (HTTPRequest) async -> RecordedTransport.Answer {
        let cluster = SceneCluster(scene)
        return { request in
            guard request.path.hasSuffix("/log") else { return await cluster.answer(request) }
            let pod = request.path.split(separator: "/").dropLast().last.map(String.init) ?? ""
            let text = "first of \(pod.suffix(5))\nlast of \(pod.suffix(5))"
            return .response(status: 200, headers: [], chunks: text.utf8.map { [$0] }, end: .complete)
        }
    }

    @Test("Each line bears the name of its pod, and comes whole however its bytes arrive")
    func prefixed() async {
        let run = await PluginRun("logs", "taskflow", "backend", answering: Self.cluster(.ready))
        #expect(run.exitCode == 0)
        #expect(
            run.output.contains(
                "[taskflow-backend-7d9f8c6b5-b2c3d] first of b2c3d\n[taskflow-backend-7d9f8c6b5-b2c3d] last of b2c3d\n"
            )
        )
        let lists = run.requests.filter { $0.path.hasSuffix("/pods") }
        #expect(lists.count == 1 && lists[0].target.contains("component%3Dbackend"))
    }

    @Test("The flags go to the API server as it calls them")
    func flags() async {
        let run = await PluginRun(
            "logs",
            "taskflow",
            "--previous",
            "--tail",
            "7",
            "--since",
            "1m30s",
            answering: Self.cluster(.ready)
        )
        let log = run.requests.first { $0.path.hasSuffix("/log") }
        #expect(
            log?.target.hasSuffix("/log?container=backend&previous=true&tailLines=7&sinceSeconds=90") == true,
            "\(log?.target ?? "")"
        )
    }

    @Test("A container that has no log yet is said so; only where none has one the command fails")
    func waiting() async {
        let cluster = Self.cluster(.failedRollout)
        let sentence = "container \"backend\" in pod \"stxqt\" is waiting to start: ErrImageNeverPull"
        let answer: @Sendable (HTTPRequest) async -> RecordedTransport.Answer = { request in
            request.path.contains("stxqt/log")
                ? .refusal(400, reason: "BadRequest", message: sentence) : await cluster(request)
        }
        let some = await PluginRun("logs", "taskflow", answering: answer)
        #expect(some.exitCode == 0)
        #expect(some.errors == "kubectl todoapp: \(sentence)\n")
        let none = await PluginRun("logs", "taskflow") { request in
            request.path.hasSuffix("/log")
                ? .refusal(400, reason: "BadRequest", message: sentence) : await cluster(request)
        }
        #expect(none.exitCode == 1)
    }

    @Test("-f follows each pod from where it is asked to, and one that comes later from its beginning")
    func follows() async {
        let cluster = Self.cluster(.ready)
        let late = Scene.pod("backend", "7d9f8c6b5", "late1")
        let run = await PluginRun(
            "logs",
            "taskflow",
            "-f",
            "--tail",
            "1",
            interruptedAt: "last of late1",
            answering: { request in
                if request.target.contains("watch=true") {
                    var object = late
                    object["metadata"]?["resourceVersion"] = "11"
                    return .watch([["type": "ADDED", "object": object]], end: .silence)
                }
                return await cluster(request)
            }
        )
        #expect(run.exitCode == 0)
        let logs = run.requests.map(\.target).filter { $0.contains("/log?") }
        #expect(logs.count == 4)
        #expect(logs.filter { $0.hasSuffix("/log?container=backend&follow=true&tailLines=1") }.count == 2)
        #expect(logs.contains { $0.hasSuffix("late1/log?container=backend&follow=true") }, "\(logs)")
        #expect(run.output.contains("late1] last of late1\n"))
    }
}
