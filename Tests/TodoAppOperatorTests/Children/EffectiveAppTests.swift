import JSON
import Testing
import TodoAppAPI
import TodoAppOperator

/// What a user may decide in the contract's and the environment's place.
struct EffectiveAppTests {
    @Test("An image is made of registry, contract and version, unless it is named whole")
    func images() throws {
        let app = Sample.taskflow.app(in: .production) { spec in
            spec.registry = "registry.example.com/team"
            spec.frontend?.image = "other/web:3"
        }
        #expect(app[.backend]?.image == "registry.example.com/team/taskflow-backend:1.0.0")
        #expect(app[.frontend]?.image == "other/web:3")
        let local = Sample.taskflow.app(in: .minikube) { $0.version = nil }
        #expect(local[.backend]?.image == "taskflow-backend:latest")
    }

    @Test("In Minikube the front door has a node's port, and a component behind it only if its contract asks")
    func services() {
        #expect(Sample.taskflow.app(in: .minikube)[.frontend]?.serviceType == .nodePort)
        #expect(Sample.taskflow.app(in: .minikube)[.backend]?.serviceType == .clusterIP)
        let cohere = Sample.cohere.app(in: .minikube) { $0.frontend = ComponentSpec() }
        #expect(cohere[.backend]?.nodePort == 30080)
        #expect(cohere[.frontend]?.serviceType == .nodePort)
        #expect(cohere[.frontend]?.nodePort == nil)
        #expect(Sample.cohere.app(in: .production) { $0.exposure = .nodePort }[.backend]?.nodePort == nil)
        let chosen = Sample.cohere.app(in: .minikube) { $0.backend.service.nodePort = 30123 }
        #expect(chosen[.backend]?.nodePort == 30123)
    }

    @Test("A probe takes the user's timings and keeps the contract's question and other timings")
    func probes() {
        let app = Sample.taskflow.app(in: .production) { spec in
            spec.backend.probes.readiness.periodSeconds = 7
            spec.backend.probes.startup.failureThreshold = 60
        }
        let readiness = app[.backend]?.readiness
        #expect(readiness?.check == .http(path: "/health"))
        #expect(readiness?.timings.periodSeconds == 7)
        #expect(readiness?.timings.timeoutSeconds == 3)
        #expect(app[.backend]?.startup?.timings.failureThreshold == 60)
        #expect(app[.backend]?.startup?.timings.periodSeconds == 5)
        let cohere = Sample.cohere.app(in: .minikube) { $0.backend.probes.startup.failureThreshold = 30 }
        #expect(cohere[.backend]?.startup?.timings == ProbeTimings(failureThreshold: 30))
    }

    @Test("fastapi's port, path and user are the spec's where it names them")
    func fastapi() {
        let app = Sample.fastapi.app(in: .production) { spec in
            spec.backend.port = 9000
            spec.backend.healthPath = "/live"
            spec.backend.runAsUser = 2000
        }
        let container = app.sampleChildren.manifest("Deployment", "fastapi-backend").at("spec.template.spec") ?? .null
        #expect(container.at("securityContext.runAsUser") == 2000)
        #expect(container.at("containers[0].ports[0].containerPort") == 9000)
        #expect(container.at("containers[0].livenessProbe.httpGet") == ["path": "/live", "port": 9000])
        #expect(container.at("containers[0].startupProbe.httpGet.path") == "/live")
    }

    @Test("A contract's variable that the spec sets keeps its key, and every key can be set")
    func environment() {
        let app = Sample.cohere.app(in: .minikube) { spec in
            spec.backend.env = [EnvironmentVariable(name: "CORS_ORIGINS", value: "https://todo.example.com")]
        }
        let data = app.sampleChildren.manifest("ConfigMap", "todo-config").at("data")
        #expect(data == ["cors-origins": "https://todo.example.com", "ENVIRONMENT": "development"])
    }

    @Test("A read-only root file system leaves /tmp to write to")
    func readOnly() {
        let app = Sample.taskflow.app(in: .production) { $0.frontend?.readOnlyRootFilesystem = true }
        let pod = app.sampleChildren.manifest("Deployment", "taskflow-frontend").at("spec.template.spec") ?? .null
        #expect(pod.at("containers[0].securityContext.readOnlyRootFilesystem") == true)
        #expect(pod.at("containers[0].volumeMounts") == [["name": "tmp", "mountPath": "/tmp"]])
        #expect(pod.at("volumes") == [["name": "tmp", "emptyDir": [:]]])
    }

    @Test("The status shows what the defaults became")
    func status() {
        let status = Sample.groq.app(in: .minikube).effectiveStatus
        #expect(status.at("contract") == "groq")
        #expect(status.at("exposure") == "NodePort")
        #expect(status.at("networkPolicy") == false)
        #expect(Sample.groq.app(in: .production).effectiveStatus.at("networkPolicy") == true)
        #expect(
            status.at("backend") == [
                "image": "todo-backend:1.0.0",
                "imagePullPolicy": "Never",
                "replicas": 1,
                "port": 8001,
                "serviceType": "ClusterIP",
                "runAsUser": 1001,
                "resources": [
                    "requests": ["cpu": "200m", "memory": "256Mi"], "limits": ["cpu": "1", "memory": "1Gi"],
                ],
            ]
        )
        #expect(Sample.cohere.app(in: .minikube).effectiveStatus.at("backend.runAsUser") == nil)
    }
}
