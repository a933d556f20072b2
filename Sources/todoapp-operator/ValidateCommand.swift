internal import ArgumentParser
internal import TodoAppAPI

struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Checks TodoApps without a cluster.",
        discussion: """
            Prints a line for each TodoApp that is valid. Each thing that is wrong is one line on standard error, with file, \
            line, field and rule; then the exit code is 1. What needs a second object, such as a Secret, is checked by the \
            operator in the cluster.
            """
    )

    @OptionGroup var manifests: ManifestOptions

    func run() throws {
        let reading = try self.manifests.read()
        for manifest in reading.manifests {
            let namespace = manifest.namespace.map { "\($0)/" } ?? ""
            StandardOutput.write("todoapp \(namespace)\(manifest.name): valid\n")
        }
        guard reading.problems.isEmpty else { throw CommandFailure(reading.problems.map(\.description)) }
    }
}
