import Testing

@testable import ControllerRuntime

@Suite("OutageMachine")
struct OutageMachineTests {
    private let start = ContinuousClock.now

    @Test("One failure is nothing, and what succeeds after it says nothing")
    func hiccup() {
        var machine = OutageMachine(threshold: 2)
        for _ in 0..<10 {
            #expect(machine.failed("pods", cause: "refused", at: self.start) == nil)
            #expect(machine.succeeded("pods", at: self.start) == nil)
        }
        #expect(!machine.isOut)
    }

    @Test("Twenty who fail for an hour are told of in a handful of lines, and once when it is over")
    func outage() {
        var machine = OutageMachine(threshold: 2)
        let all = (10..<30).map { "informer \($0)" }
        var lines: [OutageMachine.Line] = []
        for second in stride(from: 0, through: 3600, by: 10) {
            for who in all {
                lines += [machine.failed(who, cause: "refused", at: self.start + .seconds(second))].compactMap(\.self)
            }
        }
        #expect(lines.first == .began)
        // At 10 s, and one, three, seven and fifteen minutes later; then every quarter of an hour.
        let reminders = [60, 180, 420, 900, 1800, 2700].map { OutageMachine.Line.lasts(.seconds($0), affected: all) }
        #expect(Array(lines.dropFirst()) == reminders)
        #expect(machine.isOut)
        let end = self.start + .seconds(3610)
        var told: [OutageMachine.Line] = []
        for who in all {
            told += [machine.succeeded(who, at: end)].compactMap(\.self)
        }
        #expect(told == [.ended(.seconds(3600))])
        #expect(!machine.isOut)
    }

    @Test("It is over when the last one concerned has succeeded")
    func last() {
        var machine = OutageMachine(threshold: 1)
        #expect(machine.failed("a", cause: "refused", at: self.start) == .began)
        #expect(machine.failed("b", cause: "refused", at: self.start) == nil)
        #expect(machine.succeeded("a", at: self.start) == nil)
        #expect(machine.succeeded("c", at: self.start) == nil)
        #expect(machine.succeeded("b", at: self.start + .seconds(5)) == .ended(.seconds(5)))
        #expect(machine.failed("a", cause: "refused", at: self.start) == .began)
    }

    @Test("Another cause is told at once, and once in an outage")
    func causes() {
        var machine = OutageMachine(threshold: 1)
        #expect(machine.failed("a", cause: "broken", at: self.start) == .began)
        let later = self.start + .seconds(3)
        #expect(machine.failed("a", cause: "untrusted", at: later) == .lasts(.seconds(3), affected: ["a"]))
        #expect(machine.failed("a", cause: "untrusted", at: later) == nil)
        #expect(machine.failed("a", cause: "broken", at: later) == nil)
        #expect(machine.succeeded("a", at: later) == .ended(.seconds(3)))
        #expect(machine.failed("a", cause: "untrusted", at: later) == .began)
    }
}
