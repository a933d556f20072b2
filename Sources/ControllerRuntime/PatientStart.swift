public import KubernetesClient

/// Asks what a program must know of the API server before it can begin.
///
/// For a program that has reached its server: from then on an outage is waited out like any later one. Before that the
/// likelier reason is a wrong address, which is better told at once.
public struct PatientStart: Sendable {
    private let outages: OutageLog
    private let time: TimeSource

    /// - Parameters:
    ///   - outages: Tells of the outage in few lines.
    ///   - time: Time and chance; the machine's own by default.
    public init(outages: OutageLog, time: TimeSource = .system) {
        self.outages = outages
        self.time = time
    }

    /// Asks until there is an answer, with the pauses of ``Backoff/watch``.
    ///
    /// - Throws: `KubernetesClientError` at once where waiting does not help, and when the task is cancelled.
    public func ask<Answer: Sendable>(
        _ question: () async throws(KubernetesClientError) -> Answer
    ) async throws(KubernetesClientError) -> Answer {
        var failures = 0
        while true {
            do throws(KubernetesClientError) {
                let answer = try await question()
                self.outages.succeeded(Self.who)
                return answer
            } catch {
                guard error.isOutage else { throw error }
                failures += 1
                self.outages.failed(Self.who, cause: error.causeInShort, why: "\(error)")
                let pause = Backoff.watch.pause(failures: failures, random: self.time.random())
                guard (try? await self.time.sleep(pause)) != nil else { throw error }
            }
        }
    }

    private static let who = "start"
}
