import KubernetesTesting
import Testing

@testable import ControllerRuntime

/// A copy that stands as it is told.
private struct FakeCollection: WatchedCollection {
    var name = "pods"
    var status: [ReflectorStatus]
    var objectCount = 0

    func run() async throws {}
}

@Suite("ReflectorStatus: trouble")
struct ReflectorTroubleTests {
    private let now = ContinuousClock.now

    private func status(_ change: (inout ReflectorStatus) -> Void) -> ReflectorStatus {
        var status = ReflectorStatus(resource: "pods", namespace: nil)
        change(&status)
        return status
    }

    @Test("Before it was read whole a copy cannot be decided on; one that was, and that is heard of, can")
    func synced() {
        #expect(self.status { _ in }.trouble(at: self.now) == "not synced yet")
        let synced = self.status { status in
            status.isSynced = true
            status.lastHeard = self.now - .seconds(660)
        }
        #expect(synced.trouble(at: self.now) == nil)
        #expect(synced.trouble(at: self.now + .seconds(1)) == "stale: nothing was heard for 661 s")
    }

    @Test("A refusal is told in its own words, and the namespace is named where there are several")
    func refused() {
        let refused = self.status { status in
            status.isSynced = true
            status.lastHeard = self.now
            status.refusal = "list pods: forbidden"
        }
        #expect(refused.trouble(at: self.now) == "list pods: forbidden")
        var namespaced = ReflectorStatus(resource: "pods", namespace: "shop")
        #expect(namespaced.trouble(at: self.now) == "not synced yet in namespace shop")
        namespaced.isSynced = true
        namespaced.lastHeard = self.now
        #expect(namespaced.trouble(at: self.now) == nil)
    }
}

@Suite("ProbeCheck")
struct ProbeCheckTests {
    private let time = ManualTime()

    @Test("An informer's check names every trouble; an optional one never makes a replica unready")
    func informer() {
        var good = ReflectorStatus(resource: "pods", namespace: "a")
        good.isSynced = true
        good.lastHeard = self.time.now
        let bad = ReflectorStatus(resource: "pods", namespace: "b")
        func check(_ status: [ReflectorStatus], isRequired: Bool = true) -> ProbeCheck {
            .informer(FakeCollection(status: status), time: self.time.source, isRequired: isRequired)
        }
        #expect(check([good]).name == "informer/pods")
        #expect(check([good]).look() == .ok("synced"))
        #expect(check([good, bad]).look() == .failed("not synced yet in namespace b"))
        #expect(check([good, bad], isRequired: false).look() == .ok("optional, not synced yet in namespace b"))
    }

    @Test("A follower is as ready as a leader; who has lost the lease is not")
    func lease() {
        let leadership = Leadership(time: self.time.source)
        let check = ProbeCheck.lease(leadership)
        #expect(check.look() == .ok("waiting"))
        leadership.hold(until: self.time.now + .seconds(10))
        #expect(check.look() == .ok("held"))
        leadership.lose()
        #expect(check.look() == .failed("lost"))
    }

    @Test("A leader that has overrun its lease and not noticed is to be restarted")
    func overrun() {
        let leadership = Leadership(time: self.time.source)
        let check = ProbeCheck.leaseKept(leadership)
        leadership.hold(until: self.time.now + .seconds(10))
        self.time.advance(by: .seconds(30))
        #expect(check.look() == .ok("held"))
        self.time.advance(by: .seconds(1))
        #expect(check.look() == .failed("it ran out 21 s ago, and this process still runs"))
        leadership.release()
        #expect(check.look() == .ok("released"))
    }
}
