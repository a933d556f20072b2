/// A token in a file that somebody else keeps fresh, as the kubelet does for a ServiceAccount.
///
/// The file is read again after a minute, and at once after the server refused the token. A file that is missing or empty
/// at that time keeps the last good token: a rotation is often seen half done.
public actor TokenFileCredential: Credential {
    /// How long a token is used before the file is read again; the figure is client-go's.
    static let refreshInterval = Duration.seconds(60)

    private let path: String
    private let now: @Sendable () -> ContinuousClock.Instant
    private var state = State.unread

    private enum State {
        case unread
        case read(token: String, at: ContinuousClock.Instant)
        /// The server refused the token; it is used again only if the file has nothing newer.
        case refused(token: String)
    }

    /// A credential from the file at this path.
    ///
    /// - Parameters:
    ///   - path: The file that holds the token.
    ///   - now: The time; tests bring their own.
    public init(path: String, now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }) {
        self.path = path
        self.now = now
    }

    /// The `Authorization` header with the token that is valid now.
    public func headers() async throws(CredentialError) -> [(name: String, value: String)] {
        [(name: "Authorization", value: "Bearer \(try self.token())")]
    }

    /// Reads the file anew, however fresh the token is, unless that has happened since the refused one was shown.
    public func invalidate(_ refused: [(name: String, value: String)]) async -> Bool {
        if case .read(let token, _) = self.state, Self.shows(token, refused) {
            self.state = .refused(token: token)
        }
        guard let token = try? self.token() else { return false }
        return !Self.shows(token, refused)
    }

    private static func shows(_ token: String, _ headers: [(name: String, value: String)]) -> Bool {
        headers.contains { $0.value == "Bearer \(token)" }
    }

    private func token() throws(CredentialError) -> String {
        let lastGood: String
        switch self.state {
        case .read(let token, let at) where self.now() - at < Self.refreshInterval:
            return token
        case .read(let token, _), .refused(let token):
            lastGood = token
        case .unread:
            lastGood = ""
        }
        do throws(CredentialError) {
            let token = try self.readFile()
            self.state = .read(token: token, at: self.now())
            return token
        } catch {
            guard !lastGood.isEmpty else { throw error }
            self.state = .read(token: lastGood, at: self.now())
            return lastGood
        }
    }

    private func readFile() throws(CredentialError) -> String {
        let bytes: [UInt8]
        do throws(FileReadError) {
            bytes = try FileContent.read(self.path)
        } catch {
            throw .tokenFileUnreadable(path: self.path, why: error.why)
        }
        let token = String(decoding: bytes, as: UTF8.self).trimmed
        guard !token.isEmpty else { throw .tokenFileEmpty(path: self.path) }
        return token
    }
}
