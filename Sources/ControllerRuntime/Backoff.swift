/// How long to wait after failures in a row: twice as long each time up to a limit, spread by full jitter so that many who
/// failed together do not return together.
public struct Backoff: Sendable, Equatable {
    /// The longest pause after the first failure.
    public var first: Duration
    /// The longest pause after any number of failures.
    public var limit: Duration

    /// A back-off by its bounds.
    public init(first: Duration, limit: Duration) {
        self.first = first
        self.limit = limit
    }

    /// For watches and lists: 0.8 s to 30 s, client-go's figures.
    public static let watch = Backoff(first: .milliseconds(800), limit: .seconds(30))
    /// For keys whose reconcile failed: 5 ms to 5 min.
    public static let reconcile = Backoff(first: .milliseconds(5), limit: .seconds(300))

    /// The pause after this many failures in a row, at least one.
    ///
    /// - Parameters:
    ///   - failures: How often it failed in a row.
    ///   - random: A number from 0 up to 1.
    public func pause(failures: Int, random: Double) -> Duration {
        // 2^30 times any sensible first pause is beyond any sensible limit, and does not overflow.
        let doublings = min(max(failures, 1) - 1, 30)
        return min(self.first * (1 << doublings), self.limit) * random
    }
}
