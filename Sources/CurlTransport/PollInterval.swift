/// How long the loop waits at most before it looks after its transfers, although nobody has called it.
///
/// libcurl's timers should make that unnecessary. But with libcurl 7.88 (Debian 12) a few of ten thousand HTTP/2 calls in
/// bursts were seen to stand still until the next look; the likely cause is that it sets the timer of the wrong transfer
/// when the end of one stream is read on behalf of another. So the loop looks again soon after something has happened,
/// and ever more rarely while nothing does.
struct PollInterval {
    private static let shortest = Duration.milliseconds(5)
    private static let longest = Duration.seconds(1)

    private var current = Self.longest

    /// The next waiting time, after a round in which something happened or nothing did.
    mutating func next(afterActivity hadActivity: Bool) -> Duration {
        self.current = hadActivity ? Self.shortest : min(self.current * 2, Self.longest)
        return self.current
    }
}
