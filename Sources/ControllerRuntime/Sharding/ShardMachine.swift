/// The rules by which replicas share their keys, without threads and without a clock.
///
/// Each replica holds a Lease of its own (a ``LeaderElector`` keeps it), and these are the members. Its annotation tells
/// the others which members the replica reckons with: its *claim*. A key is worked on by the replica that its own claim gives it, unless another one
/// claims it too.
///
/// Never two work on one key:
/// - A replica tells its claim before it works by it, and reads the others' claims after it has told its own: of two that claim the
///   same key, the later one sees the other's claim.
/// - Before it tells of a claim that takes keys from it, it has finished what it had begun of these.
/// - A member that has not renewed its Lease is out only when its Lease has been deleted, in the very state in which it was
///   seen to expire. Its holder stops before that (``ElectionTimes/renewDeadline``), and cannot renew what is gone.
public struct ShardMachine: Sendable {
    /// The time as the sharing knows it.
    public typealias Instant = ContinuousClock.Instant

    /// Where the replica stands.
    public enum State: Sendable, Equatable {
        /// It has told of no claim, and works on nothing.
        case outside
        /// It works on what both rings give it, and waits for what it had begun of the rest.
        case draining(from: HashRing, to: HashRing)
        /// It tells of its new claim; before the first one it works on nothing.
        case telling(from: HashRing?, to: HashRing)
        /// It has told, and looks what others claim.
        case checking(HashRing)
        /// It works on what the ring gives it.
        case settled(HashRing)
    }

    /// What happened.
    public enum Input: Sendable, Equatable {
        /// The pause is over.
        case tick
        /// The Leases as they were when they were asked for, or later.
        case looked([ShardMember], askedAt: Instant, at: Instant)
        /// They could not be read, or the claim could not be told, or it is not known whether it was.
        case failed
        /// Nothing is in flight any more that is not in the share.
        case drained
        /// The claim was written.
        case told
    }

    /// What is to be done.
    public enum Effect: Sendable, Equatable {
        /// Work on this from now on, and on nothing else.
        case serve(ShardShare)
        /// Wait for what is in flight outside of the share.
        case drain
        /// Read the Leases.
        case look
        /// Write the claim into the replica's own Lease, if that is still in this state.
        case tell(HashRing, in: ShardMember)
        /// Delete these Leases, if they are still in this state.
        case remove([ShardMember])
        /// Wait, then tick.
        case pause(Duration)
    }

    /// Where the replica stands.
    public private(set) var state = State.outside

    private let identity: String
    private let times: ElectionTimes
    /// Since when each Lease has been seen as it is, by its name.
    private var sightings: [String: Sighting] = [:]

    private struct Sighting {
        var lease: LeaseRecord
        var since: Instant
    }

    /// A replica that has not looked yet.
    ///
    /// - Parameters:
    ///   - identity: What no other replica is called.
    ///   - times: How long the Leases last, and how often they are looked at.
    public init(identity: String, times: ElectionTimes) {
        self.identity = identity
        self.times = times
    }

    /// Takes what happened, and says what to do.
    public mutating func step(_ input: Input) -> [Effect] {
        switch (self.state, input) {
        case (.draining(let from, let to), .drained):
            self.state = .telling(from: from, to: to)
            return [.look]
        case (.telling(_, let to), .told):
            self.state = .checking(to)
            return [.look]
        case (_, .looked(let members, let askedAt, let now)):
            return self.look(at: members, askedAt: askedAt, now)
        case (_, .tick):
            return [.look]
        case (_, .failed), (_, .drained), (_, .told):
            return [.pause(self.times.retryPeriod)]
        }
    }
}

// MARK: - Looking

extension ShardMachine {
    private mutating func look(at members: [ShardMember], askedAt: Instant, _ now: Instant) -> [Effect] {
        // Those who are gone count until their Leases are: that shows in the next look.
        let expired = self.note(members, askedAt: askedAt, now)
        return (expired.isEmpty ? [] : [.remove(expired)]) + self.judge(members)
    }

    private mutating func judge(_ members: [ShardMember]) -> [Effect] {
        guard let own = members.first(where: { $0.identity == self.identity }) else {
            // Not there yet, or taken away by somebody: nobody sees what this replica claims.
            return self.leave()
        }
        var claims: [String: ShardMember.Claim] = [:]
        for other in members where other.name != own.name {
            if let identity = other.identity { claims[identity] = other.claim }
        }
        let current = HashRing(members.compactMap(\.identity))
        switch self.state {
        case .outside:
            return self.tell(first: current, own)
        case .draining:
            return [.drain]
        case .telling(_, let to) where own.claim == .ring(to), .checking(let to) where own.claim == .ring(to):
            return self.settle(on: to, current, claims)
        case .telling(let from, let to):
            // Without a former claim there is nothing to hold on to, and so nothing to go back to.
            return from == nil ? self.tell(first: current, own) : [.tell(to, in: own)]
        case .settled(let ring) where own.claim == .ring(ring):
            return self.settle(on: ring, current, claims)
        case .checking, .settled:
            // Somebody else has written what the claim is read from.
            return self.leave()
        }
    }

    /// Works on nothing any more, and begins anew when what was begun has ended.
    private mutating func leave() -> [Effect] {
        self.state = .outside
        return [.serve(.none(self.identity)), .drain]
    }

    private mutating func tell(first ring: HashRing, _ own: ShardMember) -> [Effect] {
        self.state = .telling(from: nil, to: ring)
        return [.tell(ring, in: own)]
    }

    /// Its claim is told, and these are the others' claims, read after that.
    private mutating func settle(
        on ring: HashRing,
        _ current: HashRing,
        _ claims: [String: ShardMember.Claim]
    ) -> [Effect] {
        guard current != ring else {
            self.state = .settled(ring)
            let share = ShardShare(identity: self.identity, rings: [ring], claims: claims)
            return [.serve(share), .pause(self.times.retryPeriod)]
        }
        self.state = .draining(from: ring, to: current)
        return [.serve(ShardShare(identity: self.identity, rings: [ring, current], claims: claims)), .drain]
    }

    /// Takes note of since when each Lease is as it is; which of them nobody keeps any more.
    private mutating func note(_ members: [ShardMember], askedAt: Instant, _ now: Instant) -> [ShardMember] {
        var sightings: [String: Sighting] = [:]
        var expired: [ShardMember] = []
        for member in members {
            let old = self.sightings[member.name].flatMap { $0.lease.saysTheSame(as: member.lease) ? $0 : nil }
            let since = old?.since ?? now
            sightings[member.name] = Sighting(lease: member.lease, since: since)
            // By when it was asked: a replica that stood still over the answer knows nothing newer.
            let isExpired = since + (member.lease.duration ?? self.times.leaseDuration) <= askedAt
            if member.identity != self.identity, member.identity == nil || isExpired { expired.append(member) }
        }
        self.sightings = sightings
        return expired
    }
}
