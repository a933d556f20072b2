/// When to say that something is out of order: once when it begins, at once for every other cause that shows, ever more rarely
/// while it lasts, and once when it is over.
///
/// Many may suffer from the same outage, each of which tries again on its own: what is told is that there is one.
struct OutageMachine: Sendable, Equatable {
    typealias Instant = ContinuousClock.Instant

    /// What is worth a line.
    enum Line: Sendable, Equatable {
        case began
        case lasts(Duration, affected: [String])
        case ended(Duration)
    }

    /// The time to the second line; each further one takes twice as long.
    static let firstReminder = Duration.seconds(60)
    /// The longest time between two lines.
    static let longestReminder = Duration.seconds(15 * 60)

    private enum State: Sendable, Equatable {
        case fine
        case out(since: Instant, reminderAt: Instant, interval: Duration, told: Set<String>)
    }

    /// How often one of those concerned must fail in a row before it counts.
    ///
    /// One broken connection is the network's daily bread.
    private let threshold: Int
    private var failures: [String: Int] = [:]
    private var state = State.fine

    init(threshold: Int) {
        self.threshold = threshold
    }

    /// Whether there is one.
    var isOut: Bool {
        if case .out = self.state { true } else { false }
    }

    /// Somebody failed; what is to be told.
    ///
    /// - Parameter cause: One of few words for what went wrong, whoever it befell.
    mutating func failed(_ who: String, cause: String, at now: Instant) -> Line? {
        self.failures[who, default: 0] += 1
        switch self.state {
        case .fine:
            guard self.failures[who, default: 0] >= self.threshold else { return nil }
            let interval = Self.firstReminder
            self.state = .out(since: now, reminderAt: now + interval, interval: interval, told: [cause])
            return .began
        case .out(let since, let reminderAt, let interval, var told):
            if told.insert(cause).inserted {
                self.state = .out(since: since, reminderAt: reminderAt, interval: interval, told: told)
                return .lasts(now - since, affected: self.failures.keys.sorted())
            }
            guard now >= reminderAt else { return nil }
            let next = min(interval * 2, Self.longestReminder)
            self.state = .out(since: since, reminderAt: now + next, interval: next, told: told)
            return .lasts(now - since, affected: self.failures.keys.sorted())
        }
    }

    /// Somebody succeeded; what is to be told.
    mutating func succeeded(_ who: String, at now: Instant) -> Line? {
        guard self.failures.removeValue(forKey: who) != nil else { return nil }
        guard case .out(let since, _, _, _) = self.state, self.failures.isEmpty else { return nil }
        self.state = .fine
        return .ended(now - since)
    }
}
