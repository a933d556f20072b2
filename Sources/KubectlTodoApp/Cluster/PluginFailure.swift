internal import KubernetesAPI
internal import KubernetesClient

/// What the plugin was asked for cannot be had; one line for each reason.
struct PluginFailure: Error, Equatable {
    var lines: [String]

    init(_ lines: String...) {
        self.lines = lines
    }

    /// A call that failed: for people the server's own sentence says enough.
    init(_ error: KubernetesClientError) {
        switch error.cause {
        case .refused(let status) where status.isForbidden && !status.message.isEmpty:
            self.lines = [status.message]
        case .refused(let status) where status.code == 401:
            self.lines = ["the API server does not know you: the kubeconfig's credentials are wrong or have run out"]
        default:
            self.lines = ["\(error)"]
        }
    }
}
