internal import ArgumentParser
internal import KubernetesAPI
internal import KubernetesClient
internal import TodoAppAPI

struct LogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Prints the logs of all pods of a TodoApp, or of one component, each line with its pod.",
        discussion: """
            With -f it goes on until Ctrl-C, also through restarts and rollouts: the log of a pod that comes later is shown \
            from its beginning. A container that has not started yet has no log; that, and why, is said on standard error.
            """
    )

    @OptionGroup var app: AppArgument

    @Argument(help: "backend or frontend. Default: both.", transform: componentName)
    var component: ComponentName?

    @Flag(name: .shortAndLong, help: "Go on with what is written from now on, until Ctrl-C.")
    var follow = false

    @Flag(name: .shortAndLong, help: "Print the log of each container's former run, which a restart has ended.")
    var previous = false

    @Option(help: "Print only so many lines of the end of each log.")
    var tail: Int?

    @Option(help: "Print only what is not older than this, for example 90s or 5m.", transform: timeSpan)
    var since: Duration?

    @Option(help: "auto, always or never.", transform: colorChoice)
    var color = ColorChoice.auto

    @OptionGroup var options: PluginOptions

    func validate() throws {
        if self.follow, self.previous { throw ValidationError("--previous is about what has ended: leave -f out") }
        if let tail, tail < 0 { throw ValidationError("--tail: must not be negative") }
    }

    func run() async throws {
        try await self.options.withCluster { connection, surroundings in
            let key = self.app.key(in: connection.namespace)
            _ = try await connection.reader.app(key)
            var selection = LogSelection()
            selection.isPrevious = self.previous
            selection.follows = self.follow
            selection.tail = self.tail
            selection.sinceSeconds = self.since?.components.seconds
            let style = Style(self.color, terminal: surroundings.terminal(), environment: surroundings.environment)
            let logs = PodLogs(connection.client, selection, style, surroundings)
            if self.follow {
                try await surroundings.untilInterrupted {
                    try await logs.follow(key, component: self.component)
                }
                return
            }
            let pods = try await connection.reader.pods(key, component: self.component)
            guard !pods.isEmpty else {
                let component = self.component.map { " \($0.rawValue)" } ?? ""
                throw PluginFailure("todoapp/\(key.name)\(component) has no pods")
            }
            try await logs.print(pods)
        }
    }
}
