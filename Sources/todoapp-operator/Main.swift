internal import ArgumentParser
internal import KubectlTodoApp

/// The command line: each subcommand reads its flags, calls the libraries, prints what they give.
///
/// Exit codes: 0 all is well; 1 the thing is wrong; 2 the command was called wrongly; 3 the lease was lost (`run` alone).
@main
struct TodoAppCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "todoapp-operator",
        abstract: "Runs todo apps on Kubernetes: applies what their contracts lay down, and says how they are.",
        version: BuildInformation.version,
        subcommands: [
            RunCommand.self, RenderCommand.self, ValidateCommand.self, ContractsCommand.self,
            DockerfileCommand.self, CheckDockerfileCommand.self, CheckImageCommand.self, ProbeCommand.self,
            VersionCommand.self,
        ]
    )

    static func main() async {
        if KubectlTodoApp.isMeant(by: CommandLine.arguments.first ?? "") {
            await runPlugin()
        }
        do {
            var command = try Self.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let failure as CommandFailure {
            for line in failure.lines {
                StandardError.write("todoapp-operator: \(line)\n")
            }
            Process.exit(with: failure.verdict)
        } catch {
            if Self.exitCode(for: error) == .success {
                Self.exit(withError: error)
            }
            StandardError.write(Self.fullMessage(for: error) + "\n")
            Process.exit(with: .calledWrongly)
        }
    }
}

/// The thing that a command looked at is wrong; one line for each finding.
struct CommandFailure: Error {
    var lines: [String]
    /// How the process ends.
    var verdict = Process.Verdict.thingIsWrong

    init(_ lines: [String], verdict: Process.Verdict = .thingIsWrong) {
        self.lines = lines
        self.verdict = verdict
    }

    init(_ error: any Error) {
        self.lines = ["\(error)"]
    }
}
