internal import ArgumentParser
internal import CurlTransport
internal import JSON
internal import KubernetesClient
internal import TodoAppAPI
internal import TodoAppOperator

struct RenderCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render",
        abstract: "Prints the objects that the operator would make of TodoApps, without a cluster.",
        discussion: """
            What only the cluster knows is left out: owner references, the Secret's content and its revision, and node \
            ports that Kubernetes picks.

            With --diff it asks the cluster and prints what would change there: + is created, ~ is changed, - is \
            deleted, ! stays as it is for the reason that is given. Nothing is written, and no value of a Secret is \
            shown. It exits with 0 if nothing would change, with 1 if something would.
            """
    )

    @OptionGroup var manifests: ManifestOptions

    @Option(name: .shortAndLong, help: "yaml or json. Default: yaml.")
    var output: OutputFormat?

    @Option(help: "The namespace of TodoApps that name none.")
    var namespace = "default"

    @Flag(help: "Show what would change in the cluster.")
    var diff = false

    @OptionGroup(title: "Options for --diff") var cluster: ClusterOptions

    func validate() throws {
        if self.diff, self.output != nil { throw ValidationError("--diff has a form of its own: leave -o out") }
        if !self.diff, self.cluster.isGiven {
            throw ValidationError("--kubeconfig and --context: only --diff asks a cluster")
        }
    }

    func run() async throws {
        let reading = try self.manifests.read()
        guard reading.problems.isEmpty else { throw CommandFailure(reading.problems.map(\.description)) }
        if self.diff {
            try await self.showDiff(reading.manifests)
        } else {
            let objects = reading.manifests.flatMap { manifest in
                let namespace = manifest.namespace ?? self.namespace
                let app = EffectiveApp(name: manifest.name, namespace: namespace, spec: manifest.spec)
                return children(of: app, inputs: RenderInputs()).map(\.manifest)
            }
            StandardOutput.write((self.output ?? .yaml).text(of: objects))
        }
    }

    private func showDiff(_ manifests: [TodoAppManifest]) async throws {
        let (connection, client) = try self.cluster.connect()
        var isAnything = false
        do {
            let reader = try await DiffReader(client: client, randomBytes: { [UInt8](repeating: 0, count: $0) })
            for manifest in manifests {
                let diff = try await reader.diff(
                    name: manifest.name,
                    namespace: manifest.namespace ?? self.namespace,
                    spec: manifest.spec
                )
                StandardOutput.write(diff.text)
                isAnything = isAnything || !diff.isEmpty
            }
        } catch let error as KubernetesClientError {
            throw CommandFailure([connection.explanation(of: error)])
        } catch let problem as SyncProblem {
            throw CommandFailure([problem.message])
        }
        await client.close()
        if isAnything { Process.exit(with: .thingIsWrong) }
    }
}
