internal import ArgumentParser
internal import JSON
internal import KubernetesAPI
internal import KubernetesClient
internal import TodoAppOperator

/// What managedFields call whoever changes a TodoApp with this command.
let fieldManager = KubectlTodoApp.programName

private let gitWarning = """
    Where the TodoApp comes from Git, change it there too: what applies it from there would take this back.
    """

struct PauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Has the operator write nothing but the status, until resume.",
        discussion: """
            What runs keeps running; edits by hand stay, and changes of the spec wait. It sets spec.paused. \(gitWarning)
            """
    )

    @OptionGroup var app: AppArgument
    @OptionGroup var options: PluginOptions

    func run() async throws {
        try await SpecFlags.pause.set(on: self.app, self.options, done: "paused", already: "is paused already")
    }
}

struct SuspendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suspend",
        abstract: "Scales a TodoApp to zero and keeps everything else, until resume.",
        discussion: """
            Its pods end; Services, Secret, configuration and volumes stay. It sets spec.suspended. \(gitWarning)
            """
    )

    @OptionGroup var app: AppArgument
    @OptionGroup var options: PluginOptions

    func run() async throws {
        try await SpecFlags.suspend.set(on: self.app, self.options, done: "suspended", already: "is suspended already")
    }
}

struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Takes pause and suspend back.",
        discussion: "It takes spec.paused and spec.suspended out. \(gitWarning)"
    )

    @OptionGroup var app: AppArgument
    @OptionGroup var options: PluginOptions

    func run() async throws {
        try await SpecFlags.resume.set(
            on: self.app,
            self.options,
            done: "resumed",
            already: "is neither paused nor suspended"
        )
    }
}

/// What is to become of `spec.paused` and `spec.suspended`; what is not named stays.
struct SpecFlags {
    private let wanted: [(field: String, value: Bool)]

    private init(_ wanted: [(field: String, value: Bool)]) {
        self.wanted = wanted
    }

    /// Nothing is to be written but the status.
    static let pause = SpecFlags([("paused", true)])
    /// No pods are to run.
    static let suspend = SpecFlags([("suspended", true)])
    /// Neither of the two.
    static let resume = SpecFlags([("paused", false), ("suspended", false)])

    /// The merge patch that makes it so; `nil` where it is so already.
    ///
    /// What is false is taken out: a manifest that never named the field then still is what lies in the cluster.
    func patch(for app: TodoAppObject) -> JSONValue? {
        var spec = JSONObject()
        for (field, value) in self.wanted where (app.spec[field]?.bool ?? false) != value {
            spec[field] = value ? true : .null
        }
        return spec.isEmpty ? nil : ["spec": .object(spec)]
    }

    func set(on app: AppArgument, _ options: PluginOptions, done: String, already: String) async throws {
        try await options.withCluster { connection, surroundings in
            let key = app.key(in: connection.namespace)
            guard let patch = self.patch(for: try await connection.reader.app(key)) else {
                surroundings.write("todoapp/\(key.name) \(already)\n")
                return
            }
            _ = try await connection.client.merge(TodoAppObject.resource, key, patch, fieldManager: fieldManager)
            surroundings.write("todoapp/\(key.name) \(done)\n")
        }
    }
}
