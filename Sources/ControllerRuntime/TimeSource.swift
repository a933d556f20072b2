/// Time and chance, as the runtime gets them from outside: a test brings its own.
public struct TimeSource: Sendable {
    /// The monotonic time, which no change of the machine's clock moves.
    public var now: @Sendable () -> ContinuousClock.Instant
    /// Waits; throws when the task is cancelled.
    public var sleep: @Sendable (Duration) async throws -> Void
    /// A number from 0 up to 1.
    public var random: @Sendable () -> Double

    /// A source by its parts.
    public init(
        now: @escaping @Sendable () -> ContinuousClock.Instant,
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        random: @escaping @Sendable () -> Double
    ) {
        self.now = now
        self.sleep = sleep
        self.random = random
    }

    /// The machine's own.
    public static let system = TimeSource(
        now: { ContinuousClock.now },
        sleep: { try await Task.sleep(for: $0, clock: .continuous) },
        random: { Double.random(in: 0..<1) }
    )
}
