import JSON
import KubernetesAPI
import Testing
import TodoAppAPI

@testable import TodoAppOperator

/// A running app whose contract changes its port: nobody is ever sent to a port that nobody serves.
struct ContractChangeTests {
    private static let toGroq = Sample.taskflow.app(in: .minikube) { $0.contract = .groq }

    @Test("While the backend is withheld, the frontend stays wired to the port that is served")
    func withheld() {
        var inputs = Self.toGroq.sampleInputs
        inputs.withheld = [.backend]
        inputs.servedPorts = [.backend: 8000, .frontend: 3000]
        inputs.liveConfig = ["BACKEND_URL": "http://taskflow-backend.todo-app.svc:8000", "OLD": "kept"]
        let children = children(of: Self.toGroq, inputs: inputs)
        let config = children.manifest("ConfigMap", "taskflow-config")
        #expect(config.at("data.BACKEND_URL") == "http://taskflow-backend.todo-app.svc:8000")
        #expect(config.at("data.OLD") == "kept")
        #expect(children.manifest("Service", "taskflow-backend") == .null)
        #expect(children.manifest("Deployment", "taskflow-backend") == .null)
        #expect(children.manifest("Deployment", "taskflow-frontend") != .null)
    }

    @Test("Once the backend is applied, the frontend follows to its new port")
    func applied() {
        var inputs = Self.toGroq.sampleInputs
        inputs.servedPorts = [.backend: 8000, .frontend: 3000]
        let config = children(of: Self.toGroq, inputs: inputs).manifest("ConfigMap", "taskflow-config")
        #expect(config.at("data.BACKEND_URL") == "http://taskflow-backend.todo-app.svc:8001")
    }

    @Test("A withheld backend that has no Service yet has the port that it will have")
    func notThereYet() {
        var inputs = Self.toGroq.sampleInputs
        inputs.withheld = [.backend]
        let config = children(of: Self.toGroq, inputs: inputs).manifest("ConfigMap", "taskflow-config")
        #expect(config.at("data.BACKEND_URL") == "http://taskflow-backend.todo-app.svc:8001")
    }

    @Test("A Service whose contract gives a number finds pods of both ports by name while there are both")
    func bothPorts() {
        let app = Sample.cohere.app(in: .minikube)
        var inputs = app.sampleInputs
        func targetPort() -> JSONValue? {
            children(of: app, inputs: inputs).manifest("Service", "todo-backend").at("spec.ports[0].targetPort")
        }
        #expect(targetPort() == 8000)
        inputs.changingPorts = [.backend]
        #expect(targetPort() == "http")
    }

    @Test(
        "A port is changing from the moment it is wanted until only pods of the last revision are left",
        arguments: [
            (8001, JSONValue.string("http"), 1, 1, true),
            (8001, .integer(8001), 1, 1, true),
            (8000, .string("http"), 1, 2, true),
            (8000, .string("http"), 0, 1, true),
            (8000, .string("http"), 1, 1, false),
            (8000, .integer(8000), 1, 2, false),
        ]
    )
    func changing(livePort: Int, targetPort: JSONValue, updated: Int, replicas: Int, isChanging: Bool) throws {
        let app = Sample.cohere.app(in: .minikube)
        let component = try #require(app[.backend])
        let deployment: JSONValue = [
            "metadata": ["generation": 2],
            "spec": [
                "replicas": 1,
                "template": ["spec": ["containers": [["ports": [["containerPort": JSONValue(livePort)]]]]]],
            ],
            "status": [
                "observedGeneration": 2, "updatedReplicas": JSONValue(updated), "replicas": JSONValue(replicas),
            ],
        ]
        let service: JSONValue = ["spec": ["ports": [["port": 8000, "targetPort": targetPort]]]]
        #expect(isPortChanging(of: component, service: service, deployment: deployment) == isChanging)
        #expect(!isPortChanging(of: component, service: service, deployment: nil))
    }

    @Test("A Secret that lacks something does not bear the mark by which a restarted operator takes it for complete")
    func mark() {
        let app = Self.toGroq
        var inputs = app.sampleInputs
        inputs.secretSources = "0123456789abcdef"
        func mark() -> JSONValue? {
            children(of: app, inputs: inputs).manifest("Secret", "taskflow-secrets")
                .at("metadata.annotations[todo.taskflow.dev/secret-sources]")
        }
        #expect(mark() == "0123456789abcdef")
        inputs.withheld = [.backend]
        #expect(mark() == nil)
    }

    @Test("What pods of an older revision read stays beside what is wanted, which goes first, and rolls nothing")
    func kept() {
        let app = Self.toGroq
        var inputs = app.sampleInputs
        let before = children(of: app, inputs: inputs)
        inputs.keptSecret = ["OPENAI_API_KEY": Array("old".utf8), "GROQ_API_KEY": Array("old".utf8)]
        inputs.keptConfig = ["OLD": "kept", "LLM_PROVIDER": "old"]
        let after = children(of: app, inputs: inputs)
        let data = after.manifest("Secret", "taskflow-secrets")["data"]
        #expect(data?["OPENAI_API_KEY"] == "b2xk")
        #expect(data?["GROQ_API_KEY"] == before.manifest("Secret", "taskflow-secrets").at("data.GROQ_API_KEY"))
        let config = after.manifest("ConfigMap", "taskflow-config")["data"]
        #expect(config?["OLD"] == "kept")
        #expect(config?["LLM_PROVIDER"] == "GROQ")
        let name = "taskflow-backend"
        #expect(after.manifest("Deployment", name) == before.manifest("Deployment", name))
    }

    @Test("The user's spread constraints are about the component's own pods, unless they say which")
    func spread() {
        let zone: JSONValue = ["maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule"]
        var rack = zone
        rack["topologyKey"] = "rack"
        rack["labelSelector"] = ["matchLabels": ["team": "mine"]]
        let app = Sample.taskflow.app(in: .production) { $0.backend.topologySpreadConstraints = [zone, rack] }
        let constraints = app.sampleChildren.manifest("Deployment", "taskflow-backend")
            .at("spec.template.spec.topologySpreadConstraints")
        #expect(constraints?.at("[0].labelSelector") == ["matchLabels": ["app": "taskflow-backend"]])
        #expect(constraints?.at("[0].topologyKey") == "zone")
        #expect(constraints?[1] == rack)
    }
}
