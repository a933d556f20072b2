import JSON
import Testing

extension EndToEnd {
    /// The two tiers find each other and the world finds them, whatever the exposure is.
    @Suite(.together)
    struct ContractWiringTests {
        @Test("FRONTEND_URL follows the exposure and rolls the backend alone; BACKEND_URL stays and rolls nothing")
        func exposure() async throws {
            try await TestNamespace.with("wiring") { namespace in
                let app = try await namespace.run(Manifest.taskflow())
                try await app.waitUntilReady()
                let door = namespace.object(.services, "taskflow-frontend")
                let port = try #require(door?.at("spec.ports[0].nodePort")?.integer)
                let node = namespace.stage.cluster.nodeAddress
                #expect(self.config(of: app)?["FRONTEND_URL"] == .string("http://\(node):\(port)"))

                let service = "http://taskflow-frontend.\(namespace.name).svc:3000"
                let steps: [(JSONValue, String)] = [
                    (["exposure": ["type": "ClusterIP"]], service),
                    (["exposure": ["type": "Ingress", "host": "todo.example.com"]], "http://todo.example.com"),
                    (["exposure": ["tlsSecretName": "todo-tls"]], "https://todo.example.com"),
                    (["exposure": ["host": "other.example.com"]], "https://other.example.com"),
                    (["exposure": .null], "http://\(node):"),
                ]
                for (change, url) in steps {
                    let before = (self.replicaSets(of: app, "backend"), self.replicaSets(of: app, "frontend"))
                    try await app.change(change)
                    try await eventually("FRONTEND_URL is \(url)", within: .seconds(30)) {
                        self.config(of: app)?["FRONTEND_URL"]?.string?.hasPrefix(url) == true
                    }
                    try await eventually("the backend rolls to \(url)", within: .seconds(30)) {
                        // Back to a ReplicaSet that was there before counts as well.
                        self.replicaSets(of: app, "backend").isDisjoint(with: before.0)
                    }
                    try await eventually("the backend runs with \(url)", within: .seconds(60)) {
                        let pods = app.pods("backend").filter { !$0.isGoing }
                        return pods.count == 1 && pods.allSatisfy { $0.isTrue("Ready") }
                    }
                    #expect(self.replicaSets(of: app, "frontend") == before.1, "\(url): the frontend does not roll")
                    #expect(
                        self.config(of: app)?["BACKEND_URL"]
                            == .string("http://taskflow-backend.\(namespace.name).svc:8000")
                    )
                }
            }
        }

        @Test("CORS_ORIGINS and FRONTEND_URL follow the front door, which a frontend becomes when it comes")
        func frontDoor() async throws {
            let node = try Stage.current.cluster.nodeAddress
            for (contract, key) in [("cohere", "cors-origins"), ("groq", "FRONTEND_URL")] {
                try await TestNamespace.with("door", credentials: ContractApp.credentials) { namespace in
                    let nowhere: JSONValue = ["nodeSelector": ["todo.taskflow.dev/node": "nowhere"]]
                    let app = try await namespace.run(
                        Manifest.todoApp(
                            "door",
                            [
                                "contract": .string(contract), "environment": "Production", "version": "v1.0.0",
                                "backend": nowhere,
                                "secrets": ["from": [["secretName": .string(Credentials.secretName)]]],
                            ]
                        )
                    )
                    let port = contract == "groq" ? 8001 : 8000
                    let steps: [(JSONValue, String)] = [
                        ([:], "http://door-backend.\(namespace.name).svc:\(port)"),
                        (["frontend": nowhere], "http://door-frontend.\(namespace.name).svc:3000"),
                        (["environment": "Minikube"], "http://\(node):"),
                        (["frontend": ["env": ["BACKEND_URL": "http://elsewhere"]]], "http://\(node):"),
                        (
                            ["backend": ["env": [contract == "groq" ? key : "CORS_ORIGINS": "https://a.example"]]],
                            "https://a.example"
                        ),
                    ]
                    for (change, url) in steps {
                        let generation = try await app.change(change)
                        try await app.waitUntil("is applied", generation: generation) { $0.isTrue("ResourcesSynced") }
                        try await eventually("\(key) is \(url)", within: .seconds(10)) {
                            self.config(of: app)?[key]?.string?.hasPrefix(url) == true
                        }
                    }
                    #expect(self.config(of: app)?["BACKEND_URL"] == "http://elsewhere")
                }
            }
        }

        private func config(of app: AppUnderTest) -> JSONValue? {
            app.namespace.object(.configMaps, "\(app.name)-config")?["data"]
        }

        /// The ReplicaSets that have pods or are to have some.
        private func replicaSets(of app: AppUnderTest, _ component: String) -> Set<String> {
            let all = app.namespace.objects(.replicaSets).filter {
                $0.at("metadata.labels.app")?.string == "\(app.name)-\(component)"
            }
            return Set(all.filter { ($0.at("spec.replicas")?.integer ?? 0) > 0 }.map(\.uid))
        }
    }
}
