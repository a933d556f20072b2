extension CurlTransport {
    /// The server a transport talks to, and how it gets there.
    public struct Configuration: Sendable {
        /// `http` or `https`, host, and where needed port and base path, for example `https://10.0.0.1:6443`.
        public var server: String
        /// Which certificates of the server are accepted.
        ///
        /// Default: those the system trusts.
        public var trust: Trust = .system
        /// The certificate shown to the server.
        ///
        /// Default: none.
        public var clientCertificate: ClientCertificate?
        /// The name that is asked of the server in TLS and looked for in its certificate, where it is not the host.
        public var tlsServerName: String?
        /// A proxy (`http`, `https`, `socks5`, `socks5h`), with user and password where it wants them.
        ///
        /// The environment's proxy variables are not read.
        public var proxyURL: String?
        /// What is sent as `User-Agent`.
        public var userAgent: String
        /// The time from looking up the host to the end of the TLS handshake.
        ///
        /// Default: 10 s.
        public var connectTimeout: Duration = .seconds(10)
        /// How many connections calls may use at the same time; more of them wait for each other.
        ///
        /// Default: 4.
        ///
        /// Over HTTP/2 one connection carries as many calls as the server allows (100 in Kubernetes), so that the second
        /// is rarely opened. Streams have connections of their own, without a limit: they never keep a call waiting.
        public var maximumConnections: Int = 4
        /// How a connection whose other end is gone is found out.
        public var keepAlive: KeepAlive = KeepAlive()

        /// A configuration with the defaults for everything but the server.
        public init(server: String, userAgent: String = "todoapp-operator") {
            self.server = server
            self.userAgent = userAgent
        }

        /// Which certificates of the server are accepted.
        public enum Trust: Sendable, Equatable {
            /// Those signed by an authority that the system trusts.
            case system
            /// Those signed by one of these authorities alone, as PEM.
            case certificates(pem: [UInt8])
            /// Every one: whoever is on the way can read and change everything.
            case insecure
        }

        /// A certificate and its key, both as PEM; the certificate may be followed by its issuers.
        public struct ClientCertificate: Sendable, Equatable {
            /// The certificate, the server's side first.
            public var certificate: [UInt8]
            /// The key, without a passphrase.
            public var key: [UInt8]

            /// A certificate and its key.
            public init(certificate: [UInt8], key: [UInt8]) {
                self.certificate = certificate
                self.key = key
            }
        }

        /// How a connection whose other end is gone is found out.
        public struct KeepAlive: Sendable, Equatable {
            /// A connection on which nothing has come for so long is probed.
            ///
            /// Default: 30 s.
            public var idle: Duration = .seconds(30)
            /// The time between two probes.
            ///
            /// Default: 10 s.
            public var interval: Duration = .seconds(10)
            /// A connection whose bytes or probes are not acknowledged for so long is given up.
            ///
            /// Default: 30 s.
            public var unacknowledged: Duration = .seconds(30)

            /// The defaults.
            public init() {}
        }
    }
}

extension CurlTransport.Configuration.ClientCertificate: CustomStringConvertible, CustomReflectable {
    /// That there is one; never the key.
    public var description: String { "ClientCertificate" }

    /// Nothing: a dump of whatever holds the key must not show it.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
