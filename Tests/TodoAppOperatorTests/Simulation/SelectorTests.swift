import JSON
import KubernetesAPI
import KubernetesTesting
import Testing

@testable import TodoAppOperator

// Operators beside one another, each with TodoApps of its own.
extension OperatorFaultTests {
    private static func teams(_ count: Int) throws -> OperatorSimulation {
        var simulation = OperatorSimulation(apps: count)
        simulation.operators = try ["blue", "red"].map { team in
            SimulatedOperator(user: team, selector: try LabelSelector(parsing: "team=\(team)"))
        }
        for (index, key) in simulation.apps.enumerated() {
            simulation.label(key, team: index.isMultiple(of: 2) ? "blue" : "red")
        }
        return simulation
    }

    @Test("Two operators with selectors that have nothing in common: each app has one writer, and gets ready")
    func disjointSelectors() async throws {
        let simulation = try Self.teams(4)
        #expect(await simulation.runUntilReady())
        let writers = simulation.writers
        for (index, key) in simulation.apps.enumerated() {
            #expect(writers[key.name] == [index.isMultiple(of: 2) ? "blue" : "red"], "\(key)")
        }
    }

    @Test(
        "An app that changes its label changes its operator: the one lets go of it, the other one finds all as it should be"
    )
    func handedOver() async throws {
        let simulation = try Self.teams(2)
        let key = simulation.apps[0]
        let service = ObjectKey(namespace: key.namespace, name: "\(key.name)-backend")
        #expect(await simulation.runUntilReady())
        let pods = simulation.identities(of: .pods)
        let isReady = await simulation.runUntilReady(
            {
                _ = simulation.server.takeLog()
                simulation.label(key, team: "red")
            },
            // Whoever looks after it puts this back.
            { simulation.server.put(.services, service) { $0["spec"]?["selector"] = ["app": "nothing"] } }
        )
        #expect(isReady)
        #expect(simulation.server.object(.services, service)?["spec"]?["selector"] == ["app": "app-0-backend"])
        #expect(simulation.writers[key.name] == ["red"])
        #expect(simulation.identities(of: .pods) == pods)
    }

    @Test("An app that leaves every selection is left alone: its children stay, and nobody puts anything back")
    func leftAlone() async throws {
        let simulation = try Self.teams(2)
        let key = simulation.apps[0]
        let service = ObjectKey(namespace: key.namespace, name: "\(key.name)-backend")
        #expect(await simulation.runUntilReady())
        let children = simulation.children
        let isReady = await simulation.runUntilReady(
            {
                _ = simulation.server.takeLog()
                simulation.label(key, team: "nobody")
            },
            { simulation.server.remove(.services, service) }
        )
        #expect(isReady)
        #expect(simulation.writers[key.name] == nil)
        var left = children
        left["Service/\(service.name)"] = nil
        #expect(simulation.children == left)
    }
}

extension OperatorSimulation {
    fileprivate func label(_ key: ObjectKey, team: String) {
        self.server.put(TodoAppObject.resource, key) { $0["metadata"]?["labels"] = ["team": .string(team)] }
    }

    /// Who wrote anything of an app, its children and its status, by the app's name.
    fileprivate var writers: [String: Set<String>] {
        var writers: [String: Set<String>] = [:]
        for answer in self.answeredWrites {
            for key in self.apps where answer.name == key.name || answer.name.hasPrefix("\(key.name)-") {
                writers[key.name, default: []].insert(answer.request.user)
            }
        }
        return writers
    }
}
