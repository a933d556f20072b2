internal import ArgumentParser
internal import JSON
internal import TodoAppAPI
internal import TodoAppOperator

struct RenderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render",
        abstract: "Prints the objects that the operator would make of TodoApps, without a cluster.",
        discussion: """
            What only the cluster knows is left out: owner references, the Secret's content and its revision, and node \
            ports that Kubernetes picks.
            """
    )

    @OptionGroup var manifests: ManifestOptions

    @Option(name: .shortAndLong, help: "yaml or json.")
    var output = OutputFormat.yaml

    @Option(help: "The namespace of TodoApps that name none.")
    var namespace = "default"

    func run() throws {
        let reading = try self.manifests.read()
        guard reading.problems.isEmpty else { throw CommandFailure(reading.problems.map(\.description)) }
        let objects = reading.manifests.flatMap { manifest in
            let namespace = manifest.namespace ?? self.namespace
            let app = EffectiveApp(name: manifest.name, namespace: namespace, spec: manifest.spec)
            return children(of: app, inputs: RenderInputs()).map(\.manifest)
        }
        StandardOutput.write(self.output.text(of: objects))
    }
}
