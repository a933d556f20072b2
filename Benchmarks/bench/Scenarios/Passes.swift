import TodoAppOperator

/// What one pass over a TodoApp allocates that is as it should be: the same on every machine, and at every load.
///
/// `hack/check-costs` calls it.
struct Passes: Sendable {
    private static let rounds = 50

    func measure() async throws -> Figures {
        var figures = try Figures("passes", apps: 1)
        let simulation = Simulation(count: 1)
        let world = try await simulation.settledWorld()
        let key = simulation.key(0)

        let first = try await self.count {
            // Each with a memory of its own, as after a restart.
            for _ in 0..<Self.rounds { _ = await simulation.reconciler(world).reconcile(key) }
        }
        figures.values["allocations of a first pass"] = first / Double(Self.rounds)
        let reconciler = simulation.reconciler(world)
        _ = await reconciler.reconcile(key)
        let next = try await self.count {
            for _ in 0..<Self.rounds { _ = await reconciler.reconcile(key) }
        }
        figures.values["allocations of a pass for the status alone"] = next / Double(Self.rounds)
        return figures
    }

    private func count(_ body: () async -> Void) async throws -> Double {
        let allocations = try Allocations()
        let before = allocations.count
        await body()
        return allocations.count - before
    }
}
