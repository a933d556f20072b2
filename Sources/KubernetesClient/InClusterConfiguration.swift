internal import CurlTransport

/// What the kubelet gives a pod to reach the API server with.
struct InClusterConfiguration {
    /// Where the kubelet mounts a ServiceAccount's files; Kubernetes' own constant.
    static let serviceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount"

    private let server: String
    private let folder: String

    /// The configuration of this pod; `nil` where the process does not run in one.
    init?(
        environment: [String: String],
        folder: String = InClusterConfiguration.serviceAccountFolder
    ) throws(ClusterConnectionError) {
        guard
            let host = environment["KUBERNETES_SERVICE_HOST"], !host.isEmpty,
            let port = environment["KUBERNETES_SERVICE_PORT"], !port.isEmpty
        else { return nil }
        guard UInt16(port) != nil else {
            throw .invalidField(path: "environment", field: "KUBERNETES_SERVICE_PORT", rule: "must be a port")
        }
        self.server = host.contains(":") ? "https://[\(host)]:\(port)" : "https://\(host):\(port)"
        self.folder = folder
    }

    func connection() throws(ClusterConnectionError) -> ClusterConnection {
        let authority = "\(self.folder)/ca.crt"
        let namespaceFile = "\(self.folder)/namespace"
        let namespace = String(decoding: try Self.read(namespaceFile), as: UTF8.self).trimmed
        var transport = CurlTransport.Configuration(server: self.server)
        transport.trust = .certificates(pem: try Self.read(authority))
        var connection = ClusterConnection(
            origin: "the pod's ServiceAccount",
            transport: transport,
            credential: TokenFileCredential(path: "\(self.folder)/token"),
            namespace: namespace.isEmpty ? "default" : namespace
        )
        connection.files.authority = authority
        return connection
    }

    private static func read(_ path: String) throws(ClusterConnectionError) -> [UInt8] {
        do throws(FileReadError) {
            return try FileContent.read(path)
        } catch {
            throw .fileUnreadable(path: path, why: error.why)
        }
    }
}
