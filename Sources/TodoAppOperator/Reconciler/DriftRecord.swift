/// How often somebody else has changed an own child lately, and what follows from that.
///
/// The first few corrections are made at once: people make mistakes, and mend them. Whoever keeps at it is a rival, to whom
/// the operator leaves ever longer turns, so that two programs at odds do not keep the cluster busy.
struct DriftRecord: Sendable, Equatable {
    /// What to do about a drift that was found.
    enum Answer: Sendable, Equatable {
        /// Put it back now.
        case correct
        /// Leave it for so long.
        case wait(Duration)
    }

    /// So many corrections in a row are made at once.
    static let patience = 5
    /// After so long without a drift a rival is forgotten.
    static let memory = Duration.seconds(120)
    /// The first turn that a rival is left; each is twice as long as the one before.
    static let firstPause = Duration.seconds(5)
    /// No turn is longer.
    static let longestPause = Duration.seconds(300)

    private var corrections = 0
    private var last: ContinuousClock.Instant?
    /// What was last told of the rival.
    private(set) var message = ""

    /// When to look again while somebody keeps at it: when the next correction may be made, and then when the rival is
    /// forgotten; `nil` if nobody does.
    func fight(at now: ContinuousClock.Instant) -> Duration? {
        guard self.corrections > Self.patience, let last else { return nil }
        let (turn, end) = (last + self.pause, last + self.pause + Self.memory)
        if now < turn { return turn - now }
        return now < end ? end - now : nil
    }

    /// A drift was found.
    func answer(at now: ContinuousClock.Instant) -> Answer {
        guard self.corrections > Self.patience, let last else { return .correct }
        let next = last + self.pause
        return now < next ? .wait(next - now) : .correct
    }

    /// A drift was put back.
    mutating func corrected(at now: ContinuousClock.Instant, message: String) {
        if let last, now - last > self.pause + Self.memory { self.corrections = 0 }
        self.corrections += 1
        self.last = now
        self.message = message
    }

    private var pause: Duration {
        guard self.corrections > Self.patience else { return .zero }
        let doublings = min(self.corrections - Self.patience - 1, 10)
        return min(Self.firstPause * (1 << doublings), Self.longestPause)
    }
}
