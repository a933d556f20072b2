import ControllerRuntime
import KubernetesAPI
import Testing

private typealias Input = ElectionMachine.Input
private typealias Effect = ElectionMachine.Effect
private typealias Instant = ElectionMachine.Instant

private let start = Instant.now

/// So many seconds after the beginning.
private func at(_ seconds: Double) -> Instant {
    start + .seconds(seconds)
}

private func lease(
    _ holder: String,
    renewed: String = "t0",
    duration: Duration? = .seconds(15),
    transitions: Int = 3,
    version: Int = 1
) -> LeaseRecord {
    LeaseRecord(
        holder: holder,
        duration: duration,
        times: LeaseRecord.Times(acquired: "t0", renewed: renewed),
        transitions: transitions,
        version: ResourceVersion("\(version)")
    )
}

private let followersPause = Effect.pause(.seconds(2), isExact: false)
private let leadersPause = Effect.pause(.seconds(2), isExact: true)

@Suite("ElectionMachine")
struct ElectionMachineTests {
    private func machine(_ inputs: [Input] = []) -> ElectionMachine {
        var machine = ElectionMachine(identity: "me", times: .standard)
        for input in inputs {
            _ = machine.step(input)
        }
        return machine
    }

    /// One that has led since second 0, when its last write was sent.
    private var leader: ElectionMachine {
        self.machine([.tick(at: at(0)), .found(nil, at: at(0)), .wrote(lease("me"), sentAt: at(0), at: at(0))])
    }

    // MARK: Following

    @Test("Where there is no lease, it is created, and who has created it leads")
    func creates() {
        var machine = self.machine()
        #expect(machine.step(.tick(at: at(0))) == [.read])
        #expect(machine.step(.found(nil, at: at(0))) == [.create])
        #expect(machine.step(.wrote(lease("me"), sentAt: at(1), at: at(2))) == [.lead(until: at(11)), leadersPause])
    }

    @Test("A lease that nobody holds is taken at once", arguments: ["", "me"])
    func takesFree(_ holder: String) {
        var machine = self.machine()
        let free = lease(holder)
        let effects = machine.step(.found(free, at: at(0)))
        #expect(effects.last == .hold(of: free, isTakeover: holder.isEmpty))
    }

    @Test("A lease is left to its holder until it has not changed for its duration, by the local clock")
    func waitsForExpiry() {
        var machine = self.machine()
        let other = lease("other")
        #expect(machine.step(.found(other, at: at(0))) == [.follow("other"), followersPause])
        #expect(machine.step(.tick(at: at(2))) == [.read])
        #expect(machine.step(.found(other, at: at(14.9))) == [followersPause])
        #expect(machine.step(.found(other, at: at(15))) == [.hold(of: other, isTakeover: true)])
    }

    @Test("Each change of the lease begins its time anew, whatever times it shows")
    func changeBeginsAnew() {
        var machine = self.machine()
        _ = machine.step(.found(lease("other", renewed: "1999"), at: at(0)))
        #expect(machine.step(.found(lease("other", renewed: "1970"), at: at(14))) == [followersPause])
        #expect(machine.step(.found(lease("other", renewed: "1970"), at: at(28))) == [followersPause])
        let last = lease("other", renewed: "1970")
        #expect(machine.step(.found(last, at: at(29))) == [.hold(of: last, isTakeover: true)])
    }

    @Test("A new version that says the same is no sign of life, but is the one that is taken over")
    func sameWordsNewVersion() {
        var machine = self.machine()
        _ = machine.step(.found(lease("other", version: 1), at: at(0)))
        let labelled = lease("other", version: 2)
        #expect(machine.step(.found(labelled, at: at(15))) == [.hold(of: labelled, isTakeover: true)])
    }

    @Test("The lease's own duration counts, and this replica's where it names none")
    func durations() {
        for (duration, expiry) in [(Duration.seconds(60), 60.0), (nil, 15.0)] {
            var machine = self.machine()
            let other = lease("other", duration: duration)
            _ = machine.step(.found(other, at: at(0)))
            #expect(machine.step(.found(other, at: at(expiry - 0.1))) == [followersPause])
            #expect(machine.step(.found(other, at: at(expiry))) == [.hold(of: other, isTakeover: true)])
        }
    }

    @Test("Who was beaten to it looks again", arguments: [ElectionMachine.Failure.conflict, .missing, .unknown])
    func beaten(_ failure: ElectionMachine.Failure) {
        var machine = self.machine([.found(nil, at: at(0))])
        #expect(machine.step(.failed(failure, at: at(0))) == [followersPause])
        #expect(machine.step(.tick(at: at(2))) == [.read])
    }

    @Test("A follower that is told to end has nothing to give back")
    func followerStops() {
        var machine = self.machine([.found(lease("other"), at: at(0))])
        #expect(machine.step(.stop(at: at(1))) == [])
        #expect(machine.state == .released)
    }

