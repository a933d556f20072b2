/// How long a lease lasts, and how hard its holder tries to keep it.
///
/// The three figures hold each other up: a holder stops before anybody else may begin, and has several tries before it
/// stops.
public struct ElectionTimes: Sendable, Equatable {
    /// How long a lease that nobody renews keeps others out.
    public let leaseDuration: Duration
    /// How long a holder that cannot renew goes on working; then it stops.
    public let renewDeadline: Duration
    /// The time between two tries, to renew as well as to get the lease.
    public let retryPeriod: Duration

    /// 15 s, 10 s and 2 s, client-go's figures.
    public static let standard = ElectionTimes(
        unchecked: (lease: .seconds(15), renew: .seconds(10), retry: .seconds(2))
    )

    /// Times of one's own.
    ///
    /// - Throws: ``ElectionTimesError`` where they do not hold each other up.
    public init(
        leaseDuration: Duration,
        renewDeadline: Duration,
        retryPeriod: Duration
    ) throws(ElectionTimesError) {
        guard leaseDuration.components.attoseconds == 0, leaseDuration >= .seconds(1) else {
            throw .notWholeSeconds(leaseDuration)
        }
        guard leaseDuration > renewDeadline else {
            throw .leaseNotLongerThanRenewal(lease: leaseDuration, renewal: renewDeadline)
        }
        guard retryPeriod > .zero else { throw .retryNotPositive(retryPeriod) }
        // client-go's rule: a try that comes a little late must still be in time.
        guard renewDeadline > retryPeriod * 1.2 else {
            throw .renewalNotLongerThanRetry(renewal: renewDeadline, retry: retryPeriod)
        }
        self.init(unchecked: (lease: leaseDuration, renew: renewDeadline, retry: retryPeriod))
    }

    private init(unchecked times: (lease: Duration, renew: Duration, retry: Duration)) {
        self.leaseDuration = times.lease
        self.renewDeadline = times.renew
        self.retryPeriod = times.retry
    }

    /// How long one request about the lease may take, so that a request that hangs does not cost the lease;
    /// controller-runtime's figure.
    public var requestTimeout: Duration {
        max(.seconds(1), self.renewDeadline / 2)
    }
}

/// Why times cannot be used for an election.
public enum ElectionTimesError: Error, Sendable, Equatable {
    /// The lease's duration is kept in whole seconds, one at least.
    case notWholeSeconds(Duration)
    /// Others could begin before the holder stops.
    case leaseNotLongerThanRenewal(lease: Duration, renewal: Duration)
    /// There must be some time between two tries.
    case retryNotPositive(Duration)
    /// The holder would stop before its second try.
    case renewalNotLongerThanRetry(renewal: Duration, retry: Duration)
}

extension ElectionTimesError: CustomStringConvertible {
    /// One line for people: the figure, and the rule.
    public var description: String {
        switch self {
        case .notWholeSeconds(let lease):
            "lease duration \(lease): must be whole seconds, 1 at least"
        case .leaseNotLongerThanRenewal(let lease, let renewal):
            "lease duration \(lease): must be longer than the renew deadline, \(renewal)"
        case .retryNotPositive(let retry):
            "retry period \(retry): must be longer than nothing"
        case .renewalNotLongerThanRetry(let renewal, let retry):
            "renew deadline \(renewal): must be longer than 1.2 times the retry period, \(retry)"
        }
    }
}
