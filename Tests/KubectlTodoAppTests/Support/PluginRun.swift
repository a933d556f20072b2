import HTTPTransport
import JSON
import KubectlTodoApp
import KubernetesClient
import KubernetesTesting
import Locks

/// One run of the plugin against a cluster that answers as told.
///
/// Ctrl-C is pressed as soon as a certain text was written.
struct PluginRun {
    let exitCode: Int32
    let output: String
    let errors: String
    let requests: [HTTPRequest]

    init(
        _ arguments: String...,
        terminal: TerminalSize? = nil,
        interruptedAt text: String? = nil,
        answering answer: @escaping @Sendable (HTTPRequest) async -> RecordedTransport.Answer
    ) async {
        await self.init(arguments, terminal: terminal, interruptedAt: text, answering: answer)
    }

    init(
        _ arguments: [String],
        terminal: TerminalSize? = nil,
        interruptedAt text: String? = nil,
        answering answer: @escaping @Sendable (HTTPRequest) async -> RecordedTransport.Answer
    ) async {
        let transport = RecordedTransport(answering: answer)
        let (output, errors) = (Locked(""), Locked(""))
        let interrupted = Signal()
        let surroundings = PluginSurroundings(
            connect: { _, _ in
                let client = KubernetesClient(
                    transport: transport,
                    credential: NoCredential(),
                    options: KubernetesClient.Options(userAgent: "test", retry: RetryPolicy(attempts: 1))
                )
                return PluginSurroundings.Connection(client: client, namespace: "todo-app")
            },
            write: { written in
                let isEnough = output.withLock { output in
                    output += written
                    return text.map { output.contains($0) } ?? false
                }
                if isEnough { interrupted.give() }
            },
            writeError: { text in errors.withLock { $0 += text } },
            terminal: { terminal },
            environment: [:],
            now: { noon },
            // Pauses between two looks are short, and time-outs never come.
            sleep: { try await Task.sleep(for: $0 < .seconds(1) ? .milliseconds(1) : .seconds(3600)) },
            interrupted: { _ = await interrupted.wait() }
        )
        self.exitCode = await KubectlTodoApp.run(arguments, in: surroundings)
        self.output = output.withLock { $0 }
        self.errors = errors.withLock { $0 }
        self.requests = transport.requests
    }
}

/// A cluster that has one scene in it.
struct SceneCluster: Sendable {
    var app: JSONValue
    var revisions: [JSONValue]
    var pods: [JSONValue]

    init(_ scene: Scene) {
        self.app = scene.app
        self.revisions = scene.revisions
        self.pods = scene.pods
    }

    /// The answer to a request; watches are silent.
    @Sendable func answer(_ request: HTTPRequest) async -> RecordedTransport.Answer {
        if request.target.contains("watch=true") { return .watch([], end: .silence) }
        switch request.path {
        case "/apis/todo.taskflow.dev/v1alpha1/namespaces/todo-app/todoapps/taskflow": return .json(self.app)
        case "/apis/todo.taskflow.dev/v1alpha1/namespaces/todo-app/todoapps",
            "/apis/todo.taskflow.dev/v1alpha1/todoapps":
            return .list([self.app], version: "10")
        case "/apis/apps/v1/namespaces/todo-app/replicasets": return .list(self.revisions, version: "10")
        case "/api/v1/namespaces/todo-app/pods": return .list(self.pods, version: "10")
        default: return .refusal(404, reason: "NotFound", message: "there is no \(request.path)")
        }
    }
}
