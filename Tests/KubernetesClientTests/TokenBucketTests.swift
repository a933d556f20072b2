import Testing

@testable import KubernetesClient

@Suite("TokenBucket")
struct TokenBucketTests {
    private let start = ContinuousClock.now

    @Test("A burst goes out at once, and the rest at an even pace")
    func burst() {
        var bucket = TokenBucket(RateLimit(perSecond: 10, burst: 3), at: self.start)
        let pauses = (0..<6).map { _ in bucket.take(at: self.start) }
        #expect(pauses == [0, 0, 0, 100, 200, 300].map { .milliseconds($0) })
    }

    @Test("A quiet time fills it up to the burst and no further")
    func fill() {
        var bucket = TokenBucket(RateLimit(perSecond: 10, burst: 2), at: self.start)
        for _ in 0..<2 {
            #expect(bucket.take(at: self.start) == .zero)
        }
        let later = self.start + .seconds(3600)
        #expect((0..<3).map { _ in bucket.take(at: later) } == [.zero, .zero, .milliseconds(100)])
    }

    @Test("Who gives up makes room for the next one")
    func givenBack() {
        var bucket = TokenBucket(RateLimit(perSecond: 1, burst: 1), at: self.start)
        #expect(bucket.take(at: self.start) == .zero)
        #expect(bucket.take(at: self.start) == .seconds(1))
        bucket.giveBack()
        #expect(bucket.take(at: self.start) == .seconds(1))
    }

    @Test("A clock that does not move gives no tokens, and one that goes back takes none")
    func noTime() {
        var bucket = TokenBucket(RateLimit(perSecond: 1, burst: 1), at: self.start)
        #expect(bucket.take(at: self.start) == .zero)
        #expect(bucket.take(at: self.start - .seconds(60)) == .seconds(1))
        #expect(bucket.take(at: self.start) == .seconds(2))
    }
}
