import ControllerRuntime
import Testing

@Suite("Backoff")
struct BackoffTests {
    @Test("Pauses double from the first to the limit")
    func doubling() {
        let pauses = (1...8).map { Backoff.watch.pause(failures: $0, random: 1) }
        #expect(pauses == [800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000].map { .milliseconds($0) })
    }

    @Test("The bounds are those of the design")
    func bounds() {
        #expect(Backoff.reconcile.pause(failures: 1, random: 1) == .milliseconds(5))
        #expect(Backoff.reconcile.pause(failures: 100, random: 1) == .seconds(300))
        #expect(Backoff.watch == Backoff(first: .milliseconds(800), limit: .seconds(30)))
    }

    @Test(
        "Any number of failures gives a pause between nothing and the limit",
        arguments: [-1, 0, 1, 31, 63, 64, .max]
    )
    func anyNumber(_ failures: Int) {
        for random in [0, 0.3, 0.999] {
            let pause = Backoff.reconcile.pause(failures: failures, random: random)
            #expect(pause >= .zero && pause <= .seconds(300))
        }
        #expect(Backoff.reconcile.pause(failures: failures, random: 0) == .zero)
    }

    @Test("Before the first failure it is as after the first")
    func none() {
        #expect(Backoff.watch.pause(failures: 0, random: 1) == Backoff.watch.pause(failures: 1, random: 1))
    }
}
