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

    @Option(
        name: .customLong("api-qps"),
        help: "The most requests a second to the API server over a long time. Default: 0, no limit."
    )
    var apiQPS = 0.0

    @Option(name: .customLong("api-burst"), help: "How many requests may go out at once where --api-qps is set.")
    var apiBurst = 50

    func validate() throws {
        guard self.apiQPS >= 0, self.apiQPS.isFinite else { throw ValidationError("--api-qps: must be 0 or more") }
        guard self.apiBurst >= 1 else { throw ValidationError("--api-burst: must be 1 or more") }
    }

    /// Whether the user said anything about it.
    var isGiven: Bool {
        self.kubeconfig != nil || self.context != nil
    }

    /// What the API server's log calls this program.
    static let userAgent = "todoapp-operator/\(BuildInformation.version)"

    /// Finds the cluster and makes a client for it.
    func connect() throws -> (connection: ClusterConnection, client: KubernetesClient) {
        do {
            return try todoapp_operator.connect(
                kubeconfig: self.kubeconfig,
                context: self.context,
                program: "todoapp-operator",
                rateLimit: RateLimit(perSecond: self.apiQPS, burst: self.apiBurst)
            )
        } catch {
            throw CommandFailure(error)
        }
    }

    /// Finds the cluster.
    func find() throws -> ClusterConnection {
        do {
            return try ClusterConnection.find(
                self.kubeconfig.map(ClusterConnection.Source.file) ?? .environment,
                context: self.context,
                environment: ProcessInfo.processInfo.environment
            )
        } catch {
            throw CommandFailure(error)
        }
    }
}

/// Finds a cluster and makes a client for it.
///
/// - Parameter program: What the API server's log calls the program, beside its version.
func connect(
    kubeconfig: String?,
    context: String?,
    program: String,
    rateLimit: RateLimit = .none
) throws -> (connection: ClusterConnection, client: KubernetesClient) {
    let connection = try ClusterConnection.find(
        kubeconfig.map(ClusterConnection.Source.file) ?? .environment,
        context: context,
        environment: ProcessInfo.processInfo.environment
    )
    let client = KubernetesClient(
        transport: try connection.makeTransport(),
        credential: connection.credential,
        options: KubernetesClient.Options(
            userAgent: "\(program)/\(BuildInformation.version)",
            rateLimit: rateLimit
        )
    )
    return (connection, client)
}
