import KubernetesAPI
import KubernetesTesting
import Testing

@testable import TodoAppOperator

/// Three operators that share the TodoApps of one cluster.
@Suite("The work shared among replicas", .serialized)
struct SharedWorkTests {
    private static let users = ["replica-a", "replica-b", "replica-c"]

    private func simulation(apps: Int) -> OperatorSimulation {
        var simulation = OperatorSimulation(apps: apps, speed: 20)
        simulation.operators = Self.users.map { SimulatedOperator(user: $0, isSharing: true) }
        return simulation
    }

    /// Who wrote for each TodoApp, one after the other, whoever wrote several times in a row named once.
    private func writers(_ simulation: OperatorSimulation) -> [String: [String]] {
        var writers: [String: [String]] = [:]
        for answer in simulation.answeredWrites where Self.users.contains(answer.request.user) {
            let app = simulation.apps.map(\.name).filter { answer.name == $0 || answer.name.hasPrefix("\($0)-") }.max()
            guard let app, writers[app]?.last != answer.request.user else { continue }
            writers[app, default: []].append(answer.request.user)
        }
        return writers
    }

    private func madeTwice(_ simulation: OperatorSimulation) -> [String] {
        simulation.creations.filter { $0.value > 1 }.map(\.key)
    }

    @Test("Each has a part, and each TodoApp is looked after by one")
    func parts() async {
        let simulation = self.simulation(apps: 30)
        #expect(await simulation.runUntilReady())
        #expect(simulation.children.count == 30 * 11)
        #expect(self.madeTwice(simulation).isEmpty)
        let writers = self.writers(simulation)
        #expect(Set(writers.values.joined()) == Set(Self.users))
        // The first one there may have begun with some that go to another.
        #expect(writers.values.allSatisfy { $0.count <= 3 }, "\(writers)")
    }

    @Test("One that is killed leaves nothing undone, and nothing is made twice")
    func killed() async {
        let simulation = self.simulation(apps: 30)
        simulation.server.changeFaults { faults in
            faults.add(
                .die,
                on: FaultPlan.Pattern([.create], "deployments.apps", user: "replica-b"),
                skipping: 5
            )
        }
        #expect(await simulation.runUntilReady())
        #expect(simulation.children.count == 30 * 11)
        #expect(self.madeTwice(simulation).isEmpty)
        #expect(!simulation.answeredWrites.contains { $0.request.verb == .delete })
    }
}
