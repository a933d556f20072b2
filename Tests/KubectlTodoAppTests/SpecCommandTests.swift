import HTTPTransport
import JSON
import KubernetesTesting
import Testing

struct SpecCommandTests {
    @Test(
        "pause, suspend and resume change what is not so yet, and say what was so already",
        arguments: [
            ("pause", [:], ["paused": true], "paused"), ("pause", ["paused": true], nil, "is paused already"),
            ("suspend", [:], ["suspended": true], "suspended"),
            ("suspend", ["suspended": true], nil, "is suspended already"),
            ("resume", ["paused": true], ["paused": nil], "resumed"),
            ("resume", ["paused": true, "suspended": true], ["paused": nil, "suspended": nil], "resumed"),
            ("resume", ["paused": false], nil, "is neither paused nor suspended"),
            ("pause", ["suspended": true], ["paused": true], "paused"),
        ] as [(String, JSONValue, JSONValue?, String)]
    )
    func flags(command: String, spec: JSONValue, patch: JSONValue?, said: String) async {
        var scene = Scene.ready
        scene.spec = scene.spec.merging(spec)
        let cluster = SceneCluster(scene)
        let run = await PluginRun(command, "taskflow") { await cluster.answer($0) }
        #expect(run.exitCode == 0)
        #expect(run.output == "todoapp/taskflow \(said)\n")
        let patches = run.requests.filter { $0.method == "PATCH" }
        #expect(patches.map(\.json) == (patch.map { [["spec": $0]] } ?? []))
        #expect(patches.allSatisfy { $0.header("Content-Type") == "application/merge-patch+json" })
        #expect(patches.allSatisfy { $0.target.contains("fieldManager=kubectl-todoapp") })
    }
}
