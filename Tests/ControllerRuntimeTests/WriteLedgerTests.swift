import KubernetesAPI
import KubernetesTesting
import Testing

@testable import ControllerRuntime

@Suite("WriteLedger")
struct WriteLedgerTests {
    private let time = ManualTime()
    private let store = Store<TestObject>()
    private let ledger: WriteLedger<String>

    init() {
        self.ledger = WriteLedger(time: self.time.source)
    }

    @Test("An owner that wrote nothing waits for nothing")
    func empty() {
        #expect(self.ledger.remainingWait(for: "a") == nil)
    }

    @Test("A write is waited for until the store has it or something later")
    func seen() {
        self.ledger.record("a", wrote: 10, to: self.store)
        self.store.advance(to: 9)
        #expect(self.ledger.remainingWait(for: "a") == .seconds(5))
        self.store.advance(to: 10)
        #expect(self.ledger.remainingWait(for: "a") == nil)
        self.ledger.record("a", wrote: 10, to: self.store)
        self.store.advance(to: 12)
        #expect(self.ledger.remainingWait(for: "a") == nil)
    }

    @Test("Patience ends after 5 s, so that a write that never comes back holds nobody up for ever")
    func patience() {
        self.ledger.record("a", wrote: 10, to: self.store)
        self.time.advance(by: .seconds(2))
        #expect(self.ledger.remainingWait(for: "a") == .seconds(3))
        self.time.advance(by: .milliseconds(2999))
        #expect(self.ledger.remainingWait(for: "a") == .milliseconds(1))
        self.time.advance(by: .milliseconds(1))
        #expect(self.ledger.remainingWait(for: "a") == nil)
    }

    @Test("Of several writes the one counts that is missing, in whichever store")
    func several() {
        let other = Store<TestObject>()
        self.ledger.record("a", wrote: 10, to: self.store)
        self.time.advance(by: .seconds(1))
        self.ledger.record("a", wrote: 20, to: other)
        self.store.advance(to: 30)
        #expect(self.ledger.remainingWait(for: "a") == .seconds(5))
        other.advance(to: 20)
        #expect(self.ledger.remainingWait(for: "a") == nil)
    }

    @Test("A write that was seen stays seen, whatever the store says later")
    func settled() {
        self.ledger.record("a", wrote: 10, to: self.store)
        self.store.advance(to: 10)
        #expect(self.ledger.remainingWait(for: "a") == nil)
        self.store.advance(to: 3)
        #expect(self.ledger.remainingWait(for: "a") == nil)
    }

    @Test("One owner's writes never hold up another")
    func owners() {
        self.ledger.record("a", wrote: 10, to: self.store)
        #expect(self.ledger.remainingWait(for: "b") == nil)
        #expect(self.ledger.remainingWait(for: "a") != nil)
    }

    @Test("Versions that cannot be compared are waited for until patience ends")
    func opaque() {
        self.ledger.record("a", wrote: ResourceVersion("abc"), to: self.store)
        self.store.advance(to: 100)
        #expect(self.ledger.remainingWait(for: "a") == .seconds(5))
        self.store.advance(to: ResourceVersion("abc"))
        #expect(self.ledger.remainingWait(for: "a") == nil)
    }

    @Test("Where each namespace is watched on its own, its own version counts, and not the one of another")
    func namespaces() {
        self.store.expect(["east", "west"])
        self.ledger.record("a", wrote: 10, to: self.store, in: "east")
        self.store.advance(to: 20, in: "west")
        #expect(self.ledger.remainingWait(for: "a") == .seconds(5))
        self.store.advance(to: 10, in: "east")
        #expect(self.ledger.remainingWait(for: "a") == nil)
    }

    // MARK: Echoes

    @Test("A pass hears what it writes itself, in whatever order, and nobody is woken for that")
    func echoes() {
        self.ledger.beginPass(over: "app")
        #expect(!self.ledger.isNews(for: "app", 7))
        self.ledger.note("app", wrote: 7)
        self.ledger.note("app", wrote: 8)
        #expect(!self.ledger.isNews(for: "app", 8))
        #expect(!self.ledger.endPass(over: "app"))
    }

    @Test("What others change during a pass makes another one due")
    func newsDuringPass() {
        self.ledger.beginPass(over: "app")
        self.ledger.note("app", wrote: 7)
        #expect(!self.ledger.isNews(for: "app", 9))
        #expect(self.ledger.isNews(for: "other", 9))
        #expect(self.ledger.endPass(over: "app"))
    }

    @Test("Without a pass every change is news")
    func newsAtRest() {
        #expect(self.ledger.isNews(for: "app", 7))
        #expect(!self.ledger.endPass(over: "app"))
        self.ledger.beginPass(over: "app")
        _ = self.ledger.endPass(over: "app")
        #expect(self.ledger.isNews(for: "app", 8))
    }
}
