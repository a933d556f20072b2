internal import KubernetesAPI

/// The rules by which one of several replicas becomes and stays the leader, without I/O and without a clock.
///
/// - Whether a lease has expired is judged by the local monotonic clock alone, from the moment at which this replica last
///   saw the lease change: clocks that differ between machines, or are set, change nothing.
/// - A leader counts its time from the moment at which it *sent* its last successful write, so that it stops before
///   anybody who saw that write may begin.
/// - What a leader does not know to be written, it reads before it writes again.
public struct ElectionMachine: Sendable, Equatable {
    /// The time as the election knows it.
    public typealias Instant = ContinuousClock.Instant

    /// Where the replica stands; each case holds what is valid in it.
    public enum State: Sendable, Equatable {
        /// Somebody else leads, or nobody; what was seen of the lease last.
        case following(Observation?)
        /// This replica leads.
        case leading(Term)
        /// This replica has stopped working, and gives the lease back.
        case releasing(Term)
        /// It is over, in good order.
        case released
        /// It is over: the lease could not be kept.
        case lost
    }

    /// A lease as a follower saw it.
    public struct Observation: Sendable, Equatable {
        /// What it says.
        public var record: LeaseRecord
        /// When it was first seen to say so.
        public var since: Instant
    }

    /// A leader's hold on its lease.
    public struct Term: Sendable, Equatable {
        /// The lease as this replica wrote it last.
        public var record: LeaseRecord
        /// Until when this replica may work.
        public var until: Instant
        /// Whether a write may have happened that nobody heard of, so that the version is uncertain.
        public var isUncertain = false
    }

    /// What can happen.
    public enum Input: Sendable, Equatable {
        /// It is time to look, or to renew.
        case tick(at: Instant)
        /// The lease was read; `nil` if there is none.
        case found(LeaseRecord?, at: Instant)
        /// A write was sent at one time and answered at another.
        case wrote(LeaseRecord, sentAt: Instant, at: Instant)
        /// A read or write failed.
        case failed(Failure, at: Instant)
        /// The replica's work has ended: it no longer wants the lease.
        case stop(at: Instant)
    }

    /// How a read or a write can fail.
    public enum Failure: Sendable, Equatable {
        /// Somebody else has written, or created the lease, meanwhile.
        case conflict
        /// There is no lease any more.
        case missing
        /// Anything else; the write may have happened or not.
        case unknown
    }

    /// What is to be done.
    public enum Effect: Sendable, Equatable {
        /// Read the lease.
        case read
        /// Create it, for this replica.
        case create
        /// Take it over, or renew it, if it is still the one of this version.
        case hold(of: LeaseRecord, isTakeover: Bool)
        /// Give it back, if it is still the one of this version.
        case release(LeaseRecord)
        /// Wait, then tick: a follower for about this time, so that not all look at once; a leader for no longer.
        case pause(Duration, isExact: Bool)
        /// This replica leads until then.
        case lead(until: Instant)
        /// Somebody else holds the lease; empty for nobody.
        case follow(String)
        /// Stop working at once.
        case lose
    }

    /// Where the replica stands.
    public private(set) var state = State.following(nil)

    private let identity: String
    private let times: ElectionTimes

    /// A replica that has not looked yet.
    ///
    /// - Parameters:
    ///   - identity: What no other replica is called.
    ///   - times: How long a lease lasts, and how hard it is kept.
    public init(identity: String, times: ElectionTimes) {
        self.identity = identity
        self.times = times
    }

    /// Takes what happened, and says what to do.
    public mutating func step(_ input: Input) -> [Effect] {
        switch self.state {
        case .following(let observation): self.follow(observation, input)
        case .leading(let term): self.lead(term, input)
        case .releasing(let term): self.release(term, input)
        case .released, .lost: []
        }
    }
}

// MARK: - Following

