internal import HTTPTransport
internal import KubernetesAPI

/// When a single call is tried again at once, before its caller hears of a failure.
///
/// Kept short on purpose: whoever calls has a back-off of its own. It bridges a connection that broke and a server
/// that asks for a moment.
public struct RetryPolicy: Sendable {
    /// How often a call is tried in all.
    ///
    /// Defaults to 4.
    public var attempts: Int
    /// The first pause; each further one is twice as long, and each is spread by full jitter.
    ///
    /// Defaults to 100 ms.
    public var firstPause: Duration
    /// The longest pause, a server's `Retry-After` included.
    ///
    /// Defaults to 5 s.
    public var longestPause: Duration

    /// A policy; the defaults fit controllers.
    public init(
        attempts: Int = 4,
        firstPause: Duration = .milliseconds(100),
        longestPause: Duration = .seconds(5)
    ) {
        self.attempts = attempts
        self.firstPause = firstPause
        self.longestPause = longestPause
    }

    /// What a call does when it is sent twice.
    enum Repeatability {
        /// The second does what the first did: GET, LIST, apply, a delete that names the UID.
        case harmless
        /// The second may do it again: POST, a patch by position.
        case risky
    }

    /// How long to wait before the next try; `nil` if there is to be none.
    ///
    /// - Parameters:
    ///   - attempt: How often the call was tried, 1 after the first time.
    ///   - random: A number from 0 up to 1, for the jitter.
    func pause(
        after cause: KubernetesClientError.Cause,
        attempt: Int,
        repeatability: Repeatability,
        random: Double
    ) -> Duration? {
        guard attempt < self.attempts, Self.mayRepeat(after: cause, repeatability) else { return nil }
        let step = self.firstPause * (1 << (attempt - 1))
        let spread = min(step, self.longestPause) * random
        guard case .refused(let status) = cause, let asked = status.details.retryAfterSeconds else { return spread }
        // What the server asks for is a lower bound: the jitter comes on top, or all clients return in one moment.
        return min(.seconds(asked), self.longestPause) + spread
    }

    private static func mayRepeat(after cause: KubernetesClientError.Cause, _ repeatability: Repeatability) -> Bool {
        switch (cause, repeatability) {
        case (.transport(.cancelled), _), (.transport(.closed), _): false
        case (.transport(.certificateNotTrusted), _), (.transport(.invalidRequest), _): false
        // Whoever withheld it asks himself again before the next write.
        case (.transport(.withheld), _): false
        case (.transport(let error), .risky): error.wasNeverSent
        case (.transport(.bodyTooLarge), .harmless): false
        case (.transport, .harmless): true
        // 429 means that the request was turned away at the door.
        case (.refused(let status), .risky): status.code == 429
        case (.refused(let status), .harmless): [429, 500, 502, 503, 504].contains(status.code)
        case (.unreadableAnswer, _), (.credential, _): false
        }
    }
}
