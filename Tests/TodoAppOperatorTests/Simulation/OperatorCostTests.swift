import JSON
import KubernetesAPI
import KubernetesTesting
import Testing
import TodoAppAPI

@testable import ControllerRuntime
@testable import TodoAppOperator

/// What bringing TodoApps up may cost, in counts that are the same on every machine; `make bench` has the times.
@Suite("What the operator costs", .serialized)
struct OperatorCostTests {
    private static let apps = 20
    /// Two Deployments, Services, PodDisruptionBudgets and NetworkPolicies, a Secret, a ConfigMap, a ServiceAccount.
    private static let childrenOfOne = 11

    /// The operator's requests by what they are, such as `create secrets`; events and discovery are left out.
    private func counts(_ simulation: OperatorSimulation) -> [String: Int] {
        var counts: [String: Int] = [:]
        for request in simulation.server.log.map(\.request) where request.user == "operator" {
            guard !request.resource.hasPrefix("/"), !request.resource.hasPrefix("events") else { continue }
            let resource = request.subresource.isEmpty ? request.resource : "\(request.resource)/\(request.subresource)"
            counts["\(request.verb.rawValue) \(resource)", default: 0] += 1
        }
        return counts
    }

    @Test("A cold start writes each child once and each status once, and reads one Secret at most for each TodoApp")
    func coldStart() async {
        let simulation = OperatorSimulation(apps: Self.apps, rollsOut: false)
        #expect(await simulation.runUntilJudged())
        let counts = self.counts(simulation)
        let creations = counts.filter { $0.key.hasPrefix("create ") }.values.reduce(0, +)
        #expect(creations == Self.apps * Self.childrenOfOne)
        #expect(simulation.creations.values.allSatisfy { $0 == 1 })
        var others = counts.filter { !["create", "list", "watch"].contains($0.key.split(separator: " ")[0]) }
        // All take their credentials from one Secret, and those that want it at the same time share its reading.
        #expect((1...Self.apps).contains(others.removeValue(forKey: "get secrets") ?? 0))
        #expect(others == ["patch todoapps.todo.taskflow.dev/status": Self.apps])
    }

    @Test("A restart reads each collection once, and neither writes nor reads anything else")
    func restart() async {
        let simulation = OperatorSimulation(apps: Self.apps, rollsOut: false)
        #expect(await simulation.runUntilJudged())
        _ = simulation.server.takeLog()
        #expect(await simulation.run { self.counts(simulation)["watch secrets"] == 2 })
        #expect(await simulation.runUntilJudged())
        let counts = self.counts(simulation)
        #expect(counts.keys.allSatisfy { $0.hasPrefix("list ") || $0.hasPrefix("watch ") })
    }

    @Test("The children of a TodoApp are held in less than 14 KiB")
    func heldBytes() throws {
        let spec = try TodoAppSpec.read(["version": "1.0.0", "backend": [:], "frontend": [:]], name: "app")
        let app = EffectiveApp(name: "app", namespace: "todo-app", spec: spec)
        let wanted = children(of: app, inputs: RenderInputs(ownerUID: "2ef60981-3772-40a3-a4a8-3350495a0bf6"))
        let held = wanted.map { DynamicObject(reading: $0.manifest).kept.byteCount }.reduce(0, +)
        #expect(held < 14 << 10)
    }
}
