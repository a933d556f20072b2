import HTTPTransport

@testable import CurlTransport

/// A scripted server behind nghttpx, which speaks TLS and HTTP/2 to the client.
final class TLSServer: Sendable {
    struct Options {
        var certificate = "server"
        var wantsClientCertificate = false
        var streamsPerConnection = 100
    }

    let port: Int
    let backend: ScriptedServer
    let certificates: TestCertificates
    private let proxy: ChildProcess
    private let folder: TemporaryFolder

    init(_ options: Options = Options(), script: @escaping ScriptedServer.Script) async throws {
        self.certificates = try TestCertificates.shared()
        self.folder = try TemporaryFolder()
        self.backend = try ScriptedServer(script)
        self.port = try Sockets.freePort()
        let keys = self.certificates.folder.path
        var arguments = [
            "nghttpx", "--single-process", "--conf=/dev/null", "--frontend=127.0.0.1,\(self.port)",
            "--backend=127.0.0.1,\(self.backend.port)", "--workers=1", "--no-ocsp",
            "--accesslog-file=\(self.folder.path)/access.log",
            "--accesslog-format=$remote_port $alpn $tls_client_subject_name $request",
            "--frontend-http2-max-concurrent-streams=\(options.streamsPerConnection)",
        ]
        if options.wantsClientCertificate {
            arguments += ["--verify-client", "--verify-client-cacert=\(keys)/ca.pem"]
        }
        arguments += ["\(keys)/\(options.certificate).key", "\(keys)/\(options.certificate).pem"]
        self.proxy = try ChildProcess(arguments, output: "\(self.folder.path)/nghttpx.log")
        for _ in 0..<500 where Sockets.canConnect(port: self.port) == false {
            try await Task.sleep(for: .milliseconds(20))
        }
        guard Sockets.canConnect(port: self.port) else {
            let log = String(decoding: try self.folder.read("nghttpx.log"), as: UTF8.self)
            throw ChildProcess.Failure(description: "nghttpx does not listen: \(log)")
        }
    }

    /// A configuration that fits the server.
    var configuration: CurlTransport.Configuration {
        var configuration = CurlTransport.Configuration(server: "https://127.0.0.1:\(self.port)")
        configuration.trust = .certificates(pem: self.certificates.authority)
        return configuration
    }

    /// The protocol and the client's port of every request that was answered.
    func accessLog() throws -> [(clientPort: String, alpn: String)] {
        String(decoding: try self.folder.read("access.log"), as: UTF8.self).split(separator: "\n").map { line in
            let words = line.split(separator: " ")
            return (String(words[0]), String(words[1]))
        }
    }

    /// Whose certificate was shown with the last request that was answered, for example `CN=client`.
    func lastClient() throws -> String {
        let lines = String(decoding: try self.folder.read("access.log"), as: UTF8.self).split(separator: "\n")
        return lines.last.map { String($0.split(separator: " ")[2]) } ?? ""
    }

    /// Ends the proxy at once, in the middle of what it does.
    func stop() {
        self.proxy.stop()
    }
}
