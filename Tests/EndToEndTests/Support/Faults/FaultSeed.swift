import Foundation

/// Chance that can be had once more: `FAULT_SEED` gives a run's number, which each test prints.
struct FaultSeed: Sendable {
    /// The number of this run.
    static let number: UInt64 = {
        let given = ProcessInfo.processInfo.environment["FAULT_SEED"].flatMap(UInt64.init)
        return given ?? UInt64.random(in: 1...999_999)
    }()

    /// A generator for one test; those of two tests go different ways.
    static func generator(for purpose: String) -> SeededGenerator {
        SeededGenerator(state: purpose.utf8.reduce(Self.number) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 })
    }
}

/// SplitMix64: the same numbers on every machine.
struct SeededGenerator: RandomNumberGenerator, Sendable {
    fileprivate var state: UInt64

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
