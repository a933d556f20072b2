internal import HTTPTransport
internal import Locks

/// How many requests a client sends in a time.
public struct RateLimit: Sendable, Equatable {
    /// Requests a second over a long time; 0 for no limit.
    public var perSecond: Double
    /// How many may go out at once after a quiet time; at least 1.
    public var burst: Int

    /// A limit by its parts.
    public init(perSecond: Double, burst: Int) {
        self.perSecond = perSecond
        self.burst = burst
    }

    /// No limit.
    public static let none = RateLimit(perSecond: 0, burst: 1)
}

/// A bucket that fills with tokens at an even pace; each request takes one, and waits where there is none.
///
/// Pure: it is told the time, and says how long to wait. Who waits has his token already, so turns are kept in the order in
/// which they were asked for.
struct TokenBucket: Sendable, Equatable {
    typealias Instant = ContinuousClock.Instant

    private let perSecond: Double
    private let capacity: Double
    /// Below zero while some wait for tokens that are still to come.
    private var tokens: Double
    private var at: Instant

    /// A bucket that is full.
    init(_ limit: RateLimit, at now: Instant) {
        self.perSecond = limit.perSecond
        self.capacity = Double(max(1, limit.burst))
        self.tokens = self.capacity
        self.at = now
    }

    /// Takes a token; how long to wait until it is there.
    mutating func take(at now: Instant) -> Duration {
        self.fill(at: now)
        self.tokens -= 1
        return self.tokens >= 0 ? .zero : .seconds(-self.tokens / self.perSecond)
    }

    /// Gives back the token of somebody who will not use it.
    mutating func giveBack() {
        self.tokens = min(self.capacity, self.tokens + 1)
    }

    private mutating func fill(at now: Instant) {
        guard now > self.at else { return }
        self.tokens = min(self.capacity, self.tokens + (now - self.at) / .seconds(1) * self.perSecond)
        self.at = now
    }
}

/// Lets requests through as a bucket says.
final class RateLimiter: Sendable {
    private let bucket: Locked<TokenBucket>
    private let now: @Sendable () -> ContinuousClock.Instant
    private let sleep: @Sendable (Duration) async throws -> Void

    /// `nil` where there is no limit.
    init?(_ options: KubernetesClient.Options) {
        guard options.rateLimit.perSecond > 0 else { return nil }
        self.bucket = Locked(TokenBucket(options.rateLimit, at: options.now()))
        self.now = options.now
        self.sleep = options.sleep
    }

    /// Returns when a request may go out.
    func waitForTurn() async throws(HTTPTransportError) {
        let pause = self.bucket.withLock { $0.take(at: self.now()) }
        guard pause > .zero else { return }
        do {
            try await self.sleep(pause)
        } catch {
            self.bucket.withLock { $0.giveBack() }
            throw .cancelled
        }
    }
}
