internal import CurlTransport
internal import HTTPTransport
internal import Locks

/// A transport whose certificates follow the files and the plugin that they come from.
///
/// *Guarantees*: the files are read again after ``interval``, and before the next request after one that failed for its
/// certificates. What is missing, empty, unreadable or does not fit together is passed over: the last good state is used on.
/// New certificates mean new connections; calls that are under way on the old ones are finished, and streams are ended when
/// it is ours that has changed, since the old ones speak for who we were.
final class RotatingTransport: HTTPTransport {
    /// A minute, as for token files: what the kubelet exchanges, it exchanges together.
    static let interval = Duration.seconds(60)

    private struct Current: Sendable {
        var transport: CurlTransport
        var configuration: CurlTransport.Configuration
        /// The files' state; a certificate from a plugin stands before theirs.
        var fromFiles: CurlTransport.Configuration
        var readAt: ContinuousClock.Instant
    }

    private enum State: Sendable {
        case open(Current)
        case closed
    }

    private let files: TransportFiles
    private let certificates: (any ClientCertificateSource)?
    private let now: @Sendable () -> ContinuousClock.Instant
    private let state: Locked<State>

    /// A transport that begins with a configuration.
    init(
        configuration: CurlTransport.Configuration,
        files: TransportFiles,
        certificates: (any ClientCertificateSource)?,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
    ) throws(HTTPTransportError) {
        self.files = files
        self.certificates = certificates
        self.now = now
        self.state = Locked(
            .open(
                Current(
                    transport: try CurlTransport(configuration: configuration),
                    configuration: configuration,
                    fromFiles: configuration,
                    readAt: now()
                )
            )
        )
    }

    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
        let transport = try self.transport(showing: await self.certificates?.clientCertificate())
        let response: HTTPResponse
        do {
            response = try await transport.send(request)
        } catch {
            if Self.mayBeOutdated(error) { self.readSoon() }
            throw error
        }
        // The server may not know our certificate any more.
        if response.status == 401 { self.readSoon() }
        let body = response.body
        return HTTPResponse(
            status: response.status,
            headers: response.headers,
            body: HTTPBody { () async throws(HTTPTransportError) in
                // Dropping a transport ends its transfers: one that was replaced lives until its last body was read.
                defer { withExtendedLifetime(transport) {} }
                return try await body.next()
            }
        )
    }

    func close() async {
        let transport: CurlTransport? = self.state.withLock { state in
            guard case .open(let current) = state else { return nil }
            state = .closed
            return current.transport
        }
        await transport?.close()
    }

    // MARK: Exchanging

    private func transport(
        showing certificate: CurlTransport.Configuration.ClientCertificate?
    ) throws(HTTPTransportError) -> CurlTransport {
        let chosen: Result<(now: CurlTransport, before: CurlTransport?), HTTPTransportError> =
            self.state.withLock { state in
                guard case .open(var current) = state else { return .failure(.closed) }
                if self.now() - current.readAt >= Self.interval {
                    current.readAt = self.now()
                    current.fromFiles = self.files.read(keeping: current.fromFiles)
                }
                var wanted = current.fromFiles
                if let certificate {
                    wanted.clientCertificate = certificate
                }
                let before = current
                if wanted.trust != current.configuration.trust
                    || wanted.clientCertificate != current.configuration.clientCertificate
                {
                    do throws(HTTPTransportError) {
                        current.transport = try CurlTransport(configuration: wanted)
                        current.configuration = wanted
                    } catch {
                        return .failure(error)
                    }
                }
                state = .open(current)
                let isSomebodyElse = current.configuration.clientCertificate != before.configuration.clientCertificate
                return .success((current.transport, isSomebodyElse ? before.transport : nil))
            }
        let (transport, before) = try chosen.get()
        before?.endStreams("the client certificate was exchanged")
        return transport
    }

    private func readSoon() {
        self.state.withLock { state in
            guard case .open(var current) = state else { return }
            current.readAt = self.now() - Self.interval
            state = .open(current)
        }
    }

    private static func mayBeOutdated(_ error: HTTPTransportError) -> Bool {
        switch error {
        case .certificateNotTrusted, .tlsFailed, .invalidRequest: true
        default: false
        }
    }
}

/// The files that the certificates of a connection come from; those that stand in a kubeconfig itself have none.
struct TransportFiles: Sendable, Equatable {
    /// The authorities that sign the server's certificate.
    var authority: String?
    var clientCertificate: String?
    var clientKey: String?

    /// The files as they are now, where they are good, and what they were before where they are not.
    func read(keeping last: CurlTransport.Configuration) -> CurlTransport.Configuration {
        var configuration = last
        if let path = self.authority, let pem = try? FileContent.read(path), Certificates.areReadable(pem) {
            configuration.trust = .certificates(pem: pem)
        }
        guard self.clientCertificate != nil || self.clientKey != nil, var pair = last.clientCertificate else {
            return configuration
        }
        if let path = self.clientCertificate {
            pair.certificate = (try? FileContent.read(path)) ?? []
        }
        if let path = self.clientKey {
            pair.key = (try? FileContent.read(path)) ?? []
        }
        if Certificates.belongTogether(pair) {
            configuration.clientCertificate = pair
        }
        return configuration
    }
}
