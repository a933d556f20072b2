import HTTPTransport
import KubernetesAPI
import KubernetesClient
import Testing

/// Each kind of kubeconfig, from its text to what a server sees.
@Suite("From a kubeconfig to the server")
struct KubeconfigConnectionTests {
    private let folder: TemporaryFolder

    init() throws {
        self.folder = try TemporaryFolder()
    }

    private static let script: ScriptedServer.Script = { connection, request in
        connection.respond(body: Array(#"{"gitVersion": "v1.31.2"}"#.utf8))
        return .keepOpen
    }

    /// Asks for the version as a kubeconfig says.
    private func ask(server: String, cluster: String = "", user: String) async throws -> ServerVersion {
        let yaml = """
            current-context: main
            clusters: [{name: c, cluster: {server: "\(server)", \(cluster)}}]
            users: [{name: u, user: {\(user)}}]
            contexts: [{name: main, context: {cluster: c, user: u}}]
            """
        try self.folder.write("config", yaml)
        let connection = try Kubeconfig.read(["\(self.folder.path)/config"]).connection(context: nil)
        let client = KubernetesClient(
            transport: try connection.makeTransport(),
            credential: connection.credential,
            options: KubernetesClient.Options(userAgent: "unit-test/1", retry: RetryPolicy(attempts: 1))
        )
        do throws(KubernetesClientError) {
            let version = try await client.serverVersion()
            await client.close()
            return version
        } catch {
            await client.close()
            throw error
        }
    }

    @Test("Name and password, and whom one acts for, arrive over TLS under the authority's protection")
    func headers() async throws {
        let server = try await TLSServer(script: Self.script)
        let authority = "certificate-authority: \(server.certificates.folder.path)/ca.pem"
        let url = "https://127.0.0.1:\(server.port)"
        _ = try await self.ask(server: url, cluster: authority, user: "username: jane, password: \"a:b\"")
        #expect(server.backend.requests.last?.headers["authorization"] == "Basic amFuZTphOmI=")
        _ = try await self.ask(
            server: url,
            cluster: authority,
            user: "token: abc, as: john, as-uid: \"7\", as-groups: [dev], as-user-extra: {scope/x: [all]}"
        )
        let seen = server.backend.requests.last?.headers ?? [:]
        #expect(seen["authorization"] == "Bearer abc")
        #expect(seen["impersonate-user"] == "john")
        #expect(seen["impersonate-uid"] == "7")
        #expect(seen["impersonate-group"] == "dev")
        #expect(seen["impersonate-extra-scope%2fx"] == "all")
    }

    @Test("A TLS server name is looked for in the certificate instead of the host")
    func serverName() async throws {
        var options = TLSServer.Options()
        options.certificate = "othername"
        let server = try await TLSServer(options, script: Self.script)
        let authority = "certificate-authority: \(server.certificates.folder.path)/ca.pem"
        let url = "https://127.0.0.1:\(server.port)"
        let named = "\(authority), tls-server-name: kubernetes.test"
        #expect(try await self.ask(server: url, cluster: named, user: "token: abc").minor == 31)
        await #expect(throws: KubernetesClientError.self) {
            try await self.ask(server: url, cluster: authority, user: "token: abc")
        }
    }

    @Test("Without an authority nobody is trusted, unless the kubeconfig insists")
    func insecure() async throws {
        let server = try await TLSServer(script: Self.script)
        let url = "https://127.0.0.1:\(server.port)"
        await #expect(throws: KubernetesClientError.self) { try await self.ask(server: url, user: "token: abc") }
        #expect(server.backend.requests.isEmpty)
        let insecure = "insecure-skip-tls-verify: true"
        #expect(try await self.ask(server: url, cluster: insecure, user: "token: abc").minor == 31)
    }

    @Test("A client certificate of two files is shown")
    func clientCertificate() async throws {
        var options = TLSServer.Options()
        options.wantsClientCertificate = true
        let server = try await TLSServer(options, script: Self.script)
        let keys = server.certificates.folder.path
        _ = try await self.ask(
            server: "https://127.0.0.1:\(server.port)",
            cluster: "certificate-authority: \(keys)/ca.pem",
            user: "client-certificate: \(keys)/client.pem, client-key: \(keys)/client.key"
        )
        #expect(try server.lastClient() == "CN=client")
    }

    @Test("A proxy is asked in the server's place, and through it the server")
    func proxy() async throws {
        let proxy = try ScriptedServer(Self.script)
        _ = try await self.ask(
            server: "http://kubernetes.test:8080",
            cluster: "proxy-url: \"http://127.0.0.1:\(proxy.port)\"",
            user: "token: abc"
        )
        #expect(proxy.requests.map(\.target) == ["http://kubernetes.test:8080/version"])
        // TLS goes through the proxy to the server itself, so the proxy is asked for no more than a way.
        let refusing = try ScriptedServer { connection, _ in
            connection.respond(403)
            return .close
        }
        await #expect(throws: KubernetesClientError.self) {
            try await self.ask(
                server: "https://kubernetes.test:6443",
                cluster: "proxy-url: \"http://127.0.0.1:\(refusing.port)\"",
                user: "token: abc"
            )
        }
        #expect(refusing.requests.map(\.method) == ["CONNECT"])
        #expect(refusing.requests.map(\.target) == ["kubernetes.test:6443"])
        #expect(refusing.requests.first?.headers["authorization"] == nil)
    }

