import KubernetesAPI
import KubernetesTesting
import Testing

@testable import ControllerRuntime

/// Replicas that share keys, played through by chance: they come, end, die and stand still, requests are lost on the way there or back, and
/// passes over keys take their time.
///
/// Each replica does two things at once: its elector renews the Lease (in short, as ``ElectionMachine`` does), and its machine shares.
private struct World {
    typealias Instant = ShardMachine.Instant

    struct Replica {
        let identity: String
        var machine: ShardMachine
        var effects: [ShardMachine.Effect] = [.look]
        var share: ShardShare
        var wakesAt: Instant
        var renewsAt: Instant
        /// The end of its term: nothing is written after it.
        var until: Instant?
        var isDead = false
        /// When each pass that it has begun will end.
        var inFlight: [String: Instant] = [:]

    }

    static let keys = (0..<24).map { "shop/app-\($0)" }

    var random: SeededRandom
    var now = Instant.now
    var leases: [String: ShardMember] = [:]
    var version = 0
    var replicas: [Replica] = []
    var passes = 0
    var overlaps: [String] = []

    init(seed: UInt64) {
        self.random = SeededRandom(seed: seed)
        for _ in 0..<3 { self.addReplica() }
    }

    mutating func addReplica() {
        self.version += 1
        let identity = "replica-\(self.version)"
        self.replicas.append(
            Replica(
                identity: identity,
                machine: ShardMachine(identity: identity, times: .standard),
                share: .none(identity),
                wakesAt: self.now + .seconds(1),
                renewsAt: self.now
            )
        )
    }

    mutating func chance(_ one: Int, in many: Int) -> Bool { Int.random(in: 0..<many, using: &self.random) < one }

    mutating func milliseconds(_ range: ClosedRange<Int>) -> Duration {
        .milliseconds(Int.random(in: range, using: &self.random))
    }

    mutating func run() {
        self.replicas.removeAll(where: \.isDead)
        if self.replicas.count < 2 || (self.replicas.count < 5 && self.chance(1, in: 200)) { self.addReplica() }
        guard
            let index = self.replicas.indices.min(by: {
                min(self.replicas[$0].wakesAt, self.replicas[$0].renewsAt)
                    < min(self.replicas[$1].wakesAt, self.replicas[$1].renewsAt)
            })
        else { return }
        var replica = self.replicas[index]
        self.now = max(self.now, min(replica.wakesAt, replica.renewsAt))
        if self.chance(1, in: 80) {
            // It stands still, as by SIGSTOP; what it has begun stands still with it, and its writes are not sent after its term.
            let still = self.milliseconds(0...40_000)
            replica.wakesAt = self.now + still
            replica.renewsAt = self.now + still
            for key in replica.inFlight.keys { replica.inFlight[key]? += still }
        } else if self.chance(1, in: 400) {
            // Killed: its Lease stays.
            replica.isDead = true
        } else if self.chance(1, in: 400), replica.inFlight.isEmpty {
            // Ended in good order: nothing is in flight, and its Lease is given back.
            replica.isDead = true
            self.change(replica.identity) { $0.lease.holder = "" }
        } else if replica.renewsAt <= replica.wakesAt {
            self.renew(&replica)
        } else {
            self.work(&replica)
            self.perform(&replica)
        }
        self.replicas[index] = replica
        self.look()
    }

    /// Each key is in the hands of one replica at most that may write.
    private mutating func look() {
        var holders: [String: String] = [:]
        for replica in self.replicas where !replica.isDead {
            guard let until = replica.until, self.now < until else { continue }
            for (key, end) in replica.inFlight where end > self.now {
                if let other = holders.updateValue(replica.identity, forKey: key) {
                    self.overlaps.append("\(key): \(other) and \(replica.identity)")
                }
            }
        }
    }

    private mutating func change(_ identity: String, _ body: (inout ShardMember) -> Void) {
        guard var member = self.leases[identity] else { return }
        body(&member)
        self.version += 1
        member.lease.version = ResourceVersion("\(self.version)")
        member.lease.times.renewed = "\(self.version)"
        self.leases[identity] = member
    }

