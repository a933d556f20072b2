import ControllerRuntime
import KubernetesTesting
import Testing

@Suite("QueueMachine")
struct QueueMachineTests {
    private let start = ContinuousClock.now
    private var machine = QueueMachine<String>(backoff: Backoff(first: .seconds(1), limit: .seconds(8)))

    /// A moment after the start.
    private func at(_ seconds: Double) -> ContinuousClock.Instant {
        self.start + .seconds(seconds)
    }

    private mutating func take(at seconds: Double) -> String? {
        self.machine.take(at: self.at(seconds))
    }

    private mutating func add(_ key: String, _ priority: Priority = .normal, at seconds: Double) {
        self.machine.add(key, priority: priority, at: self.at(seconds))
    }

    private mutating func takeAll(at seconds: Double) -> [String] {
        var keys: [String] = []
        while let key = self.take(at: seconds) {
            keys.append(key)
        }
        return keys
    }

    @Test("A key that is added twice is handed out once")
    mutating func deduplicated() {
        self.add("a", at: 0)
        self.add("a", at: 0)
        #expect(self.machine.waitingCount == 1)
        #expect(self.takeAll(at: 0) == ["a"])
        #expect(self.machine.waitingCount == 0)
        #expect(self.machine.inFlightCount == 1)
    }

    @Test("A key in flight is not handed out again before it is given back, and then once")
    mutating func inFlight() {
        self.add("a", at: 0)
        #expect(self.take(at: 0) == "a")
        self.add("a", at: 1)
        self.add("a", at: 2)
        #expect(self.take(at: 3) == nil)
        #expect(self.machine.nextReadyAt() == nil)
        self.machine.succeeded("a")
        #expect(self.takeAll(at: 3) == ["a"])
    }

    @Test("A key is not handed out before its time")
    mutating func delayed() {
        self.add("a", at: 5)
        #expect(self.machine.nextReadyAt() == self.at(5))
        #expect(self.take(at: 4.999) == nil)
        #expect(self.take(at: 5) == "a")
        #expect(self.machine.nextReadyAt() == nil)
    }

    @Test("Of keys of one priority the one goes first that has been ready for longest, of equals the one added first")
    mutating func order() {
        self.add("late", at: 2)
        self.add("early", at: 1)
        self.add("second", at: 1)
        #expect(self.takeAll(at: 3) == ["early", "second", "late"])
    }

    @Test("A more urgent key has a head start of 5 s, and no more, so that no key waits for ever")
    mutating func headStart() {
        self.add("background", .background, at: 0)
        self.add("urgent", at: 4)
        self.add("latecomer", at: 6)
        #expect(self.takeAll(at: 6) == ["urgent", "background", "latecomer"])
    }

    @Test("A stream of urgent keys holds a background key up for 5 s at most")
    mutating func boundedWait() {
        self.add("background", .background, at: 0)
        var waited = 0
        for second in 0...100 {
            self.add("urgent-\(second)", at: Double(second))
            guard self.take(at: Double(second)) != "background" else { break }
            waited = second
        }
        #expect(waited <= 5)
        #expect(self.machine.inFlightCount <= 7)
    }

    @Test("What is asked for twice comes at the earliest time and with the highest priority")
    mutating func merge() {
        self.add("a", .normal, at: 20)
        self.add("a", .background, at: 5)
        self.add("rival", .background, at: 0)
        #expect(self.machine.nextReadyAt() == self.at(0))
        #expect(self.takeAll(at: 5) == ["a", "rival"])
        self.machine.succeeded("a")
        self.machine.succeeded("rival")
        #expect(self.takeAll(at: 100) == [])
    }

    @Test("A later request of lower priority changes nothing")
    mutating func weakerRequest() {
        self.add("a", .normal, at: 1)
        self.add("b", .normal, at: 1)
        self.add("a", .background, at: 9)
        #expect(self.takeAll(at: 1) == ["a", "b"])
    }

    @Test("A key that is ready and gains priority overtakes")
    mutating func promotedWhileReady() {
        self.add("a", .background, at: 0)
        self.add("b", .background, at: 0)
        self.add("c", .background, at: 0)
        #expect(self.take(at: 0) == "a")
        self.add("c", .normal, at: 0)
        #expect(self.takeAll(at: 0) == ["c", "b"])
    }

