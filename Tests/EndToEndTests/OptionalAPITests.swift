import JSON
import Testing

extension EndToEnd {
    /// The children that not every API server serves.
    @Suite(.together)
    struct OptionalAPITests {
        @Test(
            "Ingress, autoscaler and NetworkPolicies are made as they are rendered, and go when nobody wants them any more"
        )
        func madeAndPruned() async throws {
            try await TestNamespace.with("optional") { namespace in
                let app = try await namespace.run(Manifest.podless("taskflow", Self.everything))
                try await app.waitUntil("is applied") { $0.isTrue("ResourcesSynced") }
                let ingress = try await eventually("there is an Ingress", within: .seconds(10)) {
                    namespace.object(.ingresses, "taskflow-frontend")
                }
                #expect(ingress.at("spec.rules[0].http.paths[0].backend.service.port.name") == "http")
                #expect(ingress.at("spec.tls[0].secretName") == "todo-tls")
                let autoscaler = try await eventually("there is an autoscaler", within: .seconds(10)) {
                    namespace.object(.horizontalPodAutoscalers, "taskflow-backend")
                }
                #expect(autoscaler.at("spec.maxReplicas") == 5)
                try await namespace.catchUp()
                for component in ["backend", "frontend"] {
                    let policy = namespace.object(.networkPolicies, "taskflow-\(component)")
                    #expect(policy?.at("spec.policyTypes") == ["Ingress", "Egress"])
                }
                let endpoints = app.object.at("status.endpoints")?.array?.compactMap { $0["url"]?.string }
                #expect(endpoints?.first == "https://todo.example.com")

                try await app.change([
                    "exposure": nil, "networkPolicy": ["enabled": false], "backend": ["autoscaling": nil],
                ])
                try await eventually("nobody wants them, and they go", within: .seconds(20)) {
                    [WatchedKind.ingresses, .horizontalPodAutoscalers, .networkPolicies].allSatisfy {
                        namespace.objects($0).isEmpty
                    }
                }
            }
        }

        @Test(
            "From a fixed number to an autoscaler and back, suspended and resumed: never fewer pods wanted than there were"
        )
        func replicas() async throws {
            try await TestNamespace.with("scaling") { namespace in
                let app = try await namespace.run(Manifest.podless("taskflow", ["backend": ["replicas": 3]]))
                try await app.waitUntil("is applied") { $0.isTrue("ResourcesSynced") }
                func wanted() -> Int64? {
                    namespace.object(.deployments, "taskflow-backend")?.at("spec.replicas")?.integer
                }
                func waitUntil(_ count: Int64) async throws {
                    try await eventually(
                        "\(count) pods are wanted",
                        within: .seconds(60),
                        lastSeen: { "\(wanted() ?? -1)" }
                    ) {
                        wanted() == count
                    }
                }
                try await waitUntil(3)
                let scaling: JSONValue = ["minReplicas": 2, "maxReplicas": 6]
                try await app.change(["backend": ["replicas": nil, "autoscaling": scaling]])
                try await eventually("there is an autoscaler", within: .seconds(20)) {
                    namespace.object(.horizontalPodAutoscalers, "taskflow-backend") != nil
                }
                // Whatever is applied next must leave the number alone: it is nobody's but the autoscaler's.
                try await namespace.kubectl(
                    "scale",
                    "deployment/taskflow-backend",
                    "--replicas=5",
                    "-n",
                    namespace.name
                )
                try await app.change(["backend": ["env": ["LOG_LEVEL": "debug"]]])
                try await app.waitUntil("is applied") { $0.isTrue("ResourcesSynced") }
                try await waitUntil(5)

                try await app.change(["suspended": true])
                try await waitUntil(0)
                try await app.change(["suspended": false])
                try await waitUntil(5)
                try await app.change(["backend": ["autoscaling": nil, "replicas": 4]])
                try await waitUntil(4)
                let history = namespace.watch.history(.deployments, namespace.name, "taskflow-backend")
                let counts = history.compactMap { $0.object.at("spec.replicas")?.integer }
                var steps: [Int64] = []
                for count in counts where count != steps.last {
                    steps.append(count)
                }
                #expect(steps == [3, 5, 0, 5, 4])
            }
        }

