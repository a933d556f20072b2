internal import Glibc

/// Chance that can be had again: the same seed gives the same numbers (SplitMix64).
public struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Numbers that follow from a seed.
    public init(seed: UInt64) {
        self.state = seed
    }

    /// The next number.
    public mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Seeds for a randomised test: new ones each time, or the one in the environment's `TEST_SEED`, with which a failure can
    /// be seen again.
    ///
    /// - Parameter count: How many there are, unless the environment's `TEST_SEEDS` says otherwise.
    public static func seeds(_ count: Int) -> [UInt64] {
        if let seed = Self.environment("TEST_SEED").flatMap(UInt64.init) {
            return [seed]
        }
        let count = Self.environment("TEST_SEEDS").flatMap(Int.init) ?? count
        return (0..<max(count, 1)).map { _ in UInt64.random(in: 0...UInt64.max) }
    }

    private static func environment(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }
}
