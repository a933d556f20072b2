import ControllerRuntime
import Testing

@Suite("ElectionTimes")
struct ElectionTimesTests {
    @Test("The standard times are the field's, and keep their own rules")
    func standard() throws {
        let standard = ElectionTimes.standard
        let made = try ElectionTimes(
            leaseDuration: standard.leaseDuration,
            renewDeadline: standard.renewDeadline,
            retryPeriod: standard.retryPeriod
        )
        #expect(made == standard)
        #expect(standard.leaseDuration == .seconds(15))
        #expect(standard.renewDeadline == .seconds(10))
        #expect(standard.retryPeriod == .seconds(2))
        #expect(standard.requestTimeout == .seconds(5))
    }

    @Test("One request may take half the renew deadline, but a second at least")
    func requestTimeout() throws {
        let short = try ElectionTimes(
            leaseDuration: .seconds(2),
            renewDeadline: .seconds(1),
            retryPeriod: .milliseconds(200)
        )
        #expect(short.requestTimeout == .seconds(1))
    }

    @Test(
        "Times that do not hold each other up are refused by a line that names figure and rule",
        arguments: [
            Refusal(15_500, 10_000, 2000, "lease duration 15.5 seconds: must be whole seconds"),
            Refusal(0, -1, -2, "lease duration 0.0 seconds: must be whole seconds"),
            Refusal(10_000, 10_000, 2000, "lease duration 10.0 seconds: must be longer than the renew deadline"),
            Refusal(15_000, 10_000, 0, "retry period 0.0 seconds: must be longer than nothing"),
            Refusal(15_000, 2300, 2000, "renew deadline 2.3 seconds: must be longer than 1.2 times the retry period"),
        ]
    )
    private func refused(_ refusal: Refusal) {
        let error = #expect(throws: ElectionTimesError.self) {
            try ElectionTimes(
                leaseDuration: refusal.lease,
                renewDeadline: refusal.renewal,
                retryPeriod: refusal.retry
            )
        }
        #expect(error?.description.contains(refusal.words) == true, "\(error?.description ?? "")")
    }
}

/// Times in milliseconds, and what is said about them.
private struct Refusal: Sendable {
    var lease: Duration
    var renewal: Duration
    var retry: Duration
    var words: String

    init(_ lease: Int, _ renewal: Int, _ retry: Int, _ words: String) {
        self.lease = .milliseconds(lease)
        self.renewal = .milliseconds(renewal)
        self.retry = .milliseconds(retry)
        self.words = words
    }
}
