import JSON
import Synchronization
import Testing

extension Faults {
    /// An API server, or a proxy before it, that answers with failures.
    @Suite struct AnswerTests {
        @Test("Answers that are failures are outlived, and what was carried out all the same is not done twice")
        func storm() async throws {
            var lives = AppLife.several(3)
            try await FaultScene.with("answers") { scene in
                let proxy = try scene.neededProxy()
                let storm = Storm(FaultSeed.generator(for: "answers"))
                let before = proxy.requests.count
                let start = ContinuousClock.now
                // Open watches would not notice. Broken first: nobody hears an answer on a connection that breaks.
                proxy.breakConnections()
                proxy.follow(storm.treatment)
                while ContinuousClock.now - start < .seconds(8) {
                    if try await scene.apps().allSatisfy(FaultScene.isSettled) {
                        for index in lives.indices { try await lives[index].goOn(on: scene) }
                    }
                    try await Task.sleep(for: .milliseconds(100))
                }
                let requests = proxy.requests.count - before
                proxy.behave()
                let healed = try await scene.settle()
                try await scene.waitUntilCalm(AppLife.calmPicture(of: lives))
                let counts = storm.counts.sorted { $0.key < $1.key }.map { "\($0.value) x \($0.key)" }
                scene.tell(
                    "8 s of failures (\(counts.joined(separator: ", "))) with \(requests) requests; settled "
                        + "\(healed.text) after the last"
                )
                #expect(
                    storm.earliestReturn >= .seconds(1),
                    "Retry-After: 1, and back after \(storm.earliestReturn.text): \(storm.earliest)"
                )
                // Eight seconds of an operator that tried without a pause would be thousands.
                #expect(requests < 1500)
            }
        }

        @Test("A call that nobody answers is given up and made again")
        func unanswered() async throws {
            try await FaultScene.with("unanswered") { scene in
                let proxy = try scene.neededProxy()
                let once = Once()
                proxy.follow { request in
                    guard request.kind == "POST deployments", once.isFirst() else { return .forward }
                    return .swallow {}
                }
                try await scene.apply(Manifest.taskflow())
                let healed = try await scene.settle(within: .seconds(90))
                #expect(try await scene.child(.deployments, "taskflow-backend") != nil)
                #expect(try await scene.child(.deployments, "taskflow-frontend") != nil)
                scene.tell("a POST that nobody answered: settled after \(healed.text)")
            }
        }
    }
}

private final class Once: Sendable {
    private let isOver = Mutex(false)

    func isFirst() -> Bool {
        self.isOver.withLock { isOver in
            defer { isOver = true }
            return !isOver
        }
    }
}
