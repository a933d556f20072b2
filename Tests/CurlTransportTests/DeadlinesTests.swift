import HTTPTransport
import Testing

@testable import CurlTransport

@Suite("When a transfer has taken too long")
struct DeadlinesTests {
    private let start = ContinuousClock.now

    private func deadlines(_ deadline: HTTPRequest.Deadline) throws -> Deadlines {
        let settings = try ConnectionSettings(.init(server: "http://h"))
        let request = HTTPRequest(method: "GET", target: "/", deadline: deadline, headTimeout: .seconds(5))
        return Deadlines(try WireRequest(request, settings: settings), start: self.start)
    }

    @Test("the head must come in time, for calls and for streams")
    func head() throws {
        for deadline in [HTTPRequest.Deadline.within(.seconds(30)), .stream(idle: .seconds(1))] {
            let deadlines = try self.deadlines(deadline)
            #expect(deadlines.next == self.start + .seconds(5))
            #expect(deadlines.expiry(self.start + .milliseconds(4999)) == nil)
            #expect(deadlines.expiry(self.start + .seconds(5)) == .head)
        }
    }

    @Test("a call has to end in time, however fast its bytes come")
    func whole() throws {
        var deadlines = try self.deadlines(.within(.seconds(30)))
        deadlines.touch(self.start + .seconds(29))
        #expect(deadlines.next == self.start + .seconds(30))
        #expect(deadlines.expiry(self.start + .seconds(29)) == nil)
        #expect(deadlines.expiry(self.start + .seconds(30)) == .whole)
        deadlines.hold()
        #expect(deadlines.expiry(self.start + .seconds(30)) == .whole)
    }

    @Test("the earlier of both limits counts before the head")
    func wholeBeforeHead() throws {
        let deadlines = try self.deadlines(.within(.seconds(3)))
        #expect(deadlines.next == self.start + .seconds(3))
        #expect(deadlines.expiry(self.start + .seconds(3)) == .whole)
    }

    @Test("a stream may last for ever, but not be silent")
    func idle() throws {
        var deadlines = try self.deadlines(.stream(idle: .seconds(60)))
        deadlines.touch(self.start + .seconds(3600))
        #expect(deadlines.next == self.start + .seconds(3660))
        #expect(deadlines.expiry(self.start + .seconds(3659)) == nil)
        #expect(deadlines.expiry(self.start + .seconds(3660)) == .idle)
    }

    @Test("a stream that waits for its reader is not silent")
    func held() throws {
        var deadlines = try self.deadlines(.stream(idle: .seconds(60)))
        deadlines.touch(self.start)
        deadlines.hold()
        #expect(deadlines.next == nil)
        #expect(deadlines.expiry(self.start + .seconds(1_000_000)) == nil)
        deadlines.touch(self.start + .seconds(100))
        #expect(deadlines.expiry(self.start + .seconds(160)) == .idle)
    }
}
