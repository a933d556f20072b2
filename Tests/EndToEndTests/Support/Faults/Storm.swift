import Synchronization

/// Every third request, by chance, gets a failure for an answer; some of them are carried out all the same.
final class Storm: Sendable {
    private struct State {
        var chance: SeededGenerator
        var counts: [String: Int] = [:]
        /// Lists that were told to come back in a second, and when.
        var toldToWait: [String: ContinuousClock.Instant] = [:]
        var earliestReturn = Duration.seconds(3600)
        var earliest = ""
    }

    private let state: Mutex<State>

    init(_ chance: SeededGenerator) {
        self.state = Mutex(State(chance: chance))
    }

    var counts: [String: Int] { self.state.withLock { $0.counts } }

    /// The shortest time in which a list that was told to wait for a second came back.
    var earliestReturn: Duration { self.state.withLock { $0.earliestReturn } }

    /// Which list that was.
    var earliest: String { self.state.withLock { $0.earliest } }

    @Sendable func treatment(of request: ProxiedRequest) -> Treatment {
        self.state.withLock { state in
            let key = "\(request.method) \(request.target)"
            // Lists alone: another pass may well ask for the same object, which nobody told to wait.
            if let told = state.toldToWait.removeValue(forKey: key) {
                if request.time - told < state.earliestReturn {
                    (state.earliestReturn, state.earliest) = (request.time - told, key)
                }
            }
            guard Int.random(in: 0..<3, using: &state.chance) == 0 else { return .forward }
            let code = [429, 500, 503, 504].randomElement(using: &state.chance) ?? 500
            let isAfter = code != 429 && request.isWrite && Bool.random(using: &state.chance)
            state.counts["\(code)\(isAfter ? " though it was done" : "")", default: 0] += 1
            if code == 429, request.isList { state.toldToWait[key] = request.time }
            if isAfter { return .refuseAfterwards(code) }
            return .refuse(code, retryAfter: code == 429 ? 1 : nil)
        }
    }
}
