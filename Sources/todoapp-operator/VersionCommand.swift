internal import ArgumentParser
internal import CurlTransport
internal import TodoAppOperator
internal import YAML

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Prints the version of the operator and of the C libraries it runs with.",
        discussion: """
            Two versions with the same render revision make the same children of the same TodoApp: to go from one to the \
            other restarts no pod.
            """
    )

    func run() throws {
        StandardOutput.write(
            """
            todoapp-operator \(BuildInformation.version)
            commit \(BuildInformation.revision)
            render revision \(renderRevision)
            \(CurlTransport.libraryVersion)
            libyaml/\(YAML.libraryVersion)

            """
        )
    }
}
