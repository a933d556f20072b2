internal import HeapModule

/// How urgent a key is.
///
/// A key that waits gains on those that come later: urgency is a head start in time, so no key waits
/// for ever.
public enum Priority: Int, Sendable, Comparable {
    /// The first look at everything after a start: it can wait for what changes now.
    case background = 0
    /// Something has changed.
    case normal = 1

    /// The head start over ``background``.
    var headStart: Duration {
        switch self {
        case .background: .zero
        // Long enough to go first after a start, short enough that the rest is not kept waiting by a busy cluster.
        case .normal: .seconds(5)
        }
    }

    /// Whether the left one is less urgent.
    public static func < (left: Priority, right: Priority) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// The rules of a work queue, without threads and without a clock.
///
/// - A key that waits is in the queue once, at the earliest time and the highest priority that anybody asked for.
/// - A key that was handed out is not handed out again before it is given back; what is added meanwhile waits for that.
/// - Failures in a row are counted by key and set its pause. Being added by somebody else does not count as one.
/// - Of the keys that are ready, the one goes first that has been ready for longest, head starts counted in.
public struct QueueMachine<Key: Hashable & Sendable>: Sendable {
    /// The time as the queue knows it.
    public typealias Instant = ContinuousClock.Instant

    private struct Request {
        var readyAt: Instant
        var priority: Priority
        /// Tells the live request in a heap from those that were overtaken.
        var ticket: UInt64
    }

    private struct Entry {
        var waiting: Request?
        var isInFlight = false
        var failures = 0
    }

    private struct Place: Comparable {
        var rank: Instant
        var ticket: UInt64
        var key: Key

        static func < (left: Place, right: Place) -> Bool {
            left.rank == right.rank ? left.ticket < right.ticket : left.rank < right.rank
        }

        static func == (left: Place, right: Place) -> Bool {
            left.ticket == right.ticket
        }
    }

    private let backoff: Backoff
    private var entries: [Key: Entry] = [:]
    private var delayed = Heap<Place>()
    private var ready = Heap<Place>()
    private var lastTicket: UInt64 = 0

    /// A queue that is empty.
    public init(backoff: Backoff) {
        self.backoff = backoff
    }

    // MARK: In

    /// Asks for a key to be handed out at a time.
    public mutating func add(_ key: Key, priority: Priority, at readyAt: Instant) {
        var entry = self.entries[key] ?? Entry()
        var request = Request(readyAt: readyAt, priority: priority, ticket: 0)
        if let waiting = entry.waiting {
            guard readyAt < waiting.readyAt || priority > waiting.priority else { return }
            request.readyAt = min(readyAt, waiting.readyAt)
            request.priority = max(priority, waiting.priority)
        }
        self.lastTicket += 1
        request.ticket = self.lastTicket
        entry.waiting = request
        self.entries[key] = entry
        if !entry.isInFlight {
            self.delayed.insert(Place(rank: request.readyAt, ticket: request.ticket, key: key))
        }
    }

    // MARK: Out

    /// Hands out the key that is first in turn; `nil` if none is ready.
    public mutating func take(at now: Instant) -> Key? {
        self.promote(at: now)
        while let place = self.ready.popMin() {
            guard self.isLive(place) else { continue }
            self.entries[place.key]?.waiting = nil
            self.entries[place.key]?.isInFlight = true
            return place.key
        }
        return nil
    }

    /// When the next key will be ready, if one is waiting; it may be in the past.
    public mutating func nextReadyAt() -> Instant? {
        while let place = self.ready.min, !self.isLive(place) {
            self.ready.removeMin()
        }
        while let place = self.delayed.min, !self.isLive(place) {
            self.delayed.removeMin()
        }
        // What is ready has been so since before what is delayed will be.
        if let place = self.ready.min, let request = self.entries[place.key]?.waiting {
            return request.readyAt
        }
        return self.delayed.min?.rank
    }

    private mutating func promote(at now: Instant) {
        while let place = self.delayed.min, place.rank <= now {
            self.delayed.removeMin()
            guard self.isLive(place), let request = self.entries[place.key]?.waiting else { continue }
            let rank = request.readyAt - request.priority.headStart
            self.ready.insert(Place(rank: rank, ticket: request.ticket, key: place.key))
        }
    }

    private func isLive(_ place: Place) -> Bool {
        guard let entry = self.entries[place.key], !entry.isInFlight else { return false }
        return entry.waiting?.ticket == place.ticket
    }

    // MARK: Back

    /// Gives a key back after success: its failures are forgotten.
    public mutating func succeeded(_ key: Key) {
        self.giveBack(key) { $0.failures = 0 }
    }

    /// Gives a key back after a failure, to be handed out again after its pause.
    ///
    /// - Parameters:
    ///   - key: The key that is given back.
    ///   - now: When it failed.
    ///   - random: A number from 0 up to 1.
    /// - Returns: How often it has failed in a row.
    @discardableResult
    public mutating func failed(_ key: Key, at now: Instant, random: Double) -> Int {
        var failures = 0
        self.giveBack(key) { entry in
            entry.failures += 1
            failures = entry.failures
        }
        self.add(key, priority: .normal, at: now + self.backoff.pause(failures: failures, random: random))
        return failures
    }

    private mutating func giveBack(_ key: Key, update: (inout Entry) -> Void) {
        guard var entry = self.entries[key], entry.isInFlight else { return }
        entry.isInFlight = false
        update(&entry)
        if let request = entry.waiting {
            self.delayed.insert(Place(rank: request.readyAt, ticket: request.ticket, key: key))
        }
        // A key without anything to remember costs nothing.
        self.entries[key] = entry.waiting == nil && entry.failures == 0 ? nil : entry
    }

    // MARK: Figures

    /// How many keys wait, ready or not.
    public var waitingCount: Int {
        self.entries.values.count { $0.waiting != nil }
    }

    /// How many keys are ready and wait for nothing but a worker.
    public func readyCount(at now: Instant) -> Int {
        self.entries.values.count { entry in
            !entry.isInFlight && (entry.waiting.map { $0.readyAt <= now } ?? false)
        }
    }

    /// How many keys are handed out.
    public var inFlightCount: Int {
        self.entries.values.count(where: \.isInFlight)
    }
}
