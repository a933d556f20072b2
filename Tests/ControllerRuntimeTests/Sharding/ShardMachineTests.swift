import KubernetesAPI
import Testing

@testable import ControllerRuntime

@Suite("ShardMachine")
struct ShardMachineTests {
    private typealias Claim = ShardMember.Claim

    private let start = ShardMachine.Instant.now
    private let pause = ShardMachine.Effect.pause(.seconds(2))

    /// A member whose Lease was renewed so often.
    private func member(_ identity: String, _ claim: Claim, renewed: Int = 1, holder: String? = nil) -> ShardMember {
        ShardMember(
            name: "lease-\(identity)",
            uid: "uid-\(identity)",
            lease: LeaseRecord(
                holder: holder ?? identity,
                duration: .seconds(15),
                times: LeaseRecord.Times(acquired: "", renewed: "\(renewed)"),
                transitions: 0,
                version: ResourceVersion("\(renewed)")
            ),
            claim: claim
        )
    }

    private func looked(_ members: ShardMember..., after seconds: Int = 0) -> ShardMachine.Input {
        .looked(members, askedAt: self.start + .seconds(seconds), at: self.start + .seconds(seconds))
    }

    private func ring(_ members: String...) -> HashRing { HashRing(members) }

    /// Replica a, which has told of a ring of these.
    private func settled(_ others: ShardMember...) -> ShardMachine {
        var machine = ShardMachine(identity: "a", times: .standard)
        let ring = HashRing(["a"] + others.map(\.lease.holder))
        _ = machine.step(.looked([self.member("a", .nothing)] + others, askedAt: self.start, at: self.start))
        _ = machine.step(.told)
        _ = machine.step(.looked([self.member("a", .ring(ring))] + others, askedAt: self.start, at: self.start))
        #expect(machine.state == .settled(ring))
        return machine
    }

    @Test("It works on nothing before it has told its claim and has looked at the others' after that")
    func begins() {
        var machine = ShardMachine(identity: "a", times: .standard)
        #expect(machine.step(.tick) == [.look])
        let own = self.member("a", .nothing)
        #expect(machine.step(self.looked(own)) == [.tell(self.ring("a"), in: own)])
        #expect(machine.step(.told) == [.look])
        let share = ShardShare(identity: "a", rings: [self.ring("a")], claims: [:])
        #expect(machine.step(self.looked(self.member("a", .ring(self.ring("a"))))) == [.serve(share), self.pause])
        #expect(share.contains("any/key"))
    }

