import JSON
import Testing

extension EndToEnd {
    /// Every contract runs on the real node, and the API server holds what its seed says.
    @Suite(.together)
    struct ContractTests {
        @Test(
            "Each contract's app in Production gets ready with two pods of the contract's figures",
            arguments: ContractApp.allCases
        )
        func production(_ contract: ContractApp) async throws {
            try await TestNamespace.with(contract.rawValue, credentials: ContractApp.credentials) { namespace in
                let app = try await namespace.run(contract.production)
                try await app.waitUntilReady(within: .seconds(150))
                for figures in contract.figures {
                    let deployment = try await self.expect(figures, of: app, policy: "IfNotPresent", type: "ClusterIP")
                    #expect(deployment.at("status.readyReplicas") == 2)
                    #expect(deployment.at("spec.template.spec.containers[0].image")?.string?.hasSuffix("1.0.0") == true)
                    self.expectUser(of: app, figures.component)
                }
                try self.expectConfig(contract, of: app, mode: "production")
                try await namespace.catchUp()
                #expect(app.children(.podDisruptionBudgets).count == contract.figures.count)
            }
        }

        @Test(
            "Each contract's sample in Minikube is ready with the contract's figures",
            arguments: ContractApp.allCases
        )
        func minikube(_ contract: ContractApp) async throws {
            let app = try await Samples.apply("\(contract.rawValue).yaml")
            try await app.waitUntilReady(within: .seconds(150))
            #expect(app.name == contract.name)
            for figures in contract.figures {
                let isDoor = figures.component == contract.figures.last?.component
                let type = isDoor ? "NodePort" : "ClusterIP"
                let deployment = try await self.expect(figures, of: app, policy: "Never", type: type)
                let cpu = deployment.at("spec.template.spec.containers[0].resources.requests.cpu")
                let wanted = contract == .groq ? "200m" : figures.component == "frontend" ? "100m" : "250m"
                #expect(cpu == .string(wanted))
                #expect(deployment.at("status.readyReplicas") == 1)
                self.expectUser(of: app, figures.component)
            }
            try self.expectConfig(contract, of: app, mode: "development")
            #expect(app.children(.podDisruptionBudgets).isEmpty)
        }

        /// Compares what the API server itself says, and not what the watch has heard.
        private func expect(
            _ figures: ContractFigures,
            of app: AppUnderTest,
            policy: String,
            type: String
        ) async throws -> JSONValue {
            let kubectl = app.namespace.kubectl
            let name = "\(app.name)-\(figures.component)"
            let deployment = try await kubectl.json("get", "deployment", name, "-n", app.namespace.name)
            let container = "spec.template.spec.containers[0]"
            let expected =
                figures.figures + ContractFigures.everywhere + [
                    ("imagePullPolicy", .string(policy)), ("ports[0].containerPort", JSONValue(figures.port)),
                    ("/spec.selector.matchLabels", ["app": .string(name)]),
                ]
            for figure in expected {
                let isTop = figure.path.hasPrefix("/")
                let path = isTop ? String(figure.path.dropFirst()) : "\(container).\(figure.path)"
                #expect(deployment.at(path) == figure.value, "\(name): \(path)")
            }
            #expect(self.variables(of: deployment, app) == figures.variables, "\(name)")

            let service = try await kubectl.json("get", "service", name, "-n", app.namespace.name)
            #expect(service.at("spec.ports[0].port") == JSONValue(figures.port))
            #expect(service.at("spec.type") == .string(type), "\(name)")
            #expect(service.at("spec.selector") == ["app": .string(name)])
            return deployment
        }

        /// The variables with where they come from; what does not come from the app's Secret or ConfigMap says so.
        private func variables(of deployment: JSONValue, _ app: AppUnderTest) -> [String: String] {
            var variables: [String: String] = [:]
            for variable in deployment.at("spec.template.spec.containers[0].env")?.array ?? [] {
                let source = variable["valueFrom"]
                let text =
                    switch (source?["secretKeyRef"], source?["configMapKeyRef"]) {
                    case (let reference?, nil) where reference["name"]?.string == "\(app.name)-secrets":
                        "secret \(reference["key"]?.string ?? "")"
                    case (nil, let reference?) where reference["name"]?.string == "\(app.name)-config":
                        "config \(reference["key"]?.string ?? "")"
                    default: variable.text()
                    }
                variables[variable["name"]?.string ?? ""] = text
            }
            return variables
        }

        private func expectUser(of app: AppUnderTest, _ component: String) {
            for pod in app.pods(component).filter({ !$0.isGoing }) {
                #expect(pod.isTrue("Ready"), "\(pod.name)")
                #expect(pod.at("status.containerStatuses[0].restartCount") == 0, "\(pod.name)")
            }
        }

        private func expectConfig(_ contract: ContractApp, of app: AppUnderTest, mode: String) throws {
            // Contract fastapi has no key of its own: its ConfigMap is there and empty.
            let data = try #require(app.namespace.object(.configMaps, "\(app.name)-config"))["data"] ?? [:]
            for (key, value) in ContractFigures.config[contract.rawValue] ?? [:] {
                // The sample of contract openai sets its log level.
                if contract == .openai, key == "LOG_LEVEL", mode == "development" { continue }
                #expect(data[key] == value, "\(key)")
            }
            switch contract {
            case .cohere: #expect(data["ENVIRONMENT"] == .string(mode))
            case .taskflow: #expect(data["NODE_ENV"] == .string(mode))
            case .openai, .groq, .fastapi: break
            }
            let secret = try #require(app.namespace.object(.secrets, "\(app.name)-secrets")?["data"]?.object)
            let wanted = contract.figures.flatMap(\.variables.values).filter { $0.hasPrefix("secret ") }
            #expect(Set(secret.map { "secret \($0.key)" }) == Set(wanted))
        }
    }
}
