internal import ArgumentParser
internal import ControllerRuntime
internal import FoundationEssentials
internal import KubernetesClient
internal import Logging
internal import Observability

/// Where probes and metrics are served; the flags are called as in the field.
struct ServingOptions: ParsableArguments {
    @Option(
        name: .customLong("health-probe-bind-address"),
        help: "Where /livez and /readyz are served; 0 for nowhere. Default: :8081 in a pod, nowhere outside of one.",
        transform: bindAddress
    )
    var probes = Place.usual

    @Option(
        name: .customLong("metrics-bind-address"),
        help: "Where /metrics is served; 0 for nowhere. Default: :8443 in a pod, nowhere outside of one.",
        transform: bindAddress
    )
    var metrics = Place.usual

    @Option(
        name: .customLong("metrics-secure"),
        help: "Whether metrics are served over TLS, to those alone whom the API server lets get /metrics."
    )
    var isSecure = true

    @Option(
        name: .customLong("metrics-cert-path"),
        help: "A folder with tls.crt and tls.key for the metrics, re-read as they change. Default: a self-signed pair."
    )
    var certificateFolder: String?

    /// Where something is served.
    enum Place: Equatable {
        /// In a pod at the usual port, outside of one nowhere.
        case usual
        case nowhere
        case at(BindAddress)

        func address(usualPort: Int) -> BindAddress? {
            switch self {
            case .nowhere: nil
            case .at(let address): address
            case .usual:
                ProcessInfo.processInfo.environment["KUBERNETES_SERVICE_HOST"] == nil
                    ? nil : BindAddress(":\(usualPort)")
            }
        }
    }

    /// The servers of the probes and the metrics.
    func servers(
        probes: ProbeAnswers,
        registry: PrometheusRegistry,
        client: KubernetesClient,
        logger: Logger
    ) throws(TLSIdentityError) -> [HTTPEndpoint] {
        var servers: [HTTPEndpoint] = []
        if let address = self.probes.address(usualPort: 8081) {
            servers.append(
                HTTPEndpoint(name: "probes", address: address, identity: nil, logger: logger) { probes.answer($0) }
            )
        }
        if let address = self.metrics.address(usualPort: 8443) {
            let answers = MetricsAnswers(
                registry,
                authorizer: self.isSecure ? TokenAuthorizer(client: client, fieldManager: "todoapp-operator") : nil
            )
            servers.append(
                HTTPEndpoint(
                    name: "metrics",
                    address: address,
                    identity: self.isSecure ? try TLSIdentity(self.certificate, logger: logger) : nil,
                    logger: logger
                ) { await answers.answer($0) }
            )
        }
        return servers
    }

    private var certificate: TLSIdentity.Source {
        guard let folder = self.certificateFolder else { return .selfSigned(commonName: "todoapp-operator") }
        return .files(certificate: "\(folder)/tls.crt", key: "\(folder)/tls.key")
    }
}

private func bindAddress(_ text: String) throws -> ServingOptions.Place {
    if text == "0" { return .nowhere }
    guard let address = BindAddress(text) else {
        throw ValidationError("must be an address such as :8081 or 127.0.0.1:8081, or 0")
    }
    return .at(address)
}