    @Test("What another one claims is left to it, until it claims that no longer")
    func othersFirst() {
        var machine = ShardMachine(identity: "b", times: .standard)
        let both = self.ring("a", "b")
        _ = machine.step(self.looked(self.member("a", .ring(self.ring("a"))), self.member("b", .nothing)))
        _ = machine.step(.told)
        let effects = machine.step(
            self.looked(self.member("a", .ring(self.ring("a"))), self.member("b", .ring(both)))
        )
        let blocked = ShardShare(identity: "b", rings: [both], claims: ["a": .ring(self.ring("a"))])
        #expect(effects == [.serve(blocked), self.pause])
        #expect(!(0..<100).contains { blocked.contains("shop/\($0)") })
        _ = machine.step(.tick)
        let free = ShardShare(identity: "b", rings: [both], claims: ["a": .ring(both)])
        #expect(
            machine.step(self.looked(self.member("a", .ring(both)), self.member("b", .ring(both))))
                == [.serve(free), self.pause]
        )
        #expect((0..<100).contains { free.contains("shop/\($0)") })
    }

    @Test("When one comes, what goes to it is finished before that is told")
    func handsOver() {
        var machine = self.settled()
        let (alone, both) = (self.ring("a"), self.ring("a", "b"))
        let newcomer = self.member("b", .ring(both))
        let share = ShardShare(identity: "a", rings: [alone, both], claims: ["b": .ring(both)])
        let own = self.member("a", .ring(alone), renewed: 2)
        #expect(machine.step(self.looked(own, newcomer, after: 2)) == [.serve(share), .drain])
        #expect(machine.step(.drained) == [.look])
        #expect(machine.step(self.looked(own, newcomer, after: 3)) == [.tell(both, in: own)])
        // Whether it was told is not known: the next look shows it.
        #expect(machine.step(.failed) == [self.pause])
        #expect(machine.step(.tick) == [.look])
        #expect(machine.step(self.looked(own, newcomer, after: 5)) == [.tell(both, in: own)])
        #expect(machine.step(.failed) == [self.pause])
        let after = ShardShare(identity: "a", rings: [both], claims: ["b": .ring(both)])
        #expect(
            machine.step(self.looked(self.member("a", .ring(both), renewed: 3), newcomer, after: 7))
                == [.serve(after), self.pause]
        )
    }

    @Test("One that renews no longer is out when its Lease is gone, and not before")
    func dies() {
        let both = self.ring("a", "b")
        let dead = self.member("b", .ring(both))
        var machine = self.settled(dead)
        for second in stride(from: 2, through: 14, by: 2) {
            let own = self.member("a", .ring(both), renewed: second)
            #expect(machine.step(self.looked(own, dead, after: second)).last == self.pause)
        }
        let own = self.member("a", .ring(both), renewed: 20)
        let effects = machine.step(self.looked(own, dead, after: 16))
        #expect(effects.first == .remove([dead]))
        #expect(machine.state == .settled(both))
        _ = machine.step(self.looked(own, after: 18))
        #expect(machine.state == .draining(from: both, to: self.ring("a")))
    }

    @Test("A replica that stood still over an answer does not take the others for dead")
    func stoodStill() {
        let both = self.ring("a", "b")
        let other = self.member("b", .ring(both))
        var machine = self.settled(other)
        let own = self.member("a", .ring(both))
        let effects = machine.step(
            .looked([own, other], askedAt: self.start + .seconds(2), at: self.start + .seconds(60))
        )
        #expect(effects.last == self.pause)
        #expect(effects.count == 2)
    }

    @Test("A Lease that was given back is nobody's, and is taken away")
    func givenBack() {
        let both = self.ring("a", "b")
        var machine = self.settled(self.member("b", .ring(both)))
        let free = self.member("b", .ring(both), renewed: 2, holder: "")
        let effects = machine.step(self.looked(self.member("a", .ring(both)), free, after: 2))
        let share = ShardShare(identity: "a", rings: [both, self.ring("a")], claims: [:])
        #expect(effects == [.remove([free]), .serve(share), .drain])
    }

    @Test("A claim in words that it does not know covers everything")
    func unreadable() {
        var machine = ShardMachine(identity: "a", times: .standard)
        let newer = self.member("b", .unreadable)
        _ = machine.step(self.looked(self.member("a", .nothing), newer))
        _ = machine.step(.told)
        let effects = machine.step(self.looked(self.member("a", .ring(self.ring("a", "b"))), newer))
        guard case .serve(let share) = effects.first else {
            Issue.record("\(effects)")
            return
        }
        #expect(!(0..<100).contains { share.contains("shop/\($0)") })
        #expect(Claim(text: "ring/2 a;b") == .unreadable)
        #expect(Claim(text: Claim.text(of: self.ring("b", "a"))) == .ring(self.ring("a", "b")))
        #expect(Claim(text: nil) == .nothing)
    }

    @Test("Whose Lease or claim somebody took away stops, finishes, and begins anew", arguments: [true, false])
    func robbed(isLeaseGone: Bool) {
        var machine = self.settled()
        let effects = isLeaseGone ? machine.step(self.looked()) : machine.step(self.looked(self.member("a", .nothing)))
        #expect(effects == [.serve(.none("a")), .drain])
        #expect(machine.step(.drained) == [self.pause])
        #expect(machine.step(.tick) == [.look])
        let own = self.member("a", .nothing)
        #expect(machine.step(self.looked(own)) == [.tell(self.ring("a"), in: own)])
    }
}
