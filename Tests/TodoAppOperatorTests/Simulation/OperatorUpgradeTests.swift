import JSON
import KubernetesAPI
import KubernetesTesting
import Testing

@testable import TodoAppOperator

extension OperatorFaultTests {
    @Test("A new version of the operator says so in the status, and writes nothing else: no pod is replaced")
    func newVersion() async {
        var simulation = OperatorSimulation(apps: 2)
        #expect(await simulation.runUntilReady())
        let pods = simulation.identities(of: .pods)
        #expect(pods.count == 8)
        _ = simulation.server.takeLog()

        simulation.operators[0].version = "9.9.9"
        let isTaken = await simulation.run { [simulation] in
            simulation.apps.allSatisfy { key in
                simulation.server.object(TodoAppObject.resource, key)?["status"]?["operatorVersion"] == "9.9.9"
            }
        }
        #expect(isTaken)
        #expect(await simulation.runUntilReady())
        let writes = simulation.answeredWrites.map {
            "\($0.request.verb) \($0.request.resource)/\($0.request.subresource)"
        }
        #expect(writes == Array(repeating: "patch todoapps.todo.taskflow.dev/status", count: 2))
        #expect(simulation.identities(of: .pods) == pods)
    }
}

extension OperatorFaultTests {
    @Test("Many TodoApps get ready, and each child of each is made once")
    func manyApps() async {
        let simulation = OperatorSimulation(apps: 25)
        #expect(await simulation.runUntilReady())
        #expect(simulation.children.count == 25 * 11)
        #expect(simulation.creations.filter { $0.value > 1 }.isEmpty)
    }
}

extension OperatorSimulation {
    /// The UIDs of all objects of a type, by name.
    func identities(of type: ResourceType) -> [String: String] {
        var identities: [String: String] = [:]
        for object in self.server.objects(type, namespace: Self.namespace) {
            identities[object["metadata"]?["name"]?.string ?? ""] = object["metadata"]?["uid"]?.string
        }
        return identities
    }
}
