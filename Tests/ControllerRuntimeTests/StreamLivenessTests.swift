import Testing

@testable import ControllerRuntime

@Suite("StreamLiveness")
struct StreamLivenessTests {
    private let timeout = Duration.seconds(400)

    @Test("At first a bookmark a minute is expected")
    func fresh() {
        #expect(StreamLiveness().idleLimit(timeout: self.timeout) == .seconds(90))
    }

    @Test("A server that was silent once is given until its own end of the watch")
    func silent() {
        var liveness = StreamLiveness()
        liveness.timedOut()
        #expect(liveness.idleLimit(timeout: self.timeout) == .seconds(430))
        liveness.timedOut()
        #expect(liveness.idleLimit(timeout: self.timeout) == .seconds(430))
    }

    @Test("Where bookmarks have come, silence is death, and stays so")
    func bookmarks() {
        var liveness = StreamLiveness()
        liveness.sawBookmark()
        liveness.timedOut()
        #expect(liveness.idleLimit(timeout: self.timeout) == .seconds(90))
    }

    @Test("A server that turns out to send bookmarks after all is held to them")
    func lateBookmark() {
        var liveness = StreamLiveness()
        liveness.timedOut()
        liveness.sawBookmark()
        #expect(liveness.idleLimit(timeout: self.timeout) == .seconds(90))
    }
}
