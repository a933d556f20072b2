extension KubernetesClient {
    /// A client of the cluster that the surroundings name: `KUBECONFIG`, then the pod's own files, then `~/.kube/config`.
    ///
    /// - Parameters:
    ///   - environment: The process's environment variables.
    ///   - userAgent: What the API server's log calls this program.
    /// - Throws: ``ClusterConnectionError`` where no cluster is named; `HTTPTransportError` where its connection cannot be set up.
    public init(environment: [String: String], userAgent: String) throws {
        let connection = try ClusterConnection.find(.environment, context: nil, environment: environment)
        self.init(
            transport: try connection.makeTransport(),
            credential: connection.credential,
            options: Options(userAgent: userAgent)
        )
    }
}
