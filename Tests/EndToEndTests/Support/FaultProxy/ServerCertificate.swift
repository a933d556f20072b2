import NIOSSL

/// What a server shows in TLS, as files: a certificate and its key.
struct ServerCertificate: Sendable {
    let file: String
    let key: String

    func context() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(self.file).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: self.key, format: .pem))
        )
        configuration.applicationProtocols = ["http/1.1"]
        return try NIOSSLContext(configuration: configuration)
    }

    /// Makes an authority of its own, and a certificate by it for an address, in a folder.
    ///
    /// - Returns: The certificate, and the authority's file.
    static func new(
        in folder: String,
        named name: String,
        for address: String = "127.0.0.1"
    ) async throws -> (
        certificate: ServerCertificate, authority: String
    ) {
        func path(_ end: String) -> String { "\(folder)/\(name)\(end)" }
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
        try await openssl(
            ["req", "-x509"] + key
                + ["-keyout", path("-ca.key"), "-out", path("-ca.crt"), "-subj", "/CN=\(name) authority"]
        )
        try await openssl(
            ["req", "-x509"] + key
                + ["-keyout", path(".key"), "-out", path(".crt"), "-subj", "/CN=\(name)"]
                + ["-CA", path("-ca.crt"), "-CAkey", path("-ca.key")]
                + ["-addext", "basicConstraints=critical,CA:FALSE", "-addext", "subjectAltName=IP:\(address)"]
        )
        return (ServerCertificate(file: path(".crt"), key: path(".key")), path("-ca.crt"))
    }

    private struct OpenSSLFailed: Error {
        let errors: String
    }

    private static func openssl(_ arguments: [String]) async throws {
        let run = try await ProgramRun("openssl", arguments)
        guard run.exitCode == 0 else { throw OpenSSLFailed(errors: run.errors) }
    }
}
