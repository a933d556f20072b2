import HTTPTransport
import JSON
import KubectlTodoApp
import KubernetesTesting
import Testing

struct StatusCommandTests {
    @Test("status NAME draws the app, and asks for what belongs to it and nothing else")
    func tree() async {
        let run = await PluginRun("status", "taskflow", answering: SceneCluster(.ready).answer)
        #expect(run.exitCode == 0)
        #expect(run.errors.isEmpty)
        #expect(run.output.contains("✔ todo-app/taskflow"))
        #expect(run.output.contains("taskflow-backend-7d9f8c6b5-b2c3d"))
        #expect(run.requests.count == 3)
        let selectors = run.requests.dropFirst().map { $0.target.contains("instance%3Dtaskflow") }
        #expect(selectors == [true, true], "a selector keeps other apps' pods on the server")
    }

    @Test("todoapp/NAME is the same as NAME, as kubectl get -o name prints it")
    func prefixed() async {
        let run = await PluginRun(
            "status",
            "todoapp.todo.taskflow.dev/taskflow",
            answering: SceneCluster(.ready).answer
        )
        #expect(run.output.contains("✔ todo-app/taskflow"))
    }

    @Test("status lists the apps of the namespace, -A those of all")
    func list() async {
        let own = await PluginRun("status", answering: SceneCluster(.crashLoop).answer)
        #expect(own.output.contains("✖ taskflow"))
        #expect(!own.output.contains("NAMESPACE"))
        let all = await PluginRun("status", "-A", answering: SceneCluster(.ready).answer)
        #expect(all.output.contains("NAMESPACE"))
        #expect(all.requests.map(\.path) == ["/apis/todo.taskflow.dev/v1alpha1/todoapps"])
    }

    @Test("-o json and -o yaml print the tree for programs")
    func formats() async throws {
        let json = await PluginRun("status", "taskflow", "-o", "json", answering: SceneCluster(.ready).answer)
        let value = try JSONValue(parsing: json.output)
        #expect(value["children"]?[0]?["name"] == "backend")
        let yaml = await PluginRun("status", "taskflow", "-o", "yaml", answering: SceneCluster(.ready).answer)
        #expect(yaml.output.hasPrefix("kind: TodoApp\n"))
    }

    // MARK: What goes wrong

    @Test("A name that is not there: the near one is suggested, else the others are named")
    func noSuchApp() async {
        let near = await PluginRun("status", "taskflwo", answering: SceneCluster(.ready).answer)
        #expect(near.exitCode == 1)
        #expect(
            near.errors
                == "kubectl todoapp: there is no TodoApp \"taskflwo\" in namespace \"todo-app\"; did you mean \"taskflow\"?\n"
        )
        let far = await PluginRun("status", "shop", answering: SceneCluster(.ready).answer)
        #expect(
            far.errors == "kubectl todoapp: there is no TodoApp \"shop\" in namespace \"todo-app\"; there is taskflow\n"
        )
        let none = await PluginRun("status", "shop") { request in
            request.path.hasSuffix("todoapps") ? .list([], version: "1") : .refusal(404, reason: "NotFound")
        }
        #expect(
            none.errors
                == "kubectl todoapp: there is no TodoApp \"shop\" in namespace \"todo-app\", nor any other; -n names another namespace\n"
        )
    }

    @Test(
        "A cluster without the CustomResourceDefinition is told from one without the app",
        arguments: ["status", "status shop"]
    )
    func notInstalled(line: String) async {
        let run = await PluginRun(line.split(separator: " ").map(String.init)) { _ in
            .refusal(404, reason: "NotFound", message: "the server could not find the requested resource")
        }
        #expect(run.exitCode == 1)
        #expect(run.errors.contains("this cluster does not know TodoApps: install the CustomResourceDefinition"))
        #expect(run.errors.split(separator: "\n").count == 1)
    }

    @Test("A refusal is told in the server's own words, in one line")
    func forbidden() async {
        let sentence = "todoapps.todo.taskflow.dev \"taskflow\" is forbidden: User \"eve\" cannot get it"
        let run = await PluginRun("status", "taskflow") { _ in .refusal(403, reason: "Forbidden", message: sentence) }
        #expect(run.exitCode == 1)
        #expect(run.errors == "kubectl todoapp: \(sentence)\n")
    }

    @Test("Pods that may not be read leave a gap in the picture, and nothing more")
    func forbiddenPods() async {
        let cluster = SceneCluster(.ready)
        let run = await PluginRun("status", "taskflow") { request in
            request.path.hasSuffix("/pods")
                ? .refusal(403, reason: "Forbidden", message: "pods is forbidden") : await cluster.answer(request)
        }
        #expect(run.exitCode == 0)
        #expect(run.output.contains("the pods cannot be read: pods is forbidden"))
    }

    @Test(
        "A wrong call is told with its usage, and ends with 2",
        arguments: [
            ["status", "--colour"], ["status", "x", "-A"], ["restart"], ["logs", "x", "middle"],
            ["status", "-w", "-o", "json"],
        ]
    )
    func calledWrongly(arguments: [String]) async {
        let run = await PluginRun(arguments) { _ in .failure(.couldNotConnect("nobody must ask")) }
        #expect(run.exitCode == 2)
        #expect(run.errors.contains("Usage: kubectl todoapp"))
        #expect(run.requests.isEmpty)
    }

    @Test("Help goes to standard output and ends with 0")
    func help() async {
        let run = await PluginRun("--help") { _ in .failure(.couldNotConnect("nobody must ask")) }
        #expect(run.exitCode == 0)
        #expect(run.errors.isEmpty)
        for subcommand in KubectlTodoApp.subcommands {
            #expect(run.output.contains("\n  \(subcommand) "))
        }
    }
}
