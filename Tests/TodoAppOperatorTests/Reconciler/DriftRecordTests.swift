import Testing

@testable import TodoAppOperator

@Suite("DriftRecord")
struct DriftRecordTests {
    private let start = ContinuousClock.now

    /// A record of so many corrections, a second apart from each other.
    private func record(corrections: Int) -> (record: DriftRecord, last: ContinuousClock.Instant) {
        var record = DriftRecord()
        var now = self.start
        for _ in 0..<corrections {
            now += .seconds(1)
            record.corrected(at: now, message: "m")
        }
        return (record, now)
    }

    @Test("The first corrections are made at once, and nobody is called a rival")
    func mistakes() {
        #expect(DriftRecord().answer(at: self.start) == .correct)
        let (record, last) = self.record(corrections: DriftRecord.patience)
        #expect(record.answer(at: last) == .correct)
        #expect(record.fight(at: last) == nil)
    }

    @Test("Whoever keeps at it is left a turn that doubles each time, up to five minutes")
    func rival() {
        var pauses: [Duration] = []
        for count in 1...9 {
            let (record, last) = self.record(corrections: DriftRecord.patience + count)
            guard case .wait(let pause) = record.answer(at: last) else {
                Issue.record("correction \(count) is not waited for")
                return
            }
            pauses.append(pause)
            #expect(record.answer(at: last + pause) == .correct)
            #expect(record.fight(at: last) == pause)
        }
        #expect(pauses == [5, 10, 20, 40, 80, 160, 300, 300, 300].map { .seconds($0) })
    }

    @Test("A rival who gives up is forgotten, and may make mistakes again")
    func peace() {
        var (record, last) = self.record(corrections: DriftRecord.patience + 1)
        let turn = last + DriftRecord.firstPause
        #expect(record.fight(at: turn) == DriftRecord.memory)
        let end = turn + DriftRecord.memory
        #expect(record.fight(at: end) == nil)
        record.corrected(at: end + .seconds(1), message: "m")
        #expect(record.answer(at: end + .seconds(1)) == .correct)
        #expect(record.fight(at: end + .seconds(1)) == nil)
    }
}
