internal import ArgumentParser
internal import KubernetesClient

/// `kubectl todoapp`: what an admin asks and tells TodoApps from a terminal.
///
/// The program is todoapp-operator's own, under the name `kubectl-todoapp`, by which kubectl finds it.
public enum KubectlTodoApp {
    /// The name under which kubectl looks for the program.
    public static let programName = "kubectl-todoapp"

    /// Whether the program was called by that name.
    ///
    /// - Parameter program: The first of the process's arguments.
    public static func isMeant(by program: String) -> Bool {
        let file = program.split(separator: "/").last ?? ""
        return file == Self.programName
    }

    /// Runs a subcommand.
    ///
    /// - Parameter arguments: Without the program's name.
    /// - Returns: The exit code: 0 all is well; 1 the thing is wrong; 2 the command was called wrongly.
    public static func run(_ arguments: [String], in surroundings: PluginSurroundings) async -> Int32 {
        do {
            var command = try KubectlTodoAppCommand.parseAsRoot(arguments)
            try await PluginSurroundings.$bound.withValue(surroundings) {
                if var asynchronous = command as? any AsyncParsableCommand {
                    try await asynchronous.run()
                } else {
                    try command.run()
                }
            }
            return 0
        } catch let failure as PluginFailure {
            return Self.tell(failure.lines, in: surroundings)
        } catch let error as KubernetesClientError {
            return Self.tell(PluginFailure(error).lines, in: surroundings)
        } catch {
            // What a user asked for, such as --help, is no error.
            let isHelp = KubectlTodoAppCommand.exitCode(for: error) == .success
            let text = KubectlTodoAppCommand.fullMessage(
                for: error,
                columns: surroundings.terminal()?.columns ?? usualColumns
            )
            (isHelp ? surroundings.write : surroundings.writeError)(text + "\n")
            return isHelp ? 0 : 2
        }
    }

    private static func tell(_ lines: [String], in surroundings: PluginSurroundings) -> Int32 {
        for line in lines {
            surroundings.writeError("kubectl todoapp: \(line)\n")
        }
        return 1
    }

    /// The help of a subcommand as it is printed where no terminal says how wide it is; `nil` where there is none.
    ///
    /// - Parameter subcommand: Its name; empty for the command itself.
    public static func help(_ subcommand: String = "") -> String? {
        if subcommand.isEmpty { return KubectlTodoAppCommand.helpMessage(columns: usualColumns) }
        let found = KubectlTodoAppCommand.configuration.subcommands.first { $0._commandName == subcommand }
        return found.map { KubectlTodoAppCommand.helpMessage(for: $0, columns: usualColumns) }
    }

    /// The subcommands' names in the order in which help lists them.
    public static var subcommands: [String] {
        KubectlTodoAppCommand.configuration.subcommands.map { $0._commandName }
    }
}

/// The width of help where no terminal says another one.
private let usualColumns = 80

struct KubectlTodoAppCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kubectl todoapp",
        abstract: "Shows how TodoApps are, and why; restarts, pauses and suspends them.",
        discussion: """
            Begin with "kubectl todoapp status": it lists the TodoApps of your namespace. "kubectl todoapp status NAME" \
            draws one of them with its components, revisions and pods, and says below each what is wrong and what to do.

            Exit codes: 0 all is well; 1 it is not, or could not be done; 2 the command was called wrongly.
            """,
        subcommands: [
            StatusCommand.self, LogsCommand.self, RestartCommand.self, PauseCommand.self, ResumeCommand.self,
            SuspendCommand.self,
        ]
    )
}
