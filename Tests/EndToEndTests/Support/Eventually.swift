import Testing

/// What did not happen in time.
struct DidNotHappen: Error, CustomStringConvertible {
    var what: String
    var within: Duration
    var lastSeen: String

    var isWithoutOperator = false

    var description: String {
        if self.isWithoutOperator { return "\(self.what): the operator has ended, and nobody had told it to" }
        return "\(self.what): not within \(self.within); last seen: \(self.lastSeen)"
    }
}

/// Asks again and again until there is an answer.
func eventually<Answer>(
    _ what: String,
    within limit: Duration = .seconds(240),
    lastSeen: () -> String = { "-" },
    _ ask: () throws -> Answer?
) async throws -> Answer {
    let deadline = ContinuousClock.now + limit
    while true {
        if let answer = try ask() { return answer }
        let isHopeless = (try? Stage.current)?.operatorPod.hasEndedUnasked ?? false
        guard ContinuousClock.now < deadline, !isHopeless else {
            throw DidNotHappen(what: what, within: limit, lastSeen: lastSeen(), isWithoutOperator: isHopeless)
        }
        try await Task.sleep(for: .milliseconds(25))
    }
}

/// Asks again and again until it is so.
func eventually(
    _ what: String,
    within limit: Duration = .seconds(240),
    lastSeen: () -> String = { "-" },
    _ isSo: () throws -> Bool
) async throws {
    let _: Void = try await eventually(what, within: limit, lastSeen: lastSeen) { try isSo() ? () : nil }
}
