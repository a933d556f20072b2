import HTTPTransport
import Testing

@testable import CurlTransport

@Suite("The state of a transfer")
struct TransferStateTests {
    private static let lost = HTTPTransportError.connectionLost("test")

    private func opened() -> TransferState {
        var state = TransferState()
        #expect(state.start() == nil)
        let isWanted = state.receiveHead()
        #expect(isWanted)
        return state
    }

    @Test("chunks that come before the reader are handed over together")
    func coalesces() {
        var state = self.opened()
        #expect(state.receive([1]) == .kept)
        #expect(state.receive([2, 3]) == .kept)
        #expect(state.readIfReady() == .chunk([1, 2, 3], resumesTransfer: false))
        #expect(state.readIfReady() == nil)
    }

    @Test("a chunk goes straight to a reader who waits")
    func waitingReader() {
        var state = self.opened()
        #expect(state.read() == .wait)
        #expect(state.receive([7]) == .reader([7]))
        #expect(state.read() == .wait)
        #expect(state.finish(nil) == .reader(.success(nil)))
        #expect(state.read() == .end)
    }

    @Test("above the high water mark the transfer pauses, and the reader who drains the buffer resumes it")
    func pauses() {
        var state = self.opened()
        let half = [UInt8](repeating: 0, count: TransferState.highWater / 2)
        #expect(state.receive(half) == .kept)
        #expect(state.receive(half) == .kept)
        #expect(state.receive([1]) == .pause)
        #expect(state.receive([1]) == .pause)
        #expect(state.read() == .chunk(half + half, resumesTransfer: true))
        #expect(state.receive([1]) == .kept)
        #expect(state.read() == .chunk([1], resumesTransfer: false))
    }

    @Test("a chunk larger than the high water mark is taken when nothing else is buffered")
    func hugeChunk() {
        var state = self.opened()
        #expect(state.receive([UInt8](repeating: 0, count: TransferState.highWater + 1)) == .kept)
    }

    @Test("what was buffered before a failure is read before it")
    func failureAfterBytes() {
        var state = self.opened()
        #expect(state.receive([1]) == .kept)
        #expect(state.finish(Self.lost) == .nobody)
        #expect(state.read() == .chunk([1], resumesTransfer: false))
        #expect(state.read() == .failed(Self.lost))
        #expect(state.read() == .failed(Self.lost))
    }

    @Test("a failure before the head goes to who waits for the head")
    func failureBeforeHead() {
        var state = TransferState()
        #expect(state.start() == nil)
        #expect(state.finish(Self.lost) == .headWaiter(Self.lost))
        #expect(state.receiveHead() == false)
        #expect(state.finish(nil) == .nobody)
    }

    @Test("an end without a head is a failure")
    func endWithoutHead() {
        var state = TransferState()
        #expect(state.start() == nil)
        #expect(state.finish(nil) == .headWaiter(.connectionLost("the answer has no head")))
    }

    @Test("giving up tells the waiting side, and the loop only while that is at work")
    func abandons() {
        var fresh = TransferState()
        #expect(fresh.abandon() == (.nobody, false))
        #expect(fresh.start() == .cancelled)

        var awaitingHead = TransferState()
        #expect(awaitingHead.start() == nil)
        #expect(awaitingHead.abandon() == (.headWaiter(.cancelled), true))
        #expect(awaitingHead.isAwaitingHead == false)
        #expect(awaitingHead.abandon() == (.nobody, false))

        var open = self.opened()
        #expect(open.abandon() == (.nobody, true))
        #expect(open.receive([1]) == .discarded)
        #expect(open.read() == .failed(.cancelled))

        var awaitingChunk = self.opened()
        #expect(awaitingChunk.read() == .wait)
        #expect(awaitingChunk.abandon() == (.reader(.failure(.cancelled)), true))

        var ended = self.opened()
        #expect(ended.finish(nil) == .nobody)
        #expect(ended.abandon() == (.nobody, false))

        var read = self.opened()
        #expect(read.finish(nil) == .nobody)
        #expect(read.read() == .end)
        #expect(read.abandon() == (.nobody, false))
        #expect(read.read() == .end)
    }

    @Test("a second reader is refused while the first one waits")
    func secondReader() {
        var state = self.opened()
        #expect(state.read() == .wait)
        #expect(state.read() == .failed(.invalidRequest("a body has one reader, who begins after the head")))
        #expect(state.receive([1]) == .reader([1]))
    }
}
