import HTTPTransport
import KubernetesTesting
import Locks
import Testing

@testable import CurlTransport
@testable import KubernetesClient

/// What a plugin would bring.
private final class ExchangedCertificate: ClientCertificateSource {
    let current = Locked<CurlTransport.Configuration.ClientCertificate?>(nil)

    func clientCertificate() async -> CurlTransport.Configuration.ClientCertificate? {
        self.current.withLock { $0 }
    }
}

@Suite("RotatingTransport")
struct RotationTests {
    private let folder: TemporaryFolder
    private let time = ManualTime()

    init() throws {
        self.folder = try TemporaryFolder()
    }

    private func write(_ bytes: [UInt8], to name: String) throws -> String {
        try self.folder.write(name, String(decoding: bytes, as: UTF8.self))
        return "\(self.folder.path)/\(name)"
    }

    private func transport(
        _ configuration: CurlTransport.Configuration,
        _ files: TransportFiles,
        certificates: (any ClientCertificateSource)? = nil
    ) throws -> RotatingTransport {
        let time = self.time
        return try RotatingTransport(
            configuration: configuration,
            files: files,
            certificates: certificates,
            now: { time.now }
        )
    }

    private static let script: ScriptedServer.Script = { connection, request in
        guard request.target == "/watch" else {
            connection.respond(body: Array("ok".utf8))
            return .keepOpen
        }
        _ = connection.beginChunked()
        connection.sendChunk([1])
        connection.waitForClient()
        return .close
    }

    @Test("An authority that was exchanged is read before the next request after a failure, and kept when it is spoilt")
    func authority() async throws {
        let server = try await TLSServer(script: Self.script)
        let path = try self.write(server.certificates.strangeAuthority, to: "ca.pem")
        var configuration = server.configuration
        configuration.trust = .certificates(pem: server.certificates.strangeAuthority)
        let transport = try self.transport(configuration, TransportFiles(authority: path))
        let refused = await failure { () async throws(HTTPTransportError) in
            try await transport.send(HTTPRequest(method: "GET", target: "/"))
        }
        guard case .certificateNotTrusted? = refused else {
            Issue.record("\(String(describing: refused))")
            return
        }
        _ = try self.write(server.certificates.authority, to: "ca.pem")
        #expect(try await transport.get("/").status == 200)
        let garbage = Array("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".utf8)
        for spoilt in [[], Array("no PEM".utf8), garbage] {
            _ = try self.write(spoilt, to: "ca.pem")
            self.time.advance(by: RotatingTransport.interval)
            #expect(try await transport.get("/").status == 200)
        }
        // And trust is really taken away again.
        _ = try self.write(server.certificates.strangeAuthority, to: "ca.pem")
        self.time.advance(by: RotatingTransport.interval)
        let again = await failure { () async throws(HTTPTransportError) in
            try await transport.send(HTTPRequest(method: "GET", target: "/"))
        }
        guard case .certificateNotTrusted? = again else {
            Issue.record("\(String(describing: again))")
            return
        }
        await transport.close()
    }

    @Test("A client certificate is exchanged when both files fit together; then the old streams end")
    func clientCertificate() async throws {
        var options = TLSServer.Options()
        options.wantsClientCertificate = true
        let server = try await TLSServer(options, script: Self.script)
        let keys = server.certificates
        let files = TransportFiles(
            clientCertificate: try self.write(keys.client, to: "client.pem"),
            clientKey: try self.write(keys.clientKey, to: "client.key")
        )
        var configuration = server.configuration
        configuration.clientCertificate = .init(certificate: keys.client, key: keys.clientKey)
        let transport = try self.transport(configuration, files)
        let stream = try await transport.send(
            HTTPRequest(method: "GET", target: "/watch", deadline: .stream(idle: .seconds(60)))
        )
        #expect(try await stream.body.next() == [1])
        #expect(try await transport.get("/").status == 200)
        #expect(try server.lastClient() == "CN=client")

        // Half of an exchange: the key is still the old one.
        _ = try self.write(try keys.folder.read("server.pem"), to: "client.pem")
        self.time.advance(by: RotatingTransport.interval)
        #expect(try await transport.get("/").status == 200)
        #expect(try server.lastClient() == "CN=client")

        _ = try self.write(try keys.folder.read("server.key"), to: "client.key")
        self.time.advance(by: RotatingTransport.interval)
        #expect(try await transport.get("/").status == 200)
        #expect(try server.lastClient() == "CN=server")
        let end = await failure { () async throws(HTTPTransportError) in try await stream.body.next() }
        #expect(end == .connectionLost("the client certificate was exchanged"))
        await transport.close()
    }

    @Test("A call that is under way when the certificate changes is answered on its old connection")
    func callUnderWay() async throws {
        let gate = Gate()
        let arrived = Gate()
        let server = try await TLSServer { connection, request in
            if request.target == "/slow" {
                arrived.open()
                gate.block()
            }
            connection.respond(body: Array("ok".utf8))
            return .keepOpen
        }
        let source = ExchangedCertificate()
        let transport = try self.transport(server.configuration, TransportFiles(), certificates: source)
        let slow = Task { try await transport.get("/slow") }
        await arrived.wait()
        let keys = server.certificates
        source.current.withLock { $0 = .init(certificate: keys.client, key: keys.clientKey) }
        #expect(try await transport.get("/").status == 200)
        gate.open()
        #expect(try await slow.value.body == Array("ok".utf8))
        await transport.close()
    }

    @Test("The same certificate again opens no new connection")
    func unchanged() async throws {
        let server = try await TLSServer(script: Self.script)
        let path = try self.write(server.certificates.authority, to: "ca.pem")
        let transport = try self.transport(server.configuration, TransportFiles(authority: path))
        for _ in 0..<5 {
            self.time.advance(by: RotatingTransport.interval)
            #expect(try await transport.get("/").status == 200)
        }
        #expect(Set(try server.accessLog().map(\.clientPort)).count == 1)
        await transport.close()
    }

    @Test("After it was closed nothing is sent")
    func closed() async throws {
        let server = try await TLSServer(script: Self.script)
        let transport = try self.transport(server.configuration, TransportFiles())
        await transport.close()
        let error = await failure { () async throws(HTTPTransportError) in
            try await transport.send(HTTPRequest(method: "GET", target: "/"))
        }
        #expect(error == .closed)
    }
}