    @Test("Failures in a row double the pause up to the limit, and a success ends the row")
    mutating func backoff() {
        self.add("a", at: 0)
        var now = 0.0
        var pauses: [Double] = []
        for count in 1...5 {
            #expect(self.take(at: now) == "a")
            #expect(self.machine.failed("a", at: self.at(now), random: 1) == count)
            let pause = [1.0, 2, 4, 8, 8][count - 1]
            #expect(self.machine.nextReadyAt() == self.at(now + pause))
            pauses.append(pause)
            now += pause
        }
        #expect(self.take(at: now) == "a")
        self.machine.succeeded("a")
        #expect(self.machine.waitingCount == 0)
        self.add("a", at: now)
        #expect(self.take(at: now) == "a")
        #expect(self.machine.failed("a", at: self.at(now), random: 1) == 1)
    }

    @Test("Chance shortens a pause down to nothing")
    mutating func jitter() {
        self.add("a", at: 0)
        #expect(self.take(at: 0) == "a")
        self.machine.failed("a", at: self.start, random: 0.5)
        #expect(self.machine.nextReadyAt() == self.at(0.5))
        #expect(self.take(at: 0.5) == "a")
        self.machine.failed("a", at: self.at(0.5), random: 0)
        #expect(self.take(at: 0.5) == "a")
    }

    @Test("What happens during a pause brings the key back once, and does not count as a failure")
    mutating func eventsDuringBackoff() {
        self.add("a", at: 0)
        #expect(self.take(at: 0) == "a")
        #expect(self.machine.failed("a", at: self.start, random: 1) == 1)
        for _ in 0..<10 {
            self.add("a", at: 0.5)
        }
        #expect(self.takeAll(at: 0.5) == ["a"])
        #expect(self.machine.failed("a", at: self.at(0.5), random: 1) == 2)
        #expect(self.takeAll(at: 2.499) == [])
        #expect(self.takeAll(at: 2.5) == ["a"])
    }

    @Test("The pause that was overtaken by an event does not bring the key back a second time")
    mutating func overtakenPause() {
        self.add("a", at: 0)
        #expect(self.take(at: 0) == "a")
        self.machine.failed("a", at: self.start, random: 1)
        self.add("a", at: 0)
        #expect(self.take(at: 0) == "a")
        self.machine.succeeded("a")
        #expect(self.take(at: 100) == nil)
        #expect(self.machine.nextReadyAt() == nil)
    }

    @Test("Giving back what was not handed out does nothing")
    mutating func strayReturn() {
        self.machine.succeeded("a")
        self.add("b", at: 0)
        self.machine.succeeded("b")
        #expect(self.machine.waitingCount == 1)
        #expect(self.machine.inFlightCount == 0)
        #expect(self.takeAll(at: 0) == ["b"])
    }

    @Test("Ten thousand keys that fail together are all back within milliseconds: there is no bucket for all of them")
    func massFailure() {
        var machine = QueueMachine<Int>(backoff: .reconcile)
        var random = SeededRandom(seed: 1)
        let start = ContinuousClock.now
        for key in 0..<10_000 {
            machine.add(key, priority: .normal, at: start)
        }
        while let key = machine.take(at: start) {
            machine.failed(key, at: start, random: Double.random(in: 0..<1, using: &random))
        }
        #expect(machine.waitingCount == 10_000)
        var returned = 0
        while machine.take(at: start + .milliseconds(5)) != nil {
            returned += 1
        }
        #expect(returned == 10_000)
    }

    @Test(
        "Whatever comes, a key is only overtaken by keys that came less than 5 s after it",
        arguments: SeededRandom.seeds(1)
    )
    func boundedOvertaking(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var machine = QueueMachine<Int>(backoff: .reconcile)
        let start = ContinuousClock.now
        // In the order in which they came: what waits, with the time of its coming.
        var waiting: [(key: Int, since: Duration)] = []
        // Twice as many come as are taken, in bursts: the backlog grows without end.
        var longest = Duration.zero
        for tick in 0..<1000 {
            let now = Duration.milliseconds(tick * 100)
            if tick % 20 == 0 {
                for number in 0..<40 {
                    let key = tick * 100 + number
                    waiting.append((key, now))
                    let priority: Priority = Int.random(in: 0..<5, using: &random) == 0 ? .background : .normal
                    machine.add(key, priority: priority, at: start + now)
                }
            }
            guard let key = machine.take(at: start + now), let index = waiting.firstIndex(where: { $0.key == key })
            else {
                Issue.record("there is a backlog, and nothing was handed out")
                return
            }
            machine.succeeded(key)
            longest = max(longest, waiting[index].since - waiting[0].since)
            waiting.remove(at: index)
        }
        #expect(longest <= .seconds(5), "seed \(seed)")
        #expect(waiting.count == 1000)
    }
}
