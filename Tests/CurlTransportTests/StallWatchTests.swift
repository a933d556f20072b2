import Testing

@testable import CurlTransport

@Suite("Reminding libcurl of a transfer")
struct StallWatchTests {
    private let start = ContinuousClock.now

    @Test("a transfer that never paused is left alone")
    func neverPaused() {
        var watch = StallWatch(start: self.start)
        #expect(watch.next == nil)
        let isDue = watch.takeReminder(self.start + .seconds(100))
        #expect(isDue == false)
    }

    @Test("a silent one is reminded a few times, each pause anew; bytes put it off")
    func reminders() throws {
        var watch = StallWatch(start: self.start)
        for _ in 0..<2 {
            watch.pause()
            watch.touch(self.start + .seconds(10))
            #expect(watch.next == self.start + .milliseconds(10_500))
            let isEarly = watch.takeReminder(self.start + .milliseconds(10_499))
            #expect(isEarly == false)
            var count = 0
            while let next = watch.next {
                #expect(next > self.start + .seconds(10))
                if watch.takeReminder(next) { count += 1 }
            }
            #expect(count == 6)
        }
    }
}