        @Test("What Kubernetes' own autoscaler decides stays, through its bounds' changes and the operator's writes")
        func autoscaled() async throws {
            try await TestNamespace.with("autoscaled") { namespace in
                func bounds(_ least: Int64, _ most: Int64) -> JSONValue {
                    ["autoscaling": ["minReplicas": .integer(least), "maxReplicas": .integer(most)]]
                }
                let app = try await namespace.run(Manifest.podless("taskflow", ["backend": bounds(2, 6)]))
                // The autoscaler looks every 15 s. It keeps to its bounds also where nobody measures any load.
                func waitUntil(_ count: Int64) async throws {
                    try await eventually("the autoscaler wants \(count) pods", within: .seconds(60)) {
                        namespace.object(.deployments, "taskflow-backend")?.at("spec.replicas")?.integer == count
                    }
                }
                try await waitUntil(2)
                try await app.change(["backend": bounds(4, 6)])
                try await waitUntil(4)
                let deployment = "deployment/taskflow-backend"
                try await namespace.kubectl("scale", deployment, "--replicas=9", "-n", namespace.name)
                try await waitUntil(6)
                // A write of the operator's to the same Deployment.
                let generation = try await app.change(["version": "1.1.0"])
                try await app.waitUntil("is applied", generation: generation) { $0.isTrue("ResourcesSynced") }
                try await namespace.catchUp()
                let history = namespace.watch.history(.deployments, namespace.name, "taskflow-backend")
                let wanted = history.compactMap { $0.object.at("spec.replicas")?.integer }
                #expect(wanted.last == 6, "\(wanted)")
                #expect(wanted.drop { $0 < 2 }.allSatisfy { $0 >= 2 }, "\(wanted)")
            }
        }

        @Test("Where HTTPRoute is not served all else is made; when it comes the route follows without a restart")
        func routeLater() async throws {
            let kubectl = try Stage.current.kubectl
            try await TestNamespace.with("route") { namespace in
                let exposure: JSONValue = [
                    "type": "HTTPRoute", "host": "todo.example.com", "gateway": ["name": "outside"],
                ]
                let app = try await namespace.run(Manifest.podless("taskflow", ["exposure": exposure]))
                try await app.waitUntil("says what is missing", within: .seconds(30)) {
                    $0.condition("ResourcesSynced")?["reason"] == "OptionalAPIMissing"
                }
                #expect(app.text("ResourcesSynced").contains("HTTPRoute (gateway.networking.k8s.io/v1"))
                try await namespace.catchUp()
                #expect(app.children(.deployments).count == 2)
                try await kubectl.apply(Self.routeDefinition)
                try await app.waitUntil("has its route", within: .seconds(90)) { $0.isTrue("ResourcesSynced") }
                let route = try await kubectl.json("get", "httproutes", "taskflow-frontend", "-n", namespace.name)
                #expect(route.at("spec.parentRefs[0].name") == "outside")
                try await KindTrial("httproutes", "taskflow-frontend", in: namespace).play()
                try await kubectl("delete", "crd", Self.routeDefinition.name)
                let generation = try await app.change(["backend": ["env": ["LOG_LEVEL": "debug"]]])
                try await app.waitUntil("says it again", within: .seconds(120), generation: generation) {
                    $0.condition("ResourcesSynced")?["reason"] == "OptionalAPIMissing"
                }
            }
        }

        /// Asks for one of each.
        private static let everything: JSONValue = [
            "environment": "Production",
            "exposure": ["type": "Ingress", "host": "todo.example.com", "tlsSecretName": "todo-tls"],
            "backend": ["autoscaling": ["minReplicas": 2, "maxReplicas": 5]],
        ]

        /// As much of the Gateway API's HTTPRoute as the operator writes; what is not in it the API server would drop.
        private static var routeDefinition: JSONValue {
            func list(_ properties: JSONValue) -> JSONValue {
                ["type": "array", "items": ["type": "object", "properties": properties]]
            }
            let text: JSONValue = ["type": "string"]
            let service: JSONValue = ["name": text, "port": ["type": "integer"]]
            let spec: JSONValue = [
                "parentRefs": list(["name": text, "namespace": text, "sectionName": text]),
                "hostnames": ["type": "array", "items": text],
                "rules": list(["backendRefs": list(service)]),
            ]
            let schema: JSONValue = [
                "type": "object", "properties": ["spec": ["type": "object", "properties": spec]],
            ]
            return [
                "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
                "metadata": [
                    "name": "httproutes.gateway.networking.k8s.io",
                    // A group under k8s.io needs a word of approval.
                    "annotations": ["api-approved.kubernetes.io": "unapproved, for a test"],
                ],
                "spec": [
                    "group": "gateway.networking.k8s.io", "scope": "Namespaced",
                    "names": ["plural": "httproutes", "singular": "httproute", "kind": "HTTPRoute"],
                    "versions": [
                        ["name": "v1", "served": true, "storage": true, "schema": ["openAPIV3Schema": schema]]
                    ],
                ],
            ]
        }
    }
}