    /// Whether a request arrives, and whether its answer does.
    private mutating func fate() -> (arrives: Bool, isAnswered: Bool) {
        (!self.chance(1, in: 20), !self.chance(1, in: 20))
    }

    // MARK: The elector

    private mutating func renew(_ replica: inout Replica) {
        let sentAt = self.now
        if let until = replica.until, until <= sentAt {
            replica.isDead = true
            return
        }
        let fate = self.fate()
        if fate.arrives {
            if self.leases[replica.identity] != nil {
                self.change(replica.identity) { _ in }
            } else if replica.until == nil {
                self.create(replica.identity)
            } else {
                // Deleted as expired: it is not made anew by one whose term is over, and its term is over by then.
                replica.isDead = true
                return
            }
        }
        let lasts = self.milliseconds(1...500)
        if fate.arrives, fate.isAnswered { replica.until = sentAt + .seconds(10) }
        replica.renewsAt = sentAt + lasts + .seconds(2)
    }

    private mutating func create(_ identity: String) {
        self.version += 1
        self.leases[identity] = ShardMember(
            name: identity,
            uid: "\(self.version)",
            lease: LeaseRecord(
                holder: identity,
                duration: .seconds(15),
                times: LeaseRecord.Times(acquired: "", renewed: "\(self.version)"),
                transitions: 0,
                version: ResourceVersion("\(self.version)")
            ),
            claim: .nothing
        )
    }

    // MARK: The keeper

    /// Ends what is done, and begins what the share allows.
    private mutating func work(_ replica: inout Replica) {
        let now = self.now
        replica.inFlight = replica.inFlight.filter { $0.value > now }
        guard let until = replica.until, now < until else { return }
        for key in Self.keys where replica.inFlight[key] == nil && replica.share.contains(key) {
            guard self.chance(1, in: 3) else { continue }
            replica.inFlight[key] = now + self.milliseconds(1...3000)
            self.passes += 1
        }
    }

    private mutating func perform(_ replica: inout Replica) {
        replica.wakesAt = self.now + self.milliseconds(1...20)
        guard replica.until != nil, !replica.effects.isEmpty else { return }
        let effect = replica.effects.removeFirst()
        switch effect {
        case .serve(let share):
            replica.share = share
        case .drain:
            let share = replica.share
            if let last = replica.inFlight.filter({ !share.contains($0.key) }).values.max() {
                replica.effects.insert(.drain, at: 0)
                replica.wakesAt = last + .milliseconds(1)
            } else {
                replica.effects += replica.machine.step(.drained)
            }
        case .look:
            let askedAt = self.now
            let members = self.leases.values.sorted { $0.name < $1.name }
            let answer = askedAt + self.milliseconds(1...400)
            replica.wakesAt = answer
            let input: ShardMachine.Input =
                self.chance(1, in: 20) ? .failed : .looked(members, askedAt: askedAt, at: answer)
            replica.effects += replica.machine.step(input)
        case .tell(let ring, let own):
            let fate = self.fate()
            replica.wakesAt = self.now + self.milliseconds(1...400)
            guard fate.arrives else { return replica.effects += replica.machine.step(.failed) }
            guard self.leases[replica.identity]?.lease.version == own.lease.version else {
                return replica.effects += replica.machine.step(.tick)
            }
            self.change(replica.identity) { $0.claim = .ring(ring) }
            replica.effects += replica.machine.step(fate.isAnswered ? .told : .failed)
        case .remove(let members):
            for member in members where self.leases[member.name]?.lease.version == member.lease.version {
                guard self.fate().arrives else { continue }
                self.leases[member.name] = nil
            }
        case .pause(let duration):
            replica.wakesAt = self.now + duration
            replica.effects += replica.machine.step(.tick)
        }
    }
}

@Suite("Sharing, by chance")
struct ShardModelTests {
    @Test(
        "Of replicas that come, end, die, stand still and lose requests, never two work on one key",
        arguments: SeededRandom.seeds(20)
    )
    func neverTwo(_ seed: UInt64) {
        var world = World(seed: seed)
        for _ in 0..<2500 { world.run() }
        #expect(world.overlaps.isEmpty, "TEST_SEED=\(seed)")
        #expect(world.passes > 200, "somebody must work; TEST_SEED=\(seed)")
    }
}
