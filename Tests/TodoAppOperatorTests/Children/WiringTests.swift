import JSON
import Testing
import TodoAppAPI
import TodoAppOperator

/// How the two tiers and the world find each other.
struct WiringTests {
    private static let gateway = GatewayReference(name: "public")

    @Test(
        "The front door's URL follows the exposure",
        arguments: [
            (ExposureSpec.clusterIP, "http://taskflow-frontend.todo-app.svc:3000"),
            (.nodePort, "http://192.0.2.10:31234"),
            (.ingress(IngressExposure(host: "todo.example.com")), "http://todo.example.com"),
            (.ingress(IngressExposure(host: "todo.example.com", tlsSecretName: "tls")), "https://todo.example.com"),
            (.httpRoute(HTTPRouteExposure(host: "todo.example.com", gateway: gateway)), "http://todo.example.com"),
            (
                .httpRoute(
                    HTTPRouteExposure(
                        host: "todo.example.com",
                        gateway: GatewayReference(name: "public", sectionName: "https")
                    )
                ),
                "https://todo.example.com"
            ),
            (.httpRoute(HTTPRouteExposure(gateway: gateway)), "http://taskflow-frontend.todo-app.svc:3000"),
        ]
    )
    func frontDoor(exposure: ExposureSpec, url: String) {
        let app = Sample.taskflow.app(in: .production) { $0.exposure = exposure }
        let wiring = Wiring(of: app, nodePort: NodePortAddress(host: "192.0.2.10", port: 31234))
        #expect(wiring.frontDoorURL == url)
        #expect(wiring.backendURL == "http://taskflow-backend.todo-app.svc:8000")
    }

    @Test("While no node's address is known the Service stands in, and an IPv6 address stands in brackets")
    func nodePort() {
        let app = Sample.cohere.app(in: .minikube)
        #expect(Wiring(of: app, nodePort: nil).frontDoorURL == "http://todo-backend.todo-app.svc:8000")
        let address = NodePortAddress(host: "2001:db8::1", port: 30080)
        #expect(Wiring(of: app, nodePort: address).frontDoorURL == "http://[2001:db8::1]:30080")
    }

    @Test("A new host rolls the backend, which reads it, and not the frontend, which does not")
    func revisions() {
        let one = templates(Sample.taskflow.app(in: .production))
        let two = templates(
            Sample.taskflow.app(in: .production) { $0.exposure = .ingress(IngressExposure(host: "todo.example.com")) }
        )
        #expect(one["taskflow-backend"] != two["taskflow-backend"])
        #expect(one["taskflow-frontend"] == two["taskflow-frontend"])
    }

    @Test("Two components may set the same variable to different values, and a contract's key keeps its name")
    func collision() {
        let app = Sample.groq.app(in: .production) { spec in
            spec.backend.env = [
                EnvironmentVariable(name: "LOG_LEVEL", value: "DEBUG"), EnvironmentVariable(name: "MODE", value: "one"),
            ]
            spec.frontend?.env = [
                EnvironmentVariable(name: "LOG_LEVEL", value: "warn"), EnvironmentVariable(name: "MODE", value: "two"),
            ]
        }
        let children = app.sampleChildren
        let data = children.manifest("ConfigMap", "groq-config")["data"]
        #expect(data?["LOG_LEVEL"] == "DEBUG")
        #expect(data?["frontend.LOG_LEVEL"] == "warn")
        #expect(data?["backend.MODE"] == "one")
        #expect(data?["frontend.MODE"] == "two")
        #expect(children.variables(of: "groq-frontend") == ["BACKEND_URL", "NODE_ENV", "LOG_LEVEL", "MODE"])
    }

    private func templates(_ app: EffectiveApp) -> [String: String] {
        var templates: [String: String] = [:]
        for child in app.sampleChildren where child.manifest["kind"] == "Deployment" {
            templates[child.name] = child.manifest.at("spec.template").map { yamlText([$0]) }
        }
        return templates
    }
}