    @Test("An answer that came after its term was over makes no leader")
    func answeredTooLate() {
        var machine = self.machine([.found(nil, at: at(0))])
        #expect(machine.step(.wrote(lease("me"), sentAt: at(0), at: at(10))) == [.lose])
    }

    // MARK: Leading

    @Test("A leader renews with one request, and its term counts from when that was sent")
    func renews() {
        var machine = self.leader
        #expect(machine.step(.tick(at: at(2))) == [.hold(of: lease("me"), isTakeover: false)])
        let effects = machine.step(.wrote(lease("me", version: 2), sentAt: at(2), at: at(6)))
        #expect(effects == [.lead(until: at(12)), leadersPause])
        #expect(machine.step(.tick(at: at(8))) == [.hold(of: lease("me", version: 2), isTakeover: false)])
    }

    @Test("A leader that cannot renew works until its deadline, and not a moment longer")
    func deadline() {
        var machine = self.leader
        #expect(machine.step(.failed(.unknown, at: at(7))) == [leadersPause])
        #expect(machine.step(.tick(at: at(9))) == [.read])
        #expect(machine.step(.failed(.unknown, at: at(9.5))) == [.pause(.milliseconds(500), isExact: true)])
        #expect(machine.step(.tick(at: at(10))) == [.lose])
        #expect(machine.state == .lost)
    }

    @Test("A leader that wakes after its term is lost, whatever it wakes to")
    func wakesLate() {
        let late = at(30)
        let inputs: [Input] = [
            .tick(at: late), .found(lease("me"), at: late), .found(nil, at: late), .failed(.conflict, at: late),
            .failed(.unknown, at: late), .stop(at: late), .wrote(lease("me"), sentAt: at(2), at: late),
        ]
        for input in inputs {
            var machine = self.leader
            #expect(machine.step(input) == [.lose], "\(input)")
            #expect(machine.step(.tick(at: late)) == [])
        }
    }

    @Test("A write that nobody heard of is looked for before the next one")
    func uncertain() {
        var machine = self.leader
        _ = machine.step(.failed(.unknown, at: at(3)))
        #expect(machine.step(.tick(at: at(5))) == [.read])
        let mine = lease("me", renewed: "t1", version: 2)
        #expect(machine.step(.found(mine, at: at(5))) == [.hold(of: mine, isTakeover: false)])
        // The term does not grow by what was read.
        #expect(machine.step(.failed(.unknown, at: at(10))) == [.lose])
    }

    @Test("After a conflict the lease is read at once; in somebody else's name, or nobody's, it is lost")
    func conflict() {
        for holder in ["other", ""] {
            var machine = self.leader
            #expect(machine.step(.failed(.conflict, at: at(2))) == [.read])
            #expect(machine.step(.found(lease(holder, version: 9), at: at(2))) == [.lose])
        }
        var machine = self.leader
        _ = machine.step(.failed(.conflict, at: at(2)))
        let labelled = lease("me", version: 9)
        #expect(machine.step(.found(labelled, at: at(2))) == [.hold(of: labelled, isTakeover: false)])
    }

    @Test("A leader whose lease was deleted creates it anew")
    func deleted() {
        var machine = self.leader
        #expect(machine.step(.failed(.missing, at: at(2))) == [.read])
        #expect(machine.step(.found(nil, at: at(2))) == [.create])
        #expect(machine.step(.wrote(lease("me"), sentAt: at(2), at: at(2))).first == .lead(until: at(12)))
    }

    // MARK: Releasing

    @Test("A leader that is told to end gives back what it wrote last")
    func releases() {
        var machine = self.leader
        #expect(machine.step(.stop(at: at(1))) == [.release(lease("me"))])
        #expect(machine.step(.wrote(lease(""), sentAt: at(1), at: at(1))) == [])
        #expect(machine.state == .released)
    }

    @Test("Where the version is uncertain it is read before it is given back, and a conflict has it read once")
    func releasesUncertain() {
        var machine = self.leader
        _ = machine.step(.failed(.unknown, at: at(1)))
        #expect(machine.step(.stop(at: at(2))) == [.read])
        #expect(machine.step(.found(lease("me", version: 2), at: at(2))) == [.release(lease("me", version: 2))])
        #expect(machine.step(.failed(.conflict, at: at(2))) == [])

        machine = self.leader
        _ = machine.step(.stop(at: at(2)))
        #expect(machine.step(.failed(.conflict, at: at(2))) == [.read])
        #expect(machine.step(.found(lease("me", version: 5), at: at(2))) == [.release(lease("me", version: 5))])
        #expect(machine.step(.failed(.conflict, at: at(2))) == [])
        #expect(machine.state == .released)
    }

    @Test("What is somebody else's by now is not given back")
    func releasesNothing() {
        var machine = self.leader
        _ = machine.step(.failed(.unknown, at: at(1)))
        _ = machine.step(.stop(at: at(2)))
        #expect(machine.step(.found(lease("other"), at: at(2))) == [])
        #expect(machine.state == .released)
    }
}
