public import CurlTransport
internal import KubernetesAPI

/// What a client shows the API server with each request, beside a client certificate (which is the transport's).
public protocol Credential: Sendable {
    /// The headers that say who is calling; empty for nobody.
    ///
    /// - Throws: ``CredentialError`` where there is none to be had, so that the request is not sent at all.
    func headers() async throws(CredentialError) -> [(name: String, value: String)]

    /// The server did not accept these headers: get new ones the next time.
    ///
    /// - Returns: Whether the next ones may be others, so that the call is worth another try.
    func invalidate(_ refused: [(name: String, value: String)]) async -> Bool
}

/// A credential that is, or brings, a certificate for the transport to show.
public protocol ClientCertificateSource: Sendable {
    /// The certificate that is valid now; `nil` if there is none.
    func clientCertificate() async -> CurlTransport.Configuration.ClientCertificate?
}

/// Why there is no credential.
public enum CredentialError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file that holds the token cannot be read, and none was read before.
    case tokenFileUnreadable(path: String, why: String)
    /// The file that holds the token is empty, and no other was read before.
    case tokenFileEmpty(path: String)
    /// The program that a kubeconfig names gave none.
    case plugin(origin: String, ExecPluginError)
    /// The task was cancelled while it waited for one.
    case cancelled

    /// One line for people.
    public var description: String {
        switch self {
        case .tokenFileUnreadable(let path, let why): "token file \(path): \(why)"
        case .tokenFileEmpty(let path): "token file \(path): it is empty"
        case .plugin(let origin, let error): "\(origin): \(error)"
        case .cancelled: "cancelled"
        }
    }
}

/// Nothing in the headers: a client certificate, or nobody.
public struct NoCredential: Credential {
    /// Shows nothing.
    public init() {}

    /// None.
    public func headers() async throws(CredentialError) -> [(name: String, value: String)] { [] }

    /// There is nothing else to show.
    public func invalidate(_ refused: [(name: String, value: String)]) async -> Bool { false }
}

/// A header that never changes: a token from a kubeconfig, or a user name with a password.
public struct FixedCredential: Credential {
    private let authorization: String

    /// A bearer token.
    public init(token: String) {
        self.authorization = "Bearer \(token)"
    }

    /// A user's name and password (RFC 7617).
    public init(username: String, password: String) {
        self.authorization = "Basic \(Base64.encode(Array("\(username):\(password)".utf8)))"
    }

    /// The `Authorization` header.
    public func headers() async throws(CredentialError) -> [(name: String, value: String)] {
        [(name: "Authorization", value: self.authorization)]
    }

    /// There is no other.
    public func invalidate(_ refused: [(name: String, value: String)]) async -> Bool { false }
}

extension FixedCredential: CustomStringConvertible, CustomReflectable {
    /// That there is one; never what it is.
    public var description: String { "FixedCredential" }

    /// Nothing: a dump of whatever holds the credential must not show it.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// A credential that acts for somebody else.
public struct ImpersonatingCredential: Credential {
    private let own: any Credential
    private let impersonation: [(name: String, value: String)]

    /// Acts as `user`, in `groups`, with the right that `own` has to do so.
    public init(own: any Credential, user: String, uid: String, groups: [String], extra: [String: [String]]) {
        self.own = own
        var headers = [(name: "Impersonate-User", value: user)]
        if !uid.isEmpty {
            headers.append((name: "Impersonate-Uid", value: uid))
        }
        headers += groups.map { (name: "Impersonate-Group", value: $0) }
        for (key, values) in extra.sorted(by: { $0.key < $1.key }) {
            // A header's name has no room for the slash of `example.com/scope`.
            headers += values.map { (name: "Impersonate-Extra-\(percentEncoded(key))", value: $0) }
        }
        self.impersonation = headers
    }

    /// The own headers, and those that name the other.
    public func headers() async throws(CredentialError) -> [(name: String, value: String)] {
        try await self.own.headers() + self.impersonation
    }

    /// Passed on to the own credential.
    public func invalidate(_ refused: [(name: String, value: String)]) async -> Bool {
        await self.own.invalidate(refused)
    }
}
