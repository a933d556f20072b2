internal import ArgumentParser
internal import CurlTransport
internal import YAML

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Prints the version of the operator and of the C libraries it runs with."
    )

    func run() throws {
        StandardOutput.write(
            """
            todoapp-operator \(BuildInformation.version)
            commit \(BuildInformation.revision)
            \(CurlTransport.libraryVersion)
            libyaml/\(YAML.libraryVersion)

            """
        )
    }
}
