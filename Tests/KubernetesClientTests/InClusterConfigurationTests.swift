import CurlTransport
import Testing

@testable import KubernetesClient

@Suite("InClusterConfiguration")
struct InClusterConfigurationTests {
    private let folder: TemporaryFolder

    init() throws {
        self.folder = try TemporaryFolder()
        try self.folder.write("AUTHORITY", to: "ca.crt")
        try self.folder.write("shop", to: "namespace")
        try self.folder.write("abc\n", to: "token")
    }

    private func configuration(host: String?, port: String?) throws -> InClusterConfiguration? {
        var environment: [String: String] = [:]
        environment["KUBERNETES_SERVICE_HOST"] = host
        environment["KUBERNETES_SERVICE_PORT"] = port
        return try InClusterConfiguration(environment: environment, folder: self.folder.path)
    }

    private func isInPod(host: String?, port: String?) throws -> Bool {
        try self.configuration(host: host, port: port) != nil
    }

    private func connection(host: String = "10.96.0.1", port: String = "443") throws -> ClusterConnection {
        try #require(try self.configuration(host: host, port: port)).connection()
    }

    @Test("The kubelet's files give server, trust, token and namespace")
    func whole() async throws {
        let connection = try self.connection()
        #expect(connection.transport.server == "https://10.96.0.1:443")
        #expect(connection.transport.trust == .certificates(pem: Array("AUTHORITY".utf8)))
        #expect(connection.namespace == "shop")
        #expect(try await connection.credential.headers().map(\.value) == ["Bearer abc"])
    }

    @Test("An IPv6 address stands in brackets")
    func brackets() throws {
        #expect(try self.connection(host: "fd00::1", port: "6443").transport.server == "https://[fd00::1]:6443")
    }

    @Test("Without both variables the process runs in no pod")
    func elsewhere() throws {
        #expect(try !self.isInPod(host: nil, port: "443"))
        #expect(try !self.isInPod(host: "10.96.0.1", port: nil))
        #expect(try !self.isInPod(host: "", port: "443"))
        #expect(try !self.isInPod(host: "10.96.0.1", port: ""))
    }

    @Test("A port that is none is refused by name", arguments: ["https", "-1", "65536", "tcp://10.0.0.1:443"])
    func badPort(_ port: String) {
        #expect(
            throws: ClusterConnectionError.invalidField(
                path: "environment",
                field: "KUBERNETES_SERVICE_PORT",
                rule: "must be a port"
            )
        ) {
            try self.configuration(host: "10.96.0.1", port: port)
        }
    }

    @Test("A missing file is named", arguments: ["ca.crt", "namespace"])
    func missing(_ name: String) throws {
        try self.folder.remove(name)
        #expect(
            throws: ClusterConnectionError.fileUnreadable(path: "\(self.folder.path)/\(name)", why: "no such file")
        ) {
            try self.connection()
        }
    }

    @Test("A line break behind the namespace is no part of it")
    func trimmedNamespace() throws {
        try self.folder.write("shop\n", to: "namespace")
        #expect(try self.connection().namespace == "shop")
    }
}
