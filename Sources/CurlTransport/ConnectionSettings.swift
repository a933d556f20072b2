internal import HTTPTransport

/// A configuration that was checked: what is the same for every request of a transport.
struct ConnectionSettings: Sendable {
    let isSecure: Bool
    /// What a request's target is appended to.
    let baseURL: String
    /// The `Host` header where it is not the URL's host.
    let hostHeader: String?
    /// libcurl's `HOST1:PORT1:HOST2:PORT2`: connect to the second where a URL says the first.
    let connectTo: String?
    /// Host and port for error messages.
    let endpoint: String
    let trust: CurlTransport.Configuration.Trust
    let clientCertificate: CurlTransport.Configuration.ClientCertificate?
    let proxyURL: String?
    let userAgent: String
    let connectTimeout: Duration
    let maximumConnections: Int
    let keepAlive: CurlTransport.Configuration.KeepAlive

    init(_ configuration: CurlTransport.Configuration) throws(HTTPTransportError) {
        let address = try ServerAddress(url: configuration.server)
        self.isSecure = address.isSecure
        self.endpoint = address.hostAndPort
        if address.isSecure, let serverName = configuration.tlsServerName, serverName != address.host {
            guard ServerAddress.isHostName(serverName) else {
                throw .invalidRequest("\"\(serverName)\" cannot be a TLS server name")
            }
            // libcurl takes the name for TLS from the URL alone: so the URL gets that name, the connection goes to the
            // real host, and the Host header stays what it would have been.
            self.baseURL = "https://\(serverName):\(address.port)\(address.basePath)"
            self.connectTo = "\(serverName):\(address.port):\(address.host):\(address.port)"
            self.hostHeader = address.authority
        } else {
            self.baseURL = "\(address.isSecure ? "https" : "http")://\(address.hostAndPort)\(address.basePath)"
            self.connectTo = nil
            self.hostHeader = nil
        }
        self.trust = try Self.checked(configuration.trust)
        self.clientCertificate = try Self.checked(configuration.clientCertificate)
        self.proxyURL = try Self.checked(proxyURL: configuration.proxyURL)
        guard configuration.userAgent.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw .invalidRequest("the user agent holds a character that a header may not have")
        }
        guard configuration.connectTimeout > .zero, configuration.maximumConnections > 0 else {
            throw .invalidRequest("the connect timeout and the number of connections must be greater than zero")
        }
        self.userAgent = configuration.userAgent
        self.connectTimeout = configuration.connectTimeout
        self.maximumConnections = configuration.maximumConnections
        self.keepAlive = configuration.keepAlive
    }

    private static func checked(
        _ trust: CurlTransport.Configuration.Trust
    ) throws(HTTPTransportError) -> CurlTransport.Configuration.Trust {
        if case .certificates(let pem) = trust, Self.text(pem).contains("-----BEGIN CERTIFICATE-----") == false {
            throw .invalidRequest("the certificate authority holds no PEM certificate")
        }
        return trust
    }

    private static func checked(
        _ pair: CurlTransport.Configuration.ClientCertificate?
    ) throws(HTTPTransportError) -> CurlTransport.Configuration.ClientCertificate? {
        guard let pair else { return nil }
        guard Self.text(pair.certificate).contains("-----BEGIN CERTIFICATE-----") else {
            throw .invalidRequest("the client certificate holds no PEM certificate")
        }
        let key = Self.text(pair.key)
        guard key.contains("PRIVATE KEY-----") else {
            throw .invalidRequest("the client key holds no PEM key")
        }
        guard key.contains("ENCRYPTED") == false else {
            throw .invalidRequest("the client key is encrypted; it must be given without a passphrase")
        }
        return pair
    }

    private static func checked(proxyURL: String?) throws(HTTPTransportError) -> String? {
        guard let proxyURL, proxyURL.isEmpty == false else { return nil }
        let schemes = ["http://", "https://", "socks5://", "socks5h://"]
        guard schemes.contains(where: { proxyURL.lowercased().hasPrefix($0) }) else {
            throw .invalidRequest("the proxy's URL must begin with http://, https://, socks5:// or socks5h://")
        }
        guard proxyURL.utf8.allSatisfy(WireRequest.isAllowedInTarget) else {
            throw .invalidRequest("the proxy's URL holds a blank or a control character")
        }
        return proxyURL
    }

    private static func text(_ pem: [UInt8]) -> String {
        String(decoding: pem, as: UTF8.self)
    }
}
