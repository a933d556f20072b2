internal import ArgumentParser
internal import CurlTransport
internal import FoundationEssentials
internal import KubernetesClient

/// How a command finds its cluster.
struct ClusterOptions: ParsableArguments {
    @Option(help: "The kubeconfig. Default: KUBECONFIG, then the pod's own files, then ~/.kube/config.")
    var kubeconfig: String?

    @Option(help: "The context of the kubeconfig. Default: its current one.")
    var context: String?

    /// Whether the user said anything about it.
    var isGiven: Bool {
        self.kubeconfig != nil || self.context != nil
    }

    /// Finds the cluster and makes a client for it.
    func connect() throws -> (connection: ClusterConnection, client: KubernetesClient) {
        do {
            let connection = try ClusterConnection.find(
                self.kubeconfig.map(ClusterConnection.Source.file) ?? .environment,
                context: self.context,
                environment: ProcessInfo.processInfo.environment
            )
            let userAgent = "todoapp-operator/\(BuildInformation.version)"
            let client = KubernetesClient(
                transport: try CurlTransport(configuration: connection.transport),
                credential: connection.credential,
                options: KubernetesClient.Options(userAgent: userAgent)
            )
            return (connection, client)
        } catch {
            throw CommandFailure(error)
        }
    }
}
