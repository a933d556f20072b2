/// What to do with each note: a new event, one more of a series, or nothing because the object has used up its budget.
///
/// Pure, so that a storm of notes can be played through without an API server.
struct EventBook: Sendable {
    typealias Instant = ContinuousClock.Instant

    enum Entry: Sendable, Equatable {
        /// Post a new event.
        case create
        /// The same was posted before under this name: count it up.
        case `repeat`(name: String, count: Int)
        /// Say nothing.
        case drop
    }

    /// Notes about one object that come at once; client-go's figure.
    static let burst = 25.0
    /// The time in which one more note is allowed; client-go's figure.
    static let refill = Duration.seconds(300)
    /// A note that comes again after this time begins a new event: the API server has forgotten the old one by then.
    static let seriesLife = Duration.seconds(30 * 60)
    /// How many notes are remembered; client-go's figure.
    static let capacity = 4096

    private struct Series {
        var name: String
        var count: Int
        var last: Instant
    }

    private struct Budget {
        var left: Double
        var at: Instant
    }

    /// By the notes' hashes.
    ///
    /// The notes themselves would be held for half an hour after a storm of them. Were two to share a hash, the later would be counted as the earlier; hashes are
    /// seeded anew in each process.
    private var series: [Int: Series] = [:]
    private var budgets: [String: Budget] = [:]

    /// Decides about a note.
    mutating func enter(_ note: EventNote, at now: Instant) -> Entry {
        guard self.spend(note.regarding.uid, at: now) else { return .drop }
        guard var known = self.series[note.hashValue], now - known.last < Self.seriesLife else { return .create }
        known.count += 1
        known.last = now
        self.series[note.hashValue] = known
        return .repeat(name: known.name, count: known.count)
    }

    /// Notes under which name an event was posted.
    mutating func posted(_ note: EventNote, as name: String, at now: Instant) {
        if self.series.count >= Self.capacity {
            self.forget(at: now)
        }
        self.series[note.hashValue] = Series(name: name, count: 1, last: now)
    }

    /// The event is gone from the API server: the next note of its kind begins a new one.
    mutating func lost(_ note: EventNote) {
        self.series[note.hashValue] = nil
    }

    private mutating func spend(_ uid: String, at now: Instant) -> Bool {
        var budget = self.budgets[uid] ?? Budget(left: Self.burst, at: now)
        budget.left = min(Self.burst, budget.left + (now - budget.at) / Self.refill)
        budget.at = now
        let mayPost = budget.left >= 1
        if mayPost { budget.left -= 1 }
        self.budgets[uid] = budget
        return mayPost
    }

    /// Makes room: what is old goes, and if all is young, everything does; a series too many does no harm.
    private mutating func forget(at now: Instant) {
        self.series = self.series.filter { now - $0.value.last < Self.seriesLife }
        if self.series.count >= Self.capacity { self.series = [:] }
        self.budgets = self.budgets.filter { now - $0.value.at < Self.refill * Int(Self.burst) }
    }
}
