import HTTPTransport
import KubernetesAPI
import Testing

@testable import KubernetesClient

@Suite("RetryPolicy")
struct RetryPolicyTests {
    private typealias Cause = KubernetesClientError.Cause

    private static func refused(_ code: Int, retryAfter: Int64? = nil) -> KubernetesClientError.Cause {
        .refused(
            KubernetesStatus(code: code, reason: "", message: "", details: .init(retryAfterSeconds: retryAfter))
        )
    }

    private func isRepeated(_ cause: Cause, _ repeatability: RetryPolicy.Repeatability) -> Bool {
        RetryPolicy().pause(after: cause, attempt: 1, repeatability: repeatability, random: 0.5) != nil
    }

    @Test(
        "Whether a failure is worth another try depends on what a second one would do",
        arguments: [
            (.transport(.hostNotFound("x")), true, true),
            (.transport(.couldNotConnect("x")), true, true),
            (.transport(.tlsFailed("x")), true, true),
            (.transport(.timedOut("x")), true, false),
            (.transport(.connectionLost("x")), true, false),
            (.transport(.certificateNotTrusted("x")), false, false),
            (.transport(.invalidRequest("x")), false, false),
            (.transport(.bodyTooLarge(limit: 1)), false, false),
            (.transport(.cancelled), false, false),
            (.transport(.closed), false, false),
            (.unreadableAnswer("x"), false, false),
            (.credential("x"), false, false),
        ] as [(KubernetesClientError.Cause, Bool, Bool)]
    )
    func causes(_ cause: KubernetesClientError.Cause, _ harmless: Bool, _ risky: Bool) {
        #expect(self.isRepeated(cause, .harmless) == harmless)
        #expect(self.isRepeated(cause, .risky) == risky)
    }

    @Test(
        "Of the refusals only those that pass are tried again; a POST only if it was turned away at the door",
        arguments: [
            (400, false, false), (401, false, false), (403, false, false), (404, false, false), (409, false, false),
            (410, false, false), (422, false, false), (429, true, true), (500, true, false), (501, false, false),
            (502, true, false), (503, true, false), (504, true, false),
        ]
    )
    func refusals(_ code: Int, _ harmless: Bool, _ risky: Bool) {
        #expect(self.isRepeated(Self.refused(code), .harmless) == harmless)
        #expect(self.isRepeated(Self.refused(code), .risky) == risky)
    }

    @Test("Pauses double up to the longest one, and chance shortens them")
    func growth() {
        let policy = RetryPolicy(attempts: 10, firstPause: .milliseconds(100), longestPause: .seconds(1))
        let longest = (1...6).map { attempt in
            policy.pause(after: Self.refused(503), attempt: attempt, repeatability: .harmless, random: 1)
        }
        #expect(longest == [100, 200, 400, 800, 1000, 1000].map { .milliseconds($0) })
        let half = policy.pause(after: Self.refused(503), attempt: 2, repeatability: .harmless, random: 0.5)
        #expect(half == .milliseconds(100))
        let none = policy.pause(after: Self.refused(503), attempt: 2, repeatability: .harmless, random: 0)
        #expect(none == .zero)
    }

    @Test("After the last attempt there is no pause")
    func attempts() {
        let policy = RetryPolicy(attempts: 3)
        let hasNext = (1...4).map { attempt in
            policy.pause(after: Self.refused(503), attempt: attempt, repeatability: .harmless, random: 1) != nil
        }
        #expect(hasNext == [true, true, false, false])
    }

    @Test("What the server asks for is waited for at least, up to the longest pause")
    func retryAfter() {
        let policy = RetryPolicy(attempts: 4, firstPause: .milliseconds(100), longestPause: .seconds(5))
        func pause(_ asked: Int64, random: Double) -> Duration? {
            policy.pause(
                after: Self.refused(429, retryAfter: asked),
                attempt: 1,
                repeatability: .risky,
                random: random
            )
        }
        #expect(pause(2, random: 0) == .seconds(2))
        #expect(pause(2, random: 1) == .milliseconds(2100))
        #expect(pause(0, random: 0) == .zero)
        #expect(pause(3600, random: 0) == .seconds(5))
    }
}
