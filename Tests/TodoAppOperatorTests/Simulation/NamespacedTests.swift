import JSON
import KubernetesAPI
import KubernetesTesting
import Testing

@testable import TodoAppOperator

// The operator of config/namespaced: for one namespace, with no right beyond it.
extension OperatorFaultTests {
    private static let role = "../../config/namespaced/role.yaml"

    @Test("With the Role of config/namespaced every kind of child is made, changed and pruned, and the app gets ready")
    func oneNamespace() async throws {
        let rules = try RoleRules(file: Self.role)
        var simulation = OperatorSimulation(
            resources: [.horizontalPodAutoscalers, .httpRoutes].map { SimulatedResource($0) }
        )
        let (server, app) = (simulation.server, simulation.apps[0])
        simulation.operators[0].namespaces = [OperatorSimulation.namespace]
        server.changeFaults { faults in
            faults.isAllowed = { request in
                // What is served may be asked by everybody who is known.
                if request.resource.hasPrefix("/") { return true }
                return request.namespace == OperatorSimulation.namespace && rules.allow(request)
            }
        }
        let keys: JSONValue = ["OPENAI_API_KEY": "OPENAI_API_KEY"]
        let everything: JSONValue = [
            "version": "1.0.0", "environment": "Minikube", "networkPolicy": ["enabled": true],
            "backend": ["autoscaling": ["minReplicas": 2, "maxReplicas": 4]], "frontend": ["replicas": 2],
            "database": ["embedded": [:]], "rollout": ["onFailure": "Rollback"],
            "secrets": ["from": [["secretName": "credentials", "keys": keys]]],
            "exposure": ["type": "Ingress", "host": "todo.example.com"],
        ]
        server.put(TodoAppObject.resource, app) { $0["spec"] = everything }
        let isReady = await simulation.runUntilReady(
            {
                server.put(TodoAppObject.resource, app) { app in
                    app["spec"]?["exposure"] = ["type": "HTTPRoute", "gateway": ["name": "outside"]]
                }
            },
            {
                server.put(TodoAppObject.resource, app) { app in
                    app["spec"] = ["version": "1.0.1", "environment": "Minikube", "backend": [:]]
                    app["spec"]?["secrets"] = ["from": [["secretName": "credentials"]]]
                }
            }
        )
        #expect(isReady)
        let made = Set(server.log.filter { $0.request.verb == .create && $0.code == 201 }.map(\.request.resource))
        #expect(
            made.isSuperset(of: World().servedChildren.map(\.type.resourceName)),
            "not made: \(Set(World().servedChildren.map(\.type.resourceName)).subtracting(made))"
        )
        let refused = Set(server.log.filter { $0.code == 403 }.map { "\($0.request.verb) \($0.request.resource)" })
        // Nodes make a NodePort's URL nicer; without them it names the Service.
        #expect(refused.isSubset(of: ["list nodes", "watch nodes"]), "\(refused)")
        let wide = server.log.map(\.request).filter { $0.namespace == nil && !$0.resource.hasPrefix("/") }
        #expect(Set(wide.map(\.resource)).isSubset(of: ["nodes"]), "\(Set(wide.map(\.resource)))")
    }

    @Test("Of a list of namespaces each is looked after, and no other")
    func someNamespaces() async {
        var simulation = OperatorSimulation()
        simulation.operators[0].namespaces = [OperatorSimulation.namespace, "second"]
        let server = simulation.server
        let others = ["second", "elsewhere"].map { ObjectKey(namespace: $0, name: "other") }
        for key in others {
            server.addNamespace(key.namespace ?? "")
            server.put(TodoAppObject.resource, key) { app in
                app["spec"] = ["version": "1.0.0", "environment": "Minikube", "backend": ["replicas": 1]]
            }
        }
        // Each namespace by itself: a right for the whole cluster is neither asked for nor needed.
        server.changeFaults { faults in
            faults.isAllowed = { request in
                request.resource.hasPrefix("/") || ["todo-app", "second"].contains(request.namespace)
            }
        }
        let isSeen = await simulation.run { [simulation] in
            server.object(TodoAppObject.resource, others[0])?["status"]?["observedGeneration"] == 1
                && simulation.isReady(simulation.apps[0])
        }
        #expect(isSeen)
        #expect(server.object(TodoAppObject.resource, others[1])?["status"] == nil)
        #expect(server.objects(.serviceAccounts, namespace: "second").count == 1)
        #expect(server.objects(.serviceAccounts, namespace: "elsewhere").isEmpty)
    }

    @Test("The Role of config/namespaced is that of config/rbac, without the nodes")
    func sameRights() throws {
        let wide = try RoleRules(file: "../../config/rbac/role.yaml").rights
        let narrow = try RoleRules(file: Self.role).rights
        #expect(wide.subtracting(narrow).sorted() == ["get nodes", "list nodes", "watch nodes"])
        #expect(narrow.subtracting(wide).isEmpty)
    }
}
