import CurlTransport
import KubernetesTesting
import Testing

@testable import KubernetesClient

@Suite("Kubeconfig")
struct KubeconfigTests {
    private static let path = "/home/me/.kube/config"

    private func connection(_ yaml: String, context: String? = nil) throws -> ClusterConnection {
        var config = Kubeconfig(files: [Self.path])
        try config.merge(path: Self.path, bytes: Array(yaml.utf8))
        return try config.connection(context: context)
    }

    /// A file with one context; the lines stand in its cluster and its user.
    private func file(cluster: String = "", user: String = "", server: String = "https://10.0.0.1:6443") -> String {
        """
        apiVersion: v1
        kind: Config
        current-context: main
        clusters: [{name: c, cluster: {server: "\(server)", \(cluster)}}]
        users: [{name: u, user: {\(user)}}]
        contexts: [{name: main, context: {cluster: c, user: u, namespace: shop}}]
        """
    }

    private func headers(user: String) async throws -> [String] {
        try await self.connection(self.file(user: user)).credential.headers().map { "\($0.name): \($0.value)" }
    }

    // MARK: What it comes to

    @Test("The current context gives server, namespace and origin")
    func current() throws {
        let connection = try self.connection(self.file())
        #expect(connection.origin == Self.path)
        #expect(connection.transport.server == "https://10.0.0.1:6443")
        #expect(connection.transport.trust == .system)
        #expect(connection.transport.clientCertificate == nil)
        #expect(connection.transport.tlsServerName == nil)
        #expect(connection.transport.proxyURL == nil)
        #expect(connection.namespace == "shop")
    }

    @Test("A context without a namespace means default, and one without a user is nobody")
    func bareContext() async throws {
        let connection = try self.connection(
            """
            clusters: [{name: c, cluster: {server: http://localhost:8080}}]
            contexts: [{name: main, context: {cluster: c}}]
            """,
            context: "main"
        )
        #expect(connection.namespace == "default")
        #expect(try await connection.credential.headers().isEmpty)
    }

    @Test("Another context than the current one can be named")
    func otherContext() throws {
        let yaml = """
            current-context: a
            clusters: [{name: a, cluster: {server: https://a}}, {name: b, cluster: {server: https://b}}]
            contexts: [{name: a, context: {cluster: a}}, {name: b, context: {cluster: b}}]
            """
        #expect(try self.connection(yaml).transport.server == "https://a")
        #expect(try self.connection(yaml, context: "b").transport.server == "https://b")
    }

    @Test("TLS server name and proxy go to the transport")
    func serverNameAndProxy() throws {
        let yaml = self.file(cluster: "tls-server-name: kubernetes, proxy-url: \"socks5://127.0.0.1:1080\"")
        let transport = try self.connection(yaml).transport
        #expect(transport.tlsServerName == "kubernetes")
        #expect(transport.proxyURL == "socks5://127.0.0.1:1080")
    }

