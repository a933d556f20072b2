import CurlTransport
import Foundation
import HTTPTransport
import KubernetesTesting
import Logging
import Observability
import Testing

/// Two pairs that `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -days 36500` has made.
@Suite("TLSIdentity", .timeLimit(.minutes(1)))
struct TLSIdentityTests {
    private let time = ManualTime()
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Runs a body with a folder for a pair, and an endpoint that shows what is in there.
    private func withEndpoint(_ body: (URL, HTTPEndpoint) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Pair.first.write(to: folder)
        let identity = try TLSIdentity(
            .files(
                certificate: folder.appending(path: "tls.crt").path(),
                key: folder.appending(path: "tls.key").path()
            ),
            now: { self.time.now },
            logger: self.logger
        )
        let endpoint = HTTPEndpoint(
            name: "test",
            address: try #require(BindAddress("127.0.0.1:0")),
            identity: identity,
            logger: self.logger,
            answer: { _ in HTTPAnswer(status: 200, text: "") }
        )
        let task = Task { try await endpoint.run() }
        #expect(await eventually { endpoint.port != 0 })
        try await body(folder, endpoint)
        task.cancel()
        _ = await task.result
    }

    /// Whether a new connection is shown this pair's certificate.
    private func shows(_ pair: Pair, _ endpoint: HTTPEndpoint) async throws -> Bool {
        var configuration = CurlTransport.Configuration(server: "https://127.0.0.1:\(endpoint.port)")
        configuration.trust = .certificates(pem: Array(pair.certificate.utf8))
        let client = try CurlTransport(configuration: configuration)
        let response = try? await client.send(HTTPRequest(method: "GET", target: "/"))
        await client.close()
        return response != nil
    }

    @Test("A pair that is exchanged is shown within ten seconds; one that does not fit leaves the last good one")
    func rotation() async throws {
        try await self.withEndpoint { folder, endpoint in
            #expect(try await self.shows(.first, endpoint))
            try Pair.second.write(to: folder)
            #expect(try await self.shows(.first, endpoint))
            self.time.advance(by: .seconds(10))
            #expect(try await self.shows(.second, endpoint))
            try Pair(certificate: Pair.first.certificate, key: Pair.second.key).write(to: folder)
            self.time.advance(by: .seconds(10))
            #expect(try await self.shows(.second, endpoint))
            try Pair(certificate: "", key: "").write(to: folder)
            self.time.advance(by: .seconds(10))
            #expect(try await self.shows(.second, endpoint))
        }
    }

    @Test("Files that are missing are named in one line")
    func missing() throws {
        let error = #expect(throws: TLSIdentityError.self) {
            try TLSIdentity(.files(certificate: "/nowhere/tls.crt", key: "/nowhere/tls.key"), logger: self.logger)
        }
        #expect(error?.description.hasPrefix("/nowhere/tls.crt, /nowhere/tls.key: ") == true)
    }
}

/// A certificate for 127.0.0.1, signed by itself, and its key.
private struct Pair {
    let certificate: String
    let key: String

    func write(to folder: URL) throws {
        try self.certificate.write(to: folder.appending(path: "tls.crt"), atomically: true, encoding: .utf8)
        try self.key.write(to: folder.appending(path: "tls.key"), atomically: true, encoding: .utf8)
    }

    static let first = Pair(
        certificate: """
            -----BEGIN CERTIFICATE-----
            MIIBiDCCAS6gAwIBAgIUPlxEDS5maqDzbXBESzY322ij/xQwCgYIKoZIzj0EAwIw
            EDEOMAwGA1UEAwwFZmlyc3QwIBcNMjYxMTIxMTQ0NTQ3WhgPMjEyNjEwMjgxNDQ1
            NDdaMBAxDjAMBgNVBAMMBWZpcnN0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
            Ew0Lbn9KfaQWdUn3SchUifDE6cHIip/8O2izcDpJiP9V6G67o83rGooYxQLBAhzV
            PY7+EjiaDfU52WLPchDK+KNkMGIwHQYDVR0OBBYEFLwEMowByrl4Ii0mqGZtf4um
            UX+aMB8GA1UdIwQYMBaAFLwEMowByrl4Ii0mqGZtf4umUX+aMA8GA1UdEwEB/wQF
            MAMBAf8wDwYDVR0RBAgwBocEfwAAATAKBggqhkjOPQQDAgNIADBFAiEA3vE/gmjJ
            F32KJSJtT8lvEMY9bUhIj2Gv/G6G7tgXFUcCIHnVBm3brkKOxFG1ryzXgLyodPro
            qj9uAKXlcVKdtZI3
            -----END CERTIFICATE-----

            """,
        key: """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgcwgsfr6Umlmu0+bx
            aiXOpTVCNbs8UTM1SNaaelcj0kyhRANCAAQTDQtuf0p9pBZ1SfdJyFSJ8MTpwciK
            n/w7aLNwOkmI/1XobrujzesaihjFAsECHNU9jv4SOJoN9TnZYs9yEMr4
            -----END PRIVATE KEY-----

            """
    )

    static let second = Pair(
        certificate: """
            -----BEGIN CERTIFICATE-----
            MIIBizCCATCgAwIBAgIUQx8BSvh42NnUJi/HPM0i9yIImCIwCgYIKoZIzj0EAwIw
            ETEPMA0GA1UEAwwGc2Vjb25kMCAXDTI2MTEyMTE0NDU0N1oYDzIxMjYxMDI4MTQ0
            NTQ3WjARMQ8wDQYDVQQDDAZzZWNvbmQwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
            AARp1IvZVVdMzycTcekoZflGA8dHsn/qNUavq4JAI7GNt9kOnbJqxu5prPYsUAKB
            WNFxdYGswqamS4IIqHGceNJRo2QwYjAdBgNVHQ4EFgQU2oJ47krndzcBq6Y7fPqo
            ZMGD5XEwHwYDVR0jBBgwFoAU2oJ47krndzcBq6Y7fPqoZMGD5XEwDwYDVR0TAQH/
            BAUwAwEB/zAPBgNVHREECDAGhwR/AAABMAoGCCqGSM49BAMCA0kAMEYCIQCq2Y4Y
            tfE/eLNTGySag9mzV74QJQbUDBKi+XM36NZ+hgIhAJi11faM63vG+5TIEEkS70Oo
            R8CUTGCmNfqFra3TIyXI
            -----END CERTIFICATE-----

            """,
        key: """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgZkx3s7FygNBZliWq
            /j6qQ3daNDDJAqogVpmn5UfszO2hRANCAARp1IvZVVdMzycTcekoZflGA8dHsn/q
            NUavq4JAI7GNt9kOnbJqxu5prPYsUAKBWNFxdYGswqamS4IIqHGceNJR
            -----END PRIVATE KEY-----

            """
    )
}
