import ControllerRuntime
import KubernetesAPI
import KubernetesTesting
import Testing

/// Three replicas and one lease, played through by chance: requests that are lost on the way there or back, replicas that
/// stand still for up to a minute, replicas that end.
private struct World {
    typealias Instant = ElectionMachine.Instant

    struct Replica {
        let identity: String
        var machine: ElectionMachine
        var queue: [ElectionMachine.Effect]
        var wakesAt: Instant
        var until: Instant?
    }

    var random: SeededRandom
    var now = Instant.now
    var lease: LeaseRecord?
    var version = 0
    var replicas: [Replica] = []
    var leaders = 0

    init(seed: UInt64) {
        self.random = SeededRandom(seed: seed)
        for _ in 0..<3 { self.replicas.append(self.newReplica()) }
    }

    mutating func newReplica() -> Replica {
        self.version += 1
        let identity = "replica-\(self.version)"
        var machine = ElectionMachine(identity: identity, times: .standard)
        let effects = machine.step(.tick(at: self.now))
        return Replica(identity: identity, machine: machine, queue: effects, wakesAt: self.now, until: nil)
    }

    /// Whose lease it is by the only rule that counts: who may write just now.
    var writers: Int {
        self.replicas.count { $0.until.map { self.now < $0 } ?? false }
    }

    mutating func chance(_ one: Int, in many: Int) -> Bool {
        Int.random(in: 0..<many, using: &self.random) < one
    }

    mutating func run() {
        guard let index = self.replicas.indices.min(by: { self.replicas[$0].wakesAt < self.replicas[$1].wakesAt })
        else { return }
        self.now = max(self.now, self.replicas[index].wakesAt)
        var replica = self.replicas[index]
        replica.wakesAt = self.now
        if self.chance(1, in: 40) {
            // It stands still, as by SIGSTOP, wherever it is just now.
            replica.wakesAt += .milliseconds(Int.random(in: 0...60_000, using: &self.random))
        } else if let effect = replica.queue.first {
            replica.queue.removeFirst()
            self.perform(effect, by: &replica)
        } else if replica.machine.state == .lost || replica.machine.state == .released {
            replica = self.newReplica()
        }
        self.replicas[index] = replica
    }

    mutating func perform(_ effect: ElectionMachine.Effect, by replica: inout Replica) {
        let sentAt = self.now
        switch effect {
        case .read:
            let input = self.sent { .found($0.lease, at: $0.now) }
            self.give(input, to: &replica)
        case .create:
            let identity = replica.identity
            let input = self.sent { world in
                guard world.lease == nil else { return .failed(.conflict, at: world.now) }
                return .wrote(world.store(identity, transitions: 0), sentAt: sentAt, at: world.now)
            }
            self.give(input, to: &replica)
        case .hold(let record, let isTakeover):
            let identity = replica.identity
            let transitions = record.transitions + (isTakeover ? 1 : 0)
            let input = self.sent { world in
                guard world.lease?.version == record.version else { return .failed(.conflict, at: world.now) }
                return .wrote(world.store(identity, transitions: transitions), sentAt: sentAt, at: world.now)
            }
            self.give(input, to: &replica)
        case .release(let record):
            replica.until = nil
            let input = self.sent { world in
                guard world.lease?.version == record.version else { return .failed(.conflict, at: world.now) }
                return .wrote(world.store("", transitions: record.transitions), sentAt: sentAt, at: world.now)
            }
            self.give(input, to: &replica)
        case .pause(let duration, _):
            replica.wakesAt += duration
            let ends = self.chance(1, in: 60)
            replica.queue += replica.machine.step(
                ends ? .stop(at: replica.wakesAt) : .tick(at: replica.wakesAt)
            )
        case .lead(let until):
            if replica.until == nil { self.leaders += 1 }
            replica.until = until
        case .lose:
            replica.until = nil
        case .follow:
            break
        }
    }

    /// Half a second there and back in all; lost on the way there, or back, now and then.
    private mutating func sent(
        _ serve: (inout World) -> ElectionMachine.Input
    ) -> ElectionMachine.Input {
        self.now += .milliseconds(Int.random(in: 1...500, using: &self.random))
        if self.chance(1, in: 20) { return .failed(.unknown, at: self.now) }
        let input = serve(&self)
        return self.chance(1, in: 20) ? .failed(.unknown, at: self.now) : input
    }

    private mutating func give(_ input: ElectionMachine.Input, to replica: inout Replica) {
        replica.wakesAt = self.now
        replica.queue += replica.machine.step(input)
    }

    private mutating func store(_ holder: String, transitions: Int) -> LeaseRecord {
        self.version += 1
        let record = LeaseRecord(
            holder: holder,
            duration: holder.isEmpty ? .seconds(1) : .seconds(15),
            times: LeaseRecord.Times(acquired: "", renewed: "\(self.version)"),
            transitions: transitions,
            version: ResourceVersion("\(self.version)")
        )
        self.lease = record
        return record
    }
}

@Suite("Election, by chance")
struct ElectionModelTests {
    @Test(
        "Of three replicas that stand still, end and lose requests, never two may write",
        arguments: SeededRandom.seeds(20)
    )
    func neverTwo(_ seed: UInt64) {
        var world = World(seed: seed)
        for _ in 0..<5000 {
            world.run()
            #expect(world.writers <= 1, "seed \(seed)")
        }
        #expect(world.leaders > 10, "somebody must lead now and then; seed \(seed)")
    }
}
