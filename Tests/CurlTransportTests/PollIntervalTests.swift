import Testing

@testable import CurlTransport

@Suite("How often the loop looks after its transfers")
struct PollIntervalTests {
    @Test("soon after something happened, then ever more rarely, at least once a second")
    func backsOff() {
        var interval = PollInterval()
        let first = interval.next(afterActivity: false)
        #expect(first == .seconds(1))
        for _ in 0..<2 {
            let waits = [true, false, false, true, false].map { interval.next(afterActivity: $0) }
            #expect(
                waits == [.milliseconds(5), .milliseconds(10), .milliseconds(20), .milliseconds(5), .milliseconds(10)]
            )
        }
        for _ in 0..<20 {
            let wait = interval.next(afterActivity: false)
            #expect(wait <= .seconds(1))
        }
    }
}
