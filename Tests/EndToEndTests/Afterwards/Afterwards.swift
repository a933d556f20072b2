import Foundation
import Testing

/// What is judged when all end-to-end tests are over: `hack/run-e2e` asks for it by `AFTER_EVERYTHING`.
@Suite(
    .enabled(if: ProcessInfo.processInfo.environment["AFTER_EVERYTHING"] != nil, "hack/run-e2e runs it at its end"),
    .serialized,
    .timeLimit(.minutes(5))
)
struct Afterwards {
    static var cluster: ClusterUnderTest {
        get throws { try #require(ClusterUnderTest.fromEnvironment) }
    }
}