extension ElectionMachine {
    private mutating func follow(_ observation: Observation?, _ input: Input) -> [Effect] {
        switch input {
        case .tick:
            return [.read]
        case .found(nil, _):
            self.state = .following(nil)
            return [.create]
        case .found(let record?, let now):
            return self.observe(record, after: observation, at: now)
        case .wrote(let record, let sentAt, let now):
            return self.begin(record, sentAt: sentAt, at: now)
        case .failed:
            return [self.followersPause]
        case .stop:
            self.state = .released
            return []
        }
    }

    private mutating func observe(_ record: LeaseRecord, after old: Observation?, at now: Instant) -> [Effect] {
        let isUnchanged = old.map { $0.record.saysTheSame(as: record) } ?? false
        let observation = Observation(record: record, since: isUnchanged ? old?.since ?? now : now)
        self.state = .following(observation)
        let news: [Effect] = old?.record.holder == record.holder ? [] : [.follow(record.holder)]
        let expires = observation.since + (record.duration ?? self.times.leaseDuration)
        // A lease in this replica's own name is one that it wrote without hearing of it.
        guard record.holder.isEmpty || record.holder == self.identity || expires <= now else {
            return news + [self.followersPause]
        }
        return news + [.hold(of: record, isTakeover: record.holder != self.identity)]
    }

    private var followersPause: Effect {
        .pause(self.times.retryPeriod, isExact: false)
    }
}

// MARK: - Leading

extension ElectionMachine {
    private mutating func begin(_ record: LeaseRecord, sentAt: Instant, at now: Instant) -> [Effect] {
        let term = Term(record: record, until: sentAt + self.times.renewDeadline)
        guard now < term.until else { return self.lose() }
        self.state = .leading(term)
        return [.lead(until: term.until), self.leadersPause(term, at: now)]
    }

    private mutating func lead(_ term: Term, _ input: Input) -> [Effect] {
        var term = term
        switch input {
        case .tick(let now):
            guard now < term.until else { return self.lose() }
            // Without reading it first: while nobody else writes, one request does.
            return [term.isUncertain ? .read : .hold(of: term.record, isTakeover: false)]

        case .wrote(let record, let sentAt, let now):
            return self.begin(record, sentAt: sentAt, at: now)

        case .found(nil, let now):
            // Somebody has deleted it; nobody has taken it.
            guard now < term.until else { return self.lose() }
            return [.create]

        case .found(let record?, let now):
            guard now < term.until, record.holder == self.identity else { return self.lose() }
            term.record = record
            term.isUncertain = false
            self.state = .leading(term)
            return [.hold(of: record, isTakeover: false)]

        case .failed(let failure, let now):
            guard now < term.until else { return self.lose() }
            term.isUncertain = true
            self.state = .leading(term)
            switch failure {
            // Who has written is to be known at once; it may be somebody who leads now.
            case .conflict, .missing: return [.read]
            case .unknown: return [self.leadersPause(term, at: now)]
            }

        case .stop(let now):
            guard now < term.until else { return self.lose() }
            self.state = .releasing(term)
            return [term.isUncertain ? .read : .release(term.record)]
        }
    }

    /// Never beyond the end of the term: that is when it has to be noticed.
    private func leadersPause(_ term: Term, at now: Instant) -> Effect {
        .pause(min(self.times.retryPeriod, term.until - now), isExact: true)
    }

    private mutating func lose() -> [Effect] {
        self.state = .lost
        return [.lose]
    }
}

// MARK: - Releasing

extension ElectionMachine {
    private mutating func release(_ term: Term, _ input: Input) -> [Effect] {
        switch input {
        case .failed(.conflict, _) where !term.isUncertain:
            var term = term
            term.isUncertain = true
            self.state = .releasing(term)
            return [.read]
        case .found(let record?, _) where record.holder == self.identity:
            return [.release(record)]
        case .tick, .found, .wrote, .failed, .stop:
            // Written, or somebody else's already, or not to be had: then it expires by itself.
            self.state = .released
            return []
        }
    }
}
