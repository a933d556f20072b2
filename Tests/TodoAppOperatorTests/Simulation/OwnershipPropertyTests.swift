import Foundation
import KubernetesTesting
import Testing

/// Whatever others do beside a TodoApp, and however old the operator's picture of it is.
///
/// `OWNERSHIP_SEQUENCES` has it try more than the usual number of sequences, `TEST_SEED` one again.
@Suite("Ownership, whatever happens")
struct OwnershipPropertyTests {
    private static let sequences = ProcessInfo.processInfo.environment["OWNERSHIP_SEQUENCES"].flatMap { Int($0) } ?? 8

    @Test(
        "No foreign object ever changes, and no own one is left over, over every kind of child",
        arguments: SeededRandom.seeds(Self.sequences)
    )
    func anySequence(seed: UInt64) async throws {
        let neighbourhood = Neighbourhood(seed: seed)
        for step in 1...60 {
            try await neighbourhood.step()
            #expect(neighbourhood.changedForeignObjects == [], "TEST_SEED=\(seed), step \(step)")
            guard step.isMultiple(of: 15) else { continue }
            try await neighbourhood.settle()
            #expect(neighbourhood.changedForeignObjects == [], "TEST_SEED=\(seed), settled after step \(step)")
            #expect(neighbourhood.misfits == [], "TEST_SEED=\(seed), settled after step \(step)")
        }
        try await neighbourhood.end()
        #expect(neighbourhood.changedForeignObjects == [], "TEST_SEED=\(seed), at the end")
        #expect(neighbourhood.misfits == [], "TEST_SEED=\(seed), at the end")
        print("TEST_SEED=\(seed): \(neighbourhood.counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" })")
    }
}
