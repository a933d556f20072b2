import Locks

/// An authority, a server's certificate for `localhost`, 127.0.0.1 and `kubernetes.test`, and a client's; made anew by openssl.
final class TestCertificates: Sendable {
    let folder: TemporaryFolder
    let authority: [UInt8]
    let strangeAuthority: [UInt8]
    let client: [UInt8]
    let clientKey: [UInt8]

    private struct Lent {
        weak var certificates: TestCertificates?
    }

    private static let lent = Locked(Lent())

    /// Those that another test uses at the moment, or new ones: making them takes many runs of openssl.
    static func shared() throws -> TestCertificates {
        try self.lent.withLock { lent in
            if let certificates = lent.certificates { return certificates }
            let certificates = try TestCertificates()
            lent.certificates = certificates
            return certificates
        }
    }

    private init() throws {
        self.folder = try TemporaryFolder()
        let names = "subjectAltName=DNS:localhost,DNS:kubernetes.test,IP:127.0.0.1"
        try Self.makeAuthority("ca", in: self.folder)
        try Self.makeAuthority("strange", in: self.folder)
        try Self.makeCertificate("server", extensions: names, in: self.folder)
        try Self.makeCertificate("othername", extensions: "subjectAltName=DNS:kubernetes.test", in: self.folder)
        try Self.makeCertificate("client", extensions: "extendedKeyUsage=clientAuth", in: self.folder)
        self.authority = try self.folder.read("ca.pem")
        self.strangeAuthority = try self.folder.read("strange.pem")
        self.client = try self.folder.read("client.pem")
        self.clientKey = try self.folder.read("client.key")
    }

    private static func makeAuthority(_ name: String, in folder: TemporaryFolder) throws {
        let path = "\(folder.path)/\(name)"
        try self.openssl(
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
                + ["-keyout", "\(path).key", "-out", "\(path).pem", "-subj", "/CN=\(name)"],
            in: folder
        )
    }

    private static func makeCertificate(_ name: String, extensions: String, in folder: TemporaryFolder) throws {
        let path = "\(folder.path)/\(name)"
        try folder.write("\(name).ext", "\(extensions)\n")
        try self.openssl(
            ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
                + ["-keyout", "\(path).key", "-out", "\(path).csr", "-subj", "/CN=\(name)"],
            in: folder
        )
        try self.openssl(
            ["x509", "-req", "-in", "\(path).csr", "-CA", "\(folder.path)/ca.pem", "-CAkey", "\(folder.path)/ca.key"]
                + ["-CAcreateserial", "-days", "2", "-extfile", "\(path).ext", "-out", "\(path).pem"],
            in: folder
        )
    }

    private static func openssl(_ arguments: [String], in folder: TemporaryFolder) throws {
        let code = try ChildProcess(["openssl"] + arguments, output: "\(folder.path)/openssl.log").wait()
        guard code == 0 else {
            let log = String(decoding: try folder.read("openssl.log"), as: UTF8.self)
            throw ChildProcess.Failure(description: "openssl failed: \(log)")
        }
    }
}