    @Test("A plugin's token and certificate arrive, and after a 401 it is asked for another token")
    func plugin() async throws {
        var options = TLSServer.Options()
        options.wantsClientCertificate = true
        let server = try await TLSServer(options) { connection, request in
            let isKnown = request.headers["authorization"] == "Bearer token-2"
            let body = isKnown ? #"{"gitVersion": "v1.31.2"}"# : #"{"kind": "Status", "code": 401}"#
            connection.respond(isKnown ? 200 : 401, body: Array(body.utf8))
            return .keepOpen
        }
        let keys = server.certificates.folder.path
        try self.folder.write(
            "login",
            #"""
            #!/bin/sh
            # A token with the number of the run, and a certificate.
            cd "$(dirname "$0")" && echo run >> runs
            pem() { sed 's/$/\\n/' "$1" | tr -d '\n'; }
            printf '{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {'
            printf '"token": "%s-%s", ' "$PREFIX" "$(wc -l < runs | tr -d ' ')"
            printf '"clientCertificateData": "%s", "clientKeyData": "%s"}}' "$(pem "$1.pem")" "$(pem "$1.key")"
            """#
        )
        let version = try await self.ask(
            server: "https://127.0.0.1:\(server.port)",
            cluster: "certificate-authority: \(keys)/ca.pem",
            user: """
                exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: sh, \
                args: ["\(self.folder.path)/login", "\(keys)/client"], env: [{name: PREFIX, value: token}]}
                """
        )
        #expect(version.minor == 31)
        #expect(server.backend.requests.map { $0.headers["authorization"] } == ["Bearer token-1", "Bearer token-2"])
        #expect(try server.lastClient() == "CN=client")
    }

    @Test("Connections are probed while they are idle, so that a vanished peer is found out")
    func keepAlive() async throws {
        let server = try ScriptedServer(Self.script)
        let connection = try Kubeconfig.read([self.config(server: "http://127.0.0.1:\(server.port)")])
            .connection(context: nil)
        let transport = try connection.makeTransport()
        #expect(try await transport.get("/version").status == 200)
        // The kernel's list of connections: ours is the one whose other end is the server's port, and a timer of the
        // second kind, which is keep-alive's, runs for it.
        let port = String(server.port, radix: 16, uppercase: true)
        let hexPort = String(repeating: "0", count: 4 - port.count) + port
        let table = String(decoding: try TemporaryFolder.readFile("/proc/net/tcp"), as: UTF8.self)
        let ours = table.split(separator: "\n").map { $0.split(separator: " ") }
            .filter { $0.count > 5 && $0[2].hasSuffix(":\(hexPort)") && $0[3] == "01" }
        // The kernel may list a connection twice while others come and go: each has one near end.
        #expect(Set(ours.map { $0[1] }).count == 1, "\(ours)")
        #expect(ours.first?[5].hasPrefix("02:") == true, "\(ours)")
        await transport.close()
    }

    private func config(server: String) throws -> String {
        try self.folder.write(
            "config",
            """
            current-context: main
            clusters: [{name: c, cluster: {server: "\(server)"}}]
            contexts: [{name: main, context: {cluster: c}}]
            """
        )
        return "\(self.folder.path)/config"
    }
}