    @Test("Whom to trust: an authority in the file, nobody at all, or the system")
    func trust() throws {
        #expect(
            try self.connection(self.file(cluster: "certificate-authority-data: Q0E=")).transport.trust
                == .certificates(pem: Array("CA".utf8))
        )
        #expect(try self.connection(self.file(cluster: "insecure-skip-tls-verify: true")).transport.trust == .insecure)
        #expect(try self.connection(self.file(cluster: "insecure-skip-tls-verify: false")).transport.trust == .system)
    }

    @Test("A client certificate stands in the file as base64, line breaks allowed")
    func certificateData() throws {
        let yaml = self.file(user: "client-certificate-data: \"Q0\\nVSVA==\", client-key-data: S0VZ")
        let certificate = try #require(try self.connection(yaml).transport.clientCertificate)
        #expect(certificate.certificate == Array("CERT".utf8))
        #expect(certificate.key == Array("KEY".utf8))
    }

    @Test("Paths are relative to the file that names them, and data wins over a path")
    func relativePaths() throws {
        let folder = try TemporaryFolder()
        try folder.makeFolder("pki")
        try folder.write("AUTHORITY", to: "pki/ca.crt")
        try folder.write("CERT", to: "client.crt")
        try folder.write("KEY", to: "client.key")
        let config = try folder.write(
            self.file(
                cluster: "certificate-authority: pki/ca.crt",
                user:
                    "client-certificate: ./client.crt, client-key: \(folder.path)/client.key, client-key-data: REFUQQ=="
            ),
            to: "config"
        )
        let transport = try Kubeconfig.read([config]).connection(context: nil).transport
        #expect(transport.trust == .certificates(pem: Array("AUTHORITY".utf8)))
        #expect(transport.clientCertificate?.certificate == Array("CERT".utf8))
        #expect(transport.clientCertificate?.key == Array("DATA".utf8))
    }

    // MARK: Several files

    @Test("Of several files the first that says something counts, and each keeps its own folder")
    func merge() async throws {
        let folder = try TemporaryFolder()
        try folder.makeFolder("a")
        try folder.makeFolder("b")
        try folder.write("token-of-b", to: "b/token")
        let first = try folder.write(
            """
            clusters: [{name: c, cluster: {server: https://first}}]
            contexts: [{name: main, context: {cluster: c, user: u}}]
            """,
            to: "a/config"
        )
        let second = try folder.write(
            """
            current-context: main
            clusters: [{name: c, cluster: {server: https://second}}, {name: d, cluster: {server: https://d}}]
            users: [{name: u, user: {tokenFile: token}}]
            contexts: [{name: main, context: {cluster: d}}, {name: other, context: {cluster: d, user: u}}]
            """,
            to: "b/config"
        )
        let config = try Kubeconfig.read([first, second])
        let main = try config.connection(context: nil)
        #expect(main.transport.server == "https://first")
        #expect(main.origin == first)
        #expect(try await main.credential.headers().map(\.value) == ["Bearer token-of-b"])
        let other = try config.connection(context: "other")
        #expect(other.transport.server == "https://d")
        #expect(other.origin == second)
    }

    @Test("The current context is the first one that is set")
    func mergedCurrentContext() throws {
        var config = Kubeconfig(files: ["a", "b", "c"])
        try config.merge(path: "a", bytes: Array("current-context: \"\"".utf8))
        try config.merge(path: "b", bytes: Array("current-context: one".utf8))
        try config.merge(path: "c", bytes: Array("current-context: two".utf8))
        #expect(config.currentContext == "one")
    }

    @Test("Missing files are passed over only where that is allowed")
    func missingFiles() throws {
        let folder = try TemporaryFolder()
        let there = try folder.write(self.file(), to: "config")
        let missing = "\(folder.path)/nowhere"
        #expect(try Kubeconfig.read([missing, there], skipMissing: true).files == [there])
        #expect(throws: ClusterConnectionError.fileUnreadable(path: missing, why: "no such file")) {
            try Kubeconfig.read([missing, there])
        }
        #expect(throws: ClusterConnectionError.noSuchFiles([missing])) {
            try Kubeconfig.read([missing], skipMissing: true)
        }
    }

    // MARK: Who we are

    @Test("A token goes into a bearer header, name and password into a basic one")
    func authorization() async throws {
        #expect(try await self.headers(user: "token: abc") == ["Authorization: Bearer abc"])
        #expect(
            try await self.headers(user: "username: me, password: \"p:w\"") == ["Authorization: Basic bWU6cDp3"]
        )
        #expect(try await self.headers(user: "").isEmpty)
    }

    @Test("A token wins over a name and password")
    func tokenOverBasic() async throws {
        #expect(try await self.headers(user: "username: me, password: pw, token: abc") == ["Authorization: Bearer abc"])
    }

    @Test("A token file wins over the token beside it, for it is the one that is kept fresh")
    func tokenFileOverToken() async throws {
        let folder = try TemporaryFolder()
        let token = try folder.write("fresh\n", to: "token")
        #expect(
            try await self.headers(user: "token: stale, tokenFile: \"\(token)\"") == ["Authorization: Bearer fresh"]
        )
    }

    @Test("Acting for somebody else adds headers that say for whom")
    func impersonation() async throws {
        let user = "token: abc, as: jane, as-uid: u-1, as-groups: [dev, ops], as-user-extra: {scope: [a, b], area: [c]}"
        let expected = [
            "Authorization: Bearer abc", "Impersonate-User: jane", "Impersonate-Uid: u-1",
            "Impersonate-Group: dev", "Impersonate-Group: ops", "Impersonate-Extra-area: c",
            "Impersonate-Extra-scope: a", "Impersonate-Extra-scope: b",
        ]
        #expect(try await self.headers(user: user) == expected)
        #expect(try await self.headers(user: "as: jane") == ["Impersonate-User: jane"])
    }

    @Test(
        "A connection that is printed does not show what it is let in with",
        arguments: [
            "token: s3cret", "username: me, password: s3cret", "token: s3cret, as: jane",
            "client-certificate-data: Q0VSVA==, client-key-data: czNjcmV0",
        ]
    )
    func secrecy(_ user: String) throws {
        let connection = try self.connection(self.file(user: user))
        var dumped = ""
        dump(connection, to: &dumped)
        let secretBytes = "\(Array("s3cret".utf8))"
        let isShown = [dumped, "\(connection)", String(reflecting: connection)].contains { text in
            ["s3cret", "bWU6czNjcmV0", secretBytes].contains { text.contains($0) }
        }
        // Not a comparison: were it to fail, the test would print the secret itself.
        #expect(!isShown)
    }

    @Test("What no header's name may hold is percent-encoded in the name of an extra")
    func impersonationExtraNames() async throws {
        let headers = try await self.headers(user: "as: jane, as-user-extra: {example.com/scope: [a]}")
        #expect(headers == ["Impersonate-User: jane", "Impersonate-Extra-example.com%2Fscope: a"])
    }

    @Test("Groups without a user to act for are refused: nothing may be done with more rights than were asked for")
    func impersonationWithoutUser() {
        #expect(throws: ClusterConnectionError.self) {
            try self.connection(self.file(user: "token: t, as-groups: [dev]"))
        }
    }
}
