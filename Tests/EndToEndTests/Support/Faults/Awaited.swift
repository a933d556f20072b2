/// Asks again and again until it is so; the question may take its time, and one that fails is asked again.
func awaited(
    _ what: String,
    within limit: Duration = .seconds(120),
    lastSeen: () async -> String = { "-" },
    _ isSo: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    var lastError: (any Error)?
    while true {
        do {
            if try await isSo() { return }
            lastError = nil
        } catch {
            lastError = error
        }
        guard ContinuousClock.now < deadline else {
            let seen = if let lastError { "\(lastError)" } else { await lastSeen() }
            throw DidNotHappen(what: what, within: limit, lastSeen: seen)
        }
        try await Task.sleep(for: .milliseconds(20))
    }
}

extension Duration {
    /// In seconds, with one digit.
    var text: String {
        let tenths = (self.components.seconds * 10) + self.components.attoseconds / 100_000_000_000_000_000
        return "\(tenths / 10).\(tenths % 10) s"
    }
}
