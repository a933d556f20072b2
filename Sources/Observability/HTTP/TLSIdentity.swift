internal import CCrypto
internal import Locks
public import Logging
internal import NIOSSL

/// The certificate and key that an endpoint shows.
///
/// *Guarantees*: files are read anew every ten seconds while there are connections, so that a rotation is picked up
/// without a restart; where they can't be read, or do not fit each other, the last good ones stay. TLS 1.2 at least.
public final class TLSIdentity: Sendable {
    /// Where certificate and key come from.
    public enum Source: Sendable, Equatable {
        /// From PEM files.
        case files(certificate: String, key: String)
        /// Made for this process, and signed by nobody: whoever asks cannot tell whom he talks to.
        case selfSigned(commonName: String)
    }

    private struct Content {
        var context: NIOSSLContext
        var readAt: ContinuousClock.Instant
    }

    private static let life = Duration.seconds(10)
    /// Longer than any process lives.
    private static let days: Int32 = 3650

    private let source: Source
    private let content: Locked<Content>
    private let now: @Sendable () -> ContinuousClock.Instant
    private let logger: Logger

    /// Reads or makes an identity.
    ///
    /// - Throws: ``TLSIdentityError`` where it cannot be used from the beginning.
    public init(
        _ source: Source,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now },
        logger: Logger
    ) throws(TLSIdentityError) {
        self.source = source
        self.now = now
        self.logger = logger
        self.content = Locked(Content(context: try Self.context(from: source), readAt: now()))
    }

    /// What a new connection is to use.
    func context() -> NIOSSLContext {
        let now = self.now()
        return self.content.withLock { content in
            guard case .files = self.source, content.readAt + Self.life <= now else { return content.context }
            content.readAt = now
            do throws(TLSIdentityError) {
                content.context = try Self.context(from: self.source)
            } catch {
                self.logger.warning("the last good certificate stays", metadata: ["error": "\(error)"])
            }
            return content.context
        }
    }

    private static func context(from source: Source) throws(TLSIdentityError) -> NIOSSLContext {
        do {
            let (certificates, key) =
                switch source {
                case .files(let certificate, let key):
                    (
                        try NIOSSLCertificate.fromPEMFile(certificate),
                        try NIOSSLPrivateKey(file: key, format: .pem)
                    )
                case .selfSigned(let name):
                    try Self.selfSigned(name)
                }
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: certificates.map { .certificate($0) },
                privateKey: .privateKey(key)
            )
            configuration.minimumTLSVersion = .tlsv12
            configuration.applicationProtocols = ["http/1.1"]
            return try NIOSSLContext(configuration: configuration)
        } catch let error as TLSIdentityError {
            throw error
        } catch {
            throw .unusable(source, why: "\(error)")
        }
    }

    private static func selfSigned(_ name: String) throws -> (certificates: [NIOSSLCertificate], key: NIOSSLPrivateKey)
    {
        // A P-256 key takes 241 bytes as PEM, and a certificate with two names less than a thousand.
        let size = 8192
        var (certificate, key) = ([UInt8](repeating: 0, count: size), [UInt8](repeating: 0, count: size))
        var (certificateCount, keyCount) = (0, 0)
        let done = unsafe todoapp_self_signed(
            name,
            "DNS:localhost,IP:127.0.0.1",
            Self.days,
            size,
            &certificate,
            &certificateCount,
            &key,
            &keyCount
        )
        guard done == 1 else {
            throw TLSIdentityError.unusable(.selfSigned(commonName: name), why: "libcrypto could not make it")
        }
        return (
            try NIOSSLCertificate.fromPEMBytes(Array(certificate.prefix(certificateCount))),
            try NIOSSLPrivateKey(bytes: Array(key.prefix(keyCount)), format: .pem)
        )
    }
}

/// Why an endpoint has no identity.
public enum TLSIdentityError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Certificate or key cannot be used; why, in one line.
    case unusable(TLSIdentity.Source, why: String)

    /// One line for people.
    public var description: String {
        switch self {
        case .unusable(.files(let certificate, let key), let why): "\(certificate), \(key): \(why)"
        case .unusable(.selfSigned(let name), let why): "self-signed certificate for \(name): \(why)"
        }
    }
}
