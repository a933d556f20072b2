internal import ArgumentParser
internal import KubernetesAPI
internal import KubernetesClient
internal import TodoAppAPI

/// How a subcommand finds its cluster and namespace; the same flags as kubectl's.
struct PluginOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "The namespace. Default: the kubeconfig's.")
    var namespace: String?

    @Option(help: "The context of the kubeconfig. Default: its current one.")
    var context: String?

    @Option(help: "The kubeconfig. Default: KUBECONFIG, then ~/.kube/config.")
    var kubeconfig: String?

    /// Connects, runs the body, and closes the connections whatever comes of it.
    func withCluster<Result>(
        _ body: (PluginSurroundings.Connection, PluginSurroundings) async throws -> Result
    ) async throws -> Result {
        let surroundings = try PluginSurroundings.current
        var connection: PluginSurroundings.Connection
        do {
            connection = try surroundings.connect(self.kubeconfig, self.context)
        } catch {
            throw PluginFailure("\(error)")
        }
        connection.namespace = self.namespace ?? connection.namespace
        do {
            let result = try await body(connection, surroundings)
            await connection.client.close()
            return result
        } catch {
            await connection.client.close()
            throw error
        }
    }
}

/// The TodoApp that a subcommand is about.
struct AppArgument: ParsableArguments {
    @Argument(help: "The TodoApp's name.")
    var name: String

    /// Its key; `todoapp/NAME` and `ta/NAME` mean the same as `NAME`.
    func key(in namespace: String) -> ObjectKey {
        ObjectKey(namespace: namespace, name: appName(self.name))
    }
}

/// The name in what `kubectl get -o name` prints.
func appName(_ text: String) -> String {
    text.lastIndex(of: "/").map { String(text[text.index(after: $0)...]) } ?? text
}

extension PluginSurroundings.Connection {
    /// The cluster's TodoApps.
    var reader: AppReader { AppReader(client: self.client) }
}

/// Reads `backend` or `frontend`.
func componentName(_ text: String) throws -> ComponentName {
    guard let name = ComponentName(rawValue: text) else { throw ValidationError("must be backend or frontend") }
    return name
}

/// Reads `auto`, `always` or `never`.
func colorChoice(_ text: String) throws -> ColorChoice {
    guard let choice = ColorChoice(rawValue: text) else { throw ValidationError("must be auto, always or never") }
    return choice
}
