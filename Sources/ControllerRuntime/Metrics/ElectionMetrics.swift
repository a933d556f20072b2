public import CoreMetrics

/// What a ``LeaderElector`` counts.
public struct ElectionMetrics: Sendable {
    private let isLeader: Meter
    private let slowPaths: Counter

    /// The metrics of an election for the lease of this name.
    public init(name: String, factory: any MetricsFactory) {
        self.isLeader = Meter(label: "leader_election_master_status", dimensions: [("name", name)], factory: factory)
        self.slowPaths = Counter(
            label: "leader_election_slowpath_total",
            dimensions: [("name", name)],
            factory: factory
        )
    }

    /// Takes note of what an election came to.
    public func note(_ news: LeaderElector.News) {
        switch news {
        case .leads: self.isLeader.set(1)
        case .slowPath: self.slowPaths.increment()
        case .follows, .released, .lost: self.isLeader.set(0)
        }
    }
}
