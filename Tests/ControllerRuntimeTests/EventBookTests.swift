import KubernetesAPI
import Testing

@testable import ControllerRuntime

@Suite("EventBook")
struct EventBookTests {
    private let start = ContinuousClock.now
    private var book = EventBook()

    private func note(_ reason: String = "Applied", uid: String = "u") -> EventNote {
        EventNote(
            regarding: ObjectReference(
                apiVersion: "v1",
                kind: "Pod",
                key: ObjectKey(namespace: "shop", name: "web"),
                uid: uid
            ),
            kind: .normal,
            reason: reason,
            action: "Sync",
            note: "n"
        )
    }

    /// Enters a note and, where it is a new one, posts it under this name.
    @discardableResult
    private mutating func enter(_ note: EventNote, as name: String = "event", at seconds: Double) -> EventBook.Entry {
        let now = self.start + .seconds(seconds)
        let entry = self.book.enter(note, at: now)
        if entry == .create { self.book.posted(note, as: name, at: now) }
        return entry
    }

    @Test("The same note again is one more of a series")
    mutating func series() {
        #expect(self.enter(self.note(), as: "a", at: 0) == .create)
        #expect(self.enter(self.note(), at: 1) == .repeat(name: "a", count: 2))
        #expect(self.enter(self.note(), at: 2) == .repeat(name: "a", count: 3))
        #expect(self.enter(self.note("Other"), at: 3) == .create)
    }

    @Test("Half an hour after the last one a new event begins")
    mutating func seriesLife() {
        self.enter(self.note(), as: "a", at: 0)
        #expect(self.enter(self.note(), at: 1799) == .repeat(name: "a", count: 2))
        #expect(self.enter(self.note(), at: 1799 + 1799) == .repeat(name: "a", count: 3))
        #expect(self.enter(self.note(), at: 1799 + 1799 + 1800) == .create)
    }

    @Test("An event that is gone from the API server is begun anew")
    mutating func lost() {
        self.enter(self.note(), as: "a", at: 0)
        self.book.lost(self.note())
        #expect(self.enter(self.note(), as: "b", at: 1) == .create)
        #expect(self.enter(self.note(), at: 2) == .repeat(name: "b", count: 2))
    }

    @Test("A note that could not be posted is tried as a new one the next time")
    mutating func notPosted() {
        #expect(self.book.enter(self.note(), at: self.start) == .create)
        #expect(self.book.enter(self.note(), at: self.start) == .create)
    }

    @Test("One object may say 25 things at once, then one in five minutes; another object is not held up by that")
    mutating func budget() {
        for number in 0..<25 {
            #expect(self.enter(self.note("R\(number)"), at: 0) == .create)
        }
        #expect(self.enter(self.note("more"), at: 0) == .drop)
        #expect(self.enter(self.note("R0"), at: 0) == .drop)
        #expect(self.enter(self.note("R0", uid: "other"), at: 0) == .create)
        #expect(self.enter(self.note("more"), at: 299) == .drop)
        #expect(self.enter(self.note("more"), at: 301) == .create)
        #expect(self.enter(self.note("yet more"), at: 302) == .drop)
    }

    @Test("A storm of notes about many objects does not grow the book without bound")
    mutating func capacity() {
        for number in 0..<(3 * EventBook.capacity) {
            self.enter(self.note(uid: "u\(number)"), at: Double(number) / 1000)
        }
        #expect(self.enter(self.note(uid: "last"), as: "z", at: 20) == .create)
        #expect(self.enter(self.note(uid: "last"), at: 20) == .repeat(name: "z", count: 2))
    }

    @Test(
        "A time has six digits behind the second",
        arguments: [(0.0, "00.000000"), (59.25, "59.250000"), (1.5, "01.500000")]
    )
    func times(_ seconds: Double, _ text: String) {
        #expect(microTime(1_767_225_600 + seconds) == "2026-01-01T00:00:\(text)Z")
    }
}
