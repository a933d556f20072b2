public import ControllerRuntime

extension TimeSource {
    /// The machine's clock, so many times as fast: pauses of seconds are over in milliseconds, and their order stays.
    ///
    /// For tests in which several parts wait for each other, where a clock that is moved by hand would have to know all of them.
    ///
    /// - Parameter factor: 100 makes 10 ms of a second, which leaves even a busy machine time to do what a second is for.
    public static func accelerated(by factor: Int) -> TimeSource {
        let start = ContinuousClock.now
        return TimeSource(
            now: { start + (ContinuousClock.now - start) * factor },
            sleep: { try await Task.sleep(for: $0 / factor, clock: .continuous) },
            random: { Double.random(in: 0..<1) }
        )
    }
}
