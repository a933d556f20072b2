import JSON
import KubernetesTesting
import Testing

/// Whatever goes wrong on the way, the world comes out as it does when nothing does, and nothing is made twice.
// One at a time: each is a whole world at a hundred times its speed, and would run late beside the others.
@Suite("The operator under faults", .serialized)
struct OperatorFaultTests {
    /// What a run without faults leaves behind; one is enough for all tests.
    private static let referenceRun = Task {
        let simulation = OperatorSimulation()
        _ = await simulation.runUntilReady()
        return simulation.children
    }

    private static func reference() async -> [String: JSONValue] {
        let children = await Self.referenceRun.value
        #expect(children.count == 11)
        return children
    }

    /// The run ended well, and left what it should, made once and never taken away.
    private func expectGoodEnd(
        of simulation: OperatorSimulation,
        isReady: Bool,
        _ reference: [String: JSONValue],
        _ what: Comment
    ) {
        #expect(isReady, what)
        #expect(simulation.children == reference, what)
        let twice = simulation.creations.filter { $0.value > 1 }
        #expect(twice.isEmpty, what)
        #expect(simulation.deletions.isEmpty, what)
    }

    @Test("A restart at rest writes nothing, however the past is told")
    func restartAtRest() async {
        let simulation = OperatorSimulation(apps: 3)
        #expect(await simulation.runUntilReady())
        let collections = simulation.watchedCollections
        _ = simulation.server.takeLog()
        simulation.server.compact()
        let start = simulation.server.version
        simulation.server.changeFaults { $0.add(.expire, on: .watches, times: collections) }
        // All that is read at a start is read twice: once for the lists, once after the watches have expired.
        let isReadTwice = await simulation.run { simulation.count(of: .list) >= 2 * collections }
        #expect(isReadTwice)
        #expect(await simulation.runUntilReady())
        let writes = simulation.server.log.map(\.request).filter(\.verb.isWrite)
        #expect(writes.isEmpty)
        #expect(simulation.server.version == start)
    }

    @Test("Killed behind any one of its writes, it makes nothing twice and leaves nothing out")
    func killedOnce() async {
        let reference = await Self.reference()
        var kills = 0
        for write in 0..<40 {
            let simulation = OperatorSimulation()
            simulation.server.changeFaults { $0.add(.die, on: OperatorSimulation.writes, skipping: write) }
            let isReady = await simulation.runUntilReady()
            self.expectGoodEnd(of: simulation, isReady: isReady, reference, "killed behind write \(write)")
            let starts = simulation.server.log.count { $0.request.resource == "/version" }
            guard starts > 1 else { break }
            kills += 1
        }
        // One for each child and the first status at least.
        #expect(kills >= 12)
        print("killed behind each of \(kills) writes")
    }

    @Test("Killed behind every one of its writes, it still gets there")
    func killedAlways() async {
        let reference = await Self.reference()
        let simulation = OperatorSimulation()
        simulation.server.changeFaults { $0.add(.die, on: OperatorSimulation.writes, times: 25) }
        let isReady = await simulation.runUntilReady()
        self.expectGoodEnd(of: simulation, isReady: isReady, reference, "killed behind each of 25 writes")
    }

    @Test("A replica that shows the past makes it delete nothing and make nothing twice", arguments: [1, 5, 20, 60])
    func timeTravel(versions: Int) async {
        let reference = await Self.reference()
        let simulation = OperatorSimulation()
        #expect(await simulation.runUntilReady())
        // Restarted, each list shows a state of before; the watches bring the present.
        let (collections, watches) = (simulation.watchedCollections, simulation.count(of: .watch))
        simulation.server.changeFaults { faults in
            faults.add(.olderState(by: versions), on: .init([.list], user: "operator"), times: collections)
        }
        let isWatching = await simulation.run { simulation.count(of: .watch) >= watches + collections }
        #expect(isWatching)
        let isReady = await simulation.runUntilReady()
        self.expectGoodEnd(of: simulation, isReady: isReady, reference, "lists \(versions) versions behind")
    }

    @Test("Random faults, and still all is as without them", arguments: SeededRandom.seeds(24))
    func randomFaults(seed: UInt64) async {
        let reference = await Self.reference()
        var random = SeededRandom(seed: seed)
        let simulation = OperatorSimulation(streams: seed.isMultiple(of: 2))
        let bytes = (0..<4).map { _ in Int.random(in: 0...6000, using: &random) }
        simulation.server.changeFaults { faults in
            faults.roll(
                [
                    .refuseConnection, .respond(429, retryAfter: 1), .respond(500), .respond(503), .respond(504),
                    .loseAnswer, .die, .expire, .chunks(of: 7), .olderState(by: 3), .dropDeletions,
                ] + bytes.map { .cutStream(afterBytes: $0) },
                probability: 0.2,
                seed: seed
            )
        }
        let isReady = await simulation.runUntilReady()
        self.expectGoodEnd(of: simulation, isReady: isReady, reference, "TEST_SEED=\(seed)")
    }
}
