import HTTPTransport
import JSON
import KubernetesTesting
import ServiceLifecycle
import ServiceLifecycleTestKit
import Testing

@testable import ControllerRuntime

@Suite("Leadership")
struct LeadershipTests {
    private let time = ManualTime()

    private func leadership() -> Leadership {
        Leadership(time: self.time.source)
    }

    @Test("Who leads may write until the end of the term, and is refused from then on without having heard of anything")
    func limit() {
        let leadership = self.leadership()
        #expect(leadership.writeLimit(for: .work) == .forbidden("another replica leads"))
        let end = self.time.now + .seconds(10)
        leadership.hold(until: end)
        #expect(leadership.isHeld)
        #expect(leadership.writeLimit(for: .work) == .until(end))
        self.time.advance(by: .seconds(10))
        #expect(!leadership.isHeld)
        #expect(leadership.writeLimit(for: .work) == .forbidden("the lease has run out"))
        #expect(leadership.writeLimit(for: .report) == .forbidden("the lease has run out"))
        #expect(leadership.overrun == .zero)
        self.time.advance(by: .seconds(3))
        #expect(leadership.overrun == .seconds(3))
    }

    @Test("Who has given the lease back may still tell what it did; who has lost it may not")
    func afterwards() {
        let leadership = self.leadership()
        leadership.hold(until: self.time.now + .seconds(10))
        leadership.release()
        #expect(leadership.writeLimit(for: .report) == .none)
        #expect(leadership.writeLimit(for: .work) == .forbidden("the lease was given back"))
        leadership.lose()
        #expect(leadership.writeLimit(for: .report) == .forbidden("the lease was lost"))
        #expect(leadership.summary == "lost")
    }

    @Test("Who needs no lease may always write")
    func unneeded() async {
        let leadership = Leadership.unneeded
        #expect(leadership.isHeld)
        #expect(leadership.writeLimit(for: .work) == .none)
        #expect(await leadership.waitUntilHeld())
        #expect(leadership.summary == "unneeded")
    }

    @Test("Who waits for it is let go when it is won")
    func won() async {
        let leadership = self.leadership()
        async let isHeld = leadership.waitUntilHeld()
        leadership.hold(until: self.time.now + .seconds(10))
        #expect(await isHeld)
    }

    @Test("Who waits for it is let go when the task is cancelled, and when the process shuts down")
    func ended() async throws {
        let leadership = self.leadership()
        let task = Task { await leadership.waitUntilHeld() }
        task.cancel()
        #expect(await !task.value)
        await testGracefulShutdown { trigger in
            async let isHeld = leadership.waitUntilHeld()
            trigger.triggerGracefulShutdown()
            #expect(await !isHeld)
        }
        #expect(leadership.summary == "waiting")
    }
}

@Suite("FencedTransport")
struct FencedTransportTests {
    private let time = ManualTime()
    private let inner = RecordedTransport { _ in .json([:]) }

    @Test("Reads always pass")
    func reads() async throws {
        let fence = FencedTransport(self.inner, leadership: Leadership(time: self.time.source), purpose: .work)
        for method in ["GET", "HEAD"] {
            _ = try await fence.send(HTTPRequest(method: method, target: "/"))
        }
        #expect(self.inner.requests.count == 2)
        #expect(self.inner.requests.allSatisfy { $0.sendBy == nil })
    }

    @Test("Without the lease no write gets through", arguments: ["POST", "PUT", "PATCH", "DELETE"])
    func withheld(_ method: String) async throws {
        let leadership = Leadership(time: self.time.source)
        let fence = FencedTransport(self.inner, leadership: leadership, purpose: .work)
        await #expect(throws: HTTPTransportError.withheld("another replica leads")) {
            try await fence.send(HTTPRequest(method: method, target: "/"))
        }
        leadership.hold(until: self.time.now + .seconds(10))
        self.time.advance(by: .seconds(11))
        await #expect(throws: HTTPTransportError.withheld("the lease has run out")) {
            try await fence.send(HTTPRequest(method: method, target: "/"))
        }
        #expect(self.inner.requests.isEmpty)
    }

    @Test("With the lease a write passes, and takes the lease's end along")
    func passes() async throws {
        let leadership = Leadership(time: self.time.source)
        let fence = FencedTransport(self.inner, leadership: leadership, purpose: .work)
        let end = self.time.now + .seconds(10)
        leadership.hold(until: end)
        _ = try await fence.send(HTTPRequest(method: "POST", target: "/"))
        #expect(self.inner.requests.map(\.sendBy) == [end])
        await fence.close()
        #expect(self.inner.isClosed)
    }

    @Test("Without an election everything passes")
    func unneeded() async throws {
        let fence = FencedTransport(self.inner, leadership: .unneeded, purpose: .work)
        _ = try await fence.send(HTTPRequest(method: "POST", target: "/"))
        #expect(self.inner.requests.map(\.sendBy) == [nil])
    }
}
