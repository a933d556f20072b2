import ControllerRuntime
import KubernetesTesting
import Testing

/// The queue's rules in the plainest form: a table, and a search through all of it.
private struct QueueModel {
    typealias Instant = ContinuousClock.Instant

    struct Entry {
        var waiting: (readyAt: Instant, priority: Priority, order: Int)?
        var isInFlight = false
        var failures = 0
    }

    let backoff: Backoff
    private(set) var entries: [Int: Entry] = [:]
    private var lastOrder = 0

    init(backoff: Backoff) {
        self.backoff = backoff
    }

    var waitingCount: Int { self.entries.values.count { $0.waiting != nil } }
    var inFlight: [Int] { self.entries.filter(\.value.isInFlight).keys.sorted() }

    mutating func add(_ key: Int, _ priority: Priority, at readyAt: Instant) {
        var entry = self.entries[key] ?? Entry()
        let old = entry.waiting
        if let old, readyAt >= old.readyAt, priority <= old.priority { return }
        self.lastOrder += 1
        entry.waiting = (
            min(readyAt, old?.readyAt ?? readyAt), max(priority, old?.priority ?? priority), self.lastOrder
        )
        self.entries[key] = entry
    }

    /// When each key that could be handed out is ready.
    var readyTimes: [Instant] {
        self.entries.values.filter { !$0.isInFlight }.compactMap(\.waiting?.readyAt)
    }

    mutating func take(at now: Instant) -> Int? {
        func rank(_ entry: Entry) -> (Instant, Int)? {
            guard let waiting = entry.waiting, !entry.isInFlight, waiting.readyAt <= now else { return nil }
            let headStart: Duration = waiting.priority == .normal ? .seconds(5) : .zero
            return (waiting.readyAt - headStart, waiting.order)
        }
        let candidates = self.entries.compactMap { key, entry in rank(entry).map { (key: key, rank: $0) } }
        guard let first = candidates.min(by: { $0.rank < $1.rank }) else { return nil }
        self.entries[first.key]?.waiting = nil
        self.entries[first.key]?.isInFlight = true
        return first.key
    }

    mutating func succeeded(_ key: Int) {
        self.entries[key]?.isInFlight = false
        self.entries[key]?.failures = 0
    }

    mutating func failed(_ key: Int, at now: Instant, random: Double) -> Int {
        let failures = (self.entries[key]?.failures ?? 0) + 1
        self.entries[key]?.isInFlight = false
        self.entries[key]?.failures = failures
        self.add(key, .normal, at: now + self.backoff.pause(failures: failures, random: random))
        return failures
    }
}

@Suite("QueueMachine against a model")
struct QueueMachineModelTests {
    @Test("Whatever is done to the queue, it does what a plain table would", arguments: SeededRandom.seeds(20))
    func model(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let backoff = Backoff(first: .seconds(1), limit: .seconds(60))
        var machine = QueueMachine<Int>(backoff: backoff)
        var model = QueueModel(backoff: backoff)
        var now = ContinuousClock.now

        for step in 0..<2000 {
            let comment: Comment = "seed \(seed), step \(step)"
            switch Int.random(in: 0..<10, using: &random) {
            case 0...3:
                let key = Int.random(in: 0..<12, using: &random)
                let priority: Priority = Bool.random(using: &random) ? .normal : .background
                let readyAt = now + .seconds(Int.random(in: -5..<40, using: &random))
                machine.add(key, priority: priority, at: readyAt)
                model.add(key, priority, at: readyAt)
            case 4...6:
                let (key, expected) = (machine.take(at: now), model.take(at: now))
                #expect(key == expected, comment)
                // From here on everything would differ.
                if key != expected { return }
            case 7:
                if let key = model.inFlight.randomElement(using: &random) {
                    machine.succeeded(key)
                    model.succeeded(key)
                }
            case 8:
                if let key = model.inFlight.randomElement(using: &random) {
                    let dice = Double.random(in: 0..<1, using: &random)
                    let failures = model.failed(key, at: now, random: dice)
                    #expect(machine.failed(key, at: now, random: dice) == failures, comment)
                }
            default:
                now += .seconds(Int.random(in: 0..<10, using: &random))
            }
            #expect(machine.waitingCount == model.waitingCount, comment)
            #expect(machine.inFlightCount == model.inFlight.count, comment)
            let next = machine.nextReadyAt()
            let expected = model.readyTimes.min()
            if let expected, expected <= now {
                #expect(next.map { $0 <= now } == true, comment)
            } else {
                #expect(next == expected, comment)
            }
        }
    }
}
