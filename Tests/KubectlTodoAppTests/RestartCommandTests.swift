import HTTPTransport
import JSON
import KubernetesTesting
import Testing
import TodoAppAPI
import TodoAppOperator

@testable import KubectlTodoApp

struct RestartCommandTests {
    @Test(
        "restart tells the operator by an annotation, of the app or of one component",
        arguments: [
            (
                ["restart", "taskflow"], "todo.taskflow.dev/restart-requested-at",
                "todoapp/taskflow restart requested\n"
            ),
            (
                ["restart", "taskflow", "backend"], "todo.taskflow.dev/restart-backend-requested-at",
                "todoapp/taskflow backend restart requested\n"
            ),
        ]
    )
    func annotation(arguments: [String], annotation: String, said: String) async {
        let run = await PluginRun(arguments, answering: SceneCluster(.ready).answer)
        #expect(run.exitCode == 0)
        #expect(run.output == said)
        let patches = run.requests.filter { $0.method == "PATCH" }.map(\.json)
        #expect(patches == [["metadata": ["annotations": [annotation: "2026-01-01T12:00:00Z"]]]])
    }

    @Test("A component that the app does not have is not restarted")
    func noSuchComponent() async {
        let run = await PluginRun("restart", "taskflow", "frontend", answering: SceneCluster(.imageNotPresent).answer)
        #expect(run.exitCode == 1)
        #expect(run.errors == "kubectl todoapp: todoapp/taskflow has no frontend\n")
        #expect(run.requests.allSatisfy { $0.method == "GET" })
    }

    @Test("Two wishes within a second are two")
    func twice() throws {
        var scene = Scene.ready
        scene.annotations = ["todo.taskflow.dev/restart-requested-at": "2026-01-01T12:00:00Z"]
        let request = RestartRequest(nil, at: noon + 0.4, of: try TodoAppObject(json: scene.app))
        #expect(request.time == "2026-01-01T12:00:01Z")
    }

    @Test("A restart is done when it was taken up and the app is ready, and has failed when it stalls")
    func progress() throws {
        func progress(_ change: (inout Scene) -> Void) throws -> RestartRequest.Progress {
            var scene = Scene.ready
            change(&scene)
            let app = try TodoAppObject(json: scene.app)
            return RestartRequest(nil, at: noon, of: app).progress(app)
        }
        #expect(try progress { _ in } == .waiting("the operator has not begun"))
        #expect(try progress { $0.spec["paused"] = true } == .waiting("the TodoApp is paused: resume it"))
        #expect(
            try progress { $0.lastHandledRestartAt = "2026-01-01T11:00:00Z" } == .waiting("the operator has not begun")
        )
        #expect(try progress { $0.lastHandledRestartAt = "2026-01-01T12:00:00Z" } == .done)
        let rolling = try progress {
            $0 = .rollingOut
            $0.lastHandledRestartAt = "2026-01-01T12:00:00Z"
        }
        #expect(rolling == .waiting("backend: 1 of 2 pods are of the current revision, 2 available"))
        let stalled = try progress {
            $0 = .failedRollout
            $0.lastHandledRestartAt = "2026-01-01T12:00:00Z"
        }
        #expect(stalled == .failed("ImageNotPresent: backend/taskflow-backend-9c8b7a6f5-stxqt/backend: …"))
    }

    @Test("--wait ends with 0 when the new pods are ready, and with 1 and the cause when they fail")
    func waits() async {
        for (scene, code) in [(Scene.ready, Int32(0)), (.failedRollout, 1)] {
            var handled = scene
            handled.lastHandledRestartAt = "2026-01-01T12:00:00Z"
            let run = await PluginRun("restart", "taskflow", "--wait", answering: SceneCluster(handled).answer)
            #expect(run.exitCode == code)
            #expect(code == 0 ? run.output.hasSuffix("restarted\n") : run.errors.contains("ImageNotPresent"))
        }
    }
}
