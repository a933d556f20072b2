internal import Locks
public import Logging

/// Tells of an outage in few lines, however many suffer from it: share one among all that talk to the same server.
public final class OutageLog: Sendable {
    private let machine: Locked<OutageMachine>
    private let words: Words
    private let time: TimeSource
    private let logger: Logger

    /// What the lines say.
    struct Words: Sendable {
        var began: String
        var lasts: String
        var ended: String

        static let server = Words(
            began: "the API server cannot be used, trying again",
            lasts: "the API server still cannot be used",
            ended: "the API server can be used again"
        )
        static let refusal = Words(
            began: "refused, trying again",
            lasts: "still refused",
            ended: "no longer refused"
        )
    }

    /// A log for outages of the API server.
    public convenience init(time: TimeSource = .system, logger: Logger) {
        self.init(.server, threshold: 2, time: time, logger: logger)
    }

    init(_ words: Words, threshold: Int, time: TimeSource, logger: Logger) {
        self.machine = Locked(OutageMachine(threshold: threshold))
        self.words = words
        self.time = time
        self.logger = logger
    }

    /// Whether there is an outage: who fails meanwhile has nothing new to say.
    public var isOut: Bool {
        self.machine.withLock { $0.isOut }
    }

    /// Somebody failed, for a reason; tried again, he fails again until he succeeds.
    ///
    /// - Parameters:
    ///   - who: Who failed, for example `watch pods`; the same word each time.
    ///   - cause: One of few words for what went wrong, the same whoever it befell: another one is told at once.
    ///   - why: The whole story.
    public func failed(_ who: String, cause: String, why: String) {
        let now = self.time.now()
        switch self.machine.withLock({ $0.failed(who, cause: cause, at: now) }) {
        case .began:
            self.logger.warning("\(self.words.began)", metadata: ["who": "\(who)", "error": "\(why)"])
        case .lasts(let duration, let affected):
            self.logger.warning(
                "\(self.words.lasts)",
                metadata: [
                    "for": "\(wholeSeconds(duration))", "affected": "\(affected.count)",
                    "error": "\(why)",
                ]
            )
        case .ended, nil:
            self.logger.debug("trying again", metadata: ["who": "\(who)", "error": "\(why)"])
        }
    }

    /// Somebody succeeded.
    public func succeeded(_ who: String) {
        let now = self.time.now()
        guard case .ended(let duration) = self.machine.withLock({ $0.succeeded(who, at: now) }) else { return }
        self.logger.notice("\(self.words.ended)", metadata: ["after": "\(wholeSeconds(duration))"])
    }
}

/// For example `75s`.
private func wholeSeconds(_ duration: Duration) -> String {
    "\(duration.components.seconds)s"
}
