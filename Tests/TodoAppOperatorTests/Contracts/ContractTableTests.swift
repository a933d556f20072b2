import JSON
import Testing
import TodoAppAPI
import TodoAppOperator

/// The table of the five contracts, stated once more and straight from the seeds, against what the children hold.
struct ContractTableTests {
    /// A place in a Deployment's container, unless the path starts at the top, and what must stand there.
    typealias Figure = (path: String, value: JSONValue)

    private static let podSecurity = "/spec.template.spec.securityContext"
    private static let dockerHealthCheck: [Figure] = [
        ("livenessProbe.periodSeconds", 30),
        ("livenessProbe.timeoutSeconds", 3),
        ("livenessProbe.failureThreshold", 3),
        ("readinessProbe.periodSeconds", 30),
        ("readinessProbe.timeoutSeconds", 3),
        ("readinessProbe.failureThreshold", 3),
        ("startupProbe.periodSeconds", 5),
        ("startupProbe.failureThreshold", 12),
    ]

    @Test("openai holds the figures of seed 000", arguments: AppEnvironment.allCases)
    func openai(environment: AppEnvironment) throws {
        let figures: [Figure] =
            Self.dockerHealthCheck + [
                ("image", environment == .minikube ? "todo-backend:1.0.0" : "todo-backend:v1.0.0"),
                ("ports[0].containerPort", 8000),
                ("\(Self.podSecurity).runAsNonRoot", true),
                ("\(Self.podSecurity).runAsUser", 1000),
                ("livenessProbe.httpGet.path", "/health/live"),
                ("livenessProbe.httpGet.port", 8000),
                ("readinessProbe.httpGet.path", "/health/ready"),
                ("startupProbe.httpGet.path", "/health/live"),
                ("resources.requests.cpu", "250m"),
                ("resources.requests.memory", "256Mi"),
                ("resources.limits.cpu", "500m"),
                ("resources.limits.memory", "512Mi"),
            ]
        let children = Sample.openai.app(in: environment).sampleChildren
        expect(figures, in: children.manifest("Deployment", "openai-backend"))
        #expect(
            children.variables(of: "openai-backend")
                == ["DATABASE_URL", "OPENAI_API_KEY", "BETTER_AUTH_SECRET", "PORT", "LOG_LEVEL", "WORKERS"]
        )
        #expect(
            children.manifest("ConfigMap", "openai-config").at("data")
                == ["PORT": "8000", "LOG_LEVEL": "info", "WORKERS": "1"]
        )
    }

    @Test("groq holds the figures of seed 001", arguments: AppEnvironment.allCases)
    func groq(environment: AppEnvironment) throws {
        let figures: [Figure] =
            Self.dockerHealthCheck + [
                ("image", "todo-backend:1.0.0"),
                ("ports[0].containerPort", 8001),
                ("\(Self.podSecurity).runAsNonRoot", true),
                ("\(Self.podSecurity).runAsUser", 1001),
                ("\(Self.podSecurity).runAsGroup", 1001),
                ("securityContext.capabilities.drop", ["ALL"]),
                ("livenessProbe.httpGet.path", "/health"),
                ("livenessProbe.httpGet.port", 8001),
                ("readinessProbe.httpGet.path", "/ready"),
                ("startupProbe.httpGet.path", "/health"),
                ("resources.requests.cpu", "200m"),
                ("resources.requests.memory", "256Mi"),
                ("resources.limits.cpu", "1"),
                ("resources.limits.memory", "1Gi"),
                ("/spec.template.spec.terminationGracePeriodSeconds", 30),
            ]
        let children = Sample.groq.app(in: environment).sampleChildren
        let deployment = children.manifest("Deployment", "groq-backend")
        expect(figures, in: deployment)
        #expect(deployment.at("spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem") == nil)
        #expect(children.manifest("Service", "groq-backend").at("spec.ports[0].port") == 8001)

        let config = try #require(children.manifest("ConfigMap", "groq-config").at("data")?.object)
        let expected: [String: String] = [
            "LLM_PROVIDER": "GROQ", "JWT_ALGORITHM": "HS256", "JWT_EXPIRATION_DAYS": "7",
            "GROQ_BASE_URL": "https://api.groq.com", "GROQ_MODEL": "openai/gpt-oss-20b",
            "AGENT_NAME": "TodoAssistant", "MAX_TOKENS": "2000", "TEMPERATURE": "0.7", "LOG_LEVEL": "INFO",
        ]
        for (key, value) in expected {
            #expect(config[key] == .string(value), "\(key)")
        }
        #expect(config["FRONTEND_URL"] != nil)
        #expect(config["AGENT_INSTRUCTIONS"] == nil)
        let variables = children.variables(of: "groq-backend")
        #expect(variables.starts(with: ["DATABASE_URL", "BETTER_AUTH_SECRET", "GROQ_API_KEY"]))
        #expect(variables.count == 13)
    }

    @Test("taskflow's backend holds the figures of seed 002", arguments: AppEnvironment.allCases)
    func taskflowBackend(environment: AppEnvironment) {
        let figures: [Figure] =
            Self.dockerHealthCheck + [
                ("image", "taskflow-backend:1.0.0"),
                ("imagePullPolicy", environment == .minikube ? "Never" : "IfNotPresent"),
                ("ports[0].containerPort", 8000),
                ("\(Self.podSecurity).runAsNonRoot", true),
                ("\(Self.podSecurity).runAsUser", 1000),
                ("livenessProbe.httpGet.path", "/health"),
                ("readinessProbe.httpGet.path", "/health"),
                ("resources.requests.cpu", "250m"),
                ("resources.requests.memory", "256Mi"),
                ("resources.limits.cpu", "500m"),
                ("resources.limits.memory", "512Mi"),
                ("/spec.template.spec.terminationGracePeriodSeconds", 30),
            ]
        let children = Sample.taskflow.app(in: environment).sampleChildren
        expect(figures, in: children.manifest("Deployment", "taskflow-backend"))
        #expect(
            children.variables(of: "taskflow-backend")
                == ["DATABASE_URL", "BETTER_AUTH_SECRET", "OPENAI_API_KEY", "FRONTEND_URL"]
        )
    }

    @Test("taskflow's frontend holds the figures of seed 002", arguments: AppEnvironment.allCases)
    func taskflowFrontend(environment: AppEnvironment) {
        let figures: [Figure] =
            Self.dockerHealthCheck + [
                ("image", "taskflow-frontend:1.0.0"),
                ("imagePullPolicy", environment == .minikube ? "Never" : "IfNotPresent"),
                ("ports[0].containerPort", 3000),
                ("\(Self.podSecurity).runAsNonRoot", true),
                ("\(Self.podSecurity).runAsUser", 1001),
                ("livenessProbe.tcpSocket.port", 3000),
                ("readinessProbe.httpGet.path", "/"),
                ("readinessProbe.httpGet.port", 3000),
                ("startupProbe.tcpSocket.port", 3000),
                ("resources.requests.cpu", "100m"),
                ("resources.requests.memory", "128Mi"),
                ("resources.limits.cpu", "250m"),
                ("resources.limits.memory", "256Mi"),
                ("/spec.template.spec.terminationGracePeriodSeconds", 30),
            ]
        let children = Sample.taskflow.app(in: environment).sampleChildren
        expect(figures, in: children.manifest("Deployment", "taskflow-frontend"))
        #expect(children.variables(of: "taskflow-frontend") == ["BACKEND_URL", "NODE_ENV"])
        let config = children.manifest("ConfigMap", "taskflow-config")
        #expect(config.at("data.NODE_ENV") == (environment == .minikube ? "development" : "production"))
    }

    @Test("fastapi holds the figures of seed 003 and what its spec says", arguments: AppEnvironment.allCases)
    func fastapi(environment: AppEnvironment) {
        let figures: [Figure] =
            Self.dockerHealthCheck + [
                ("image", "registry.example.com/team/api:2.0.0"),
                ("ports[0].containerPort", 8000),
                ("\(Self.podSecurity).runAsNonRoot", true),
                ("\(Self.podSecurity).runAsUser", 1000),
                ("livenessProbe.httpGet.path", "/health"),
                ("readinessProbe.httpGet.path", "/health"),
                ("resources.requests.cpu", "250m"),
                ("resources.limits.memory", "512Mi"),
            ]
        let children = Sample.fastapi.app(in: environment).sampleChildren
        expect(figures, in: children.manifest("Deployment", "fastapi-backend"))
        #expect(children.variables(of: "fastapi-backend") == ["DATABASE_URL", "API_TOKEN", "LOG_LEVEL"])
    }

    @Test("cohere's container is not forced off root, and what the seed leaves open is Kubernetes' default")
    func cohere() {
        let deployment = Sample.cohere.app(in: .minikube).sampleChildren.manifest("Deployment", "todo-backend")
        #expect(deployment.at("spec.template.spec.securityContext.runAsNonRoot") == nil)
        #expect(deployment.at("spec.template.spec.securityContext.runAsUser") == nil)
        let container = deployment.at("spec.template.spec.containers[0]") ?? .null
        #expect(container.at("livenessProbe.timeoutSeconds") == nil)
        #expect(container.at("readinessProbe.failureThreshold") == nil)
    }

    @Test("What only ContractMet judges by is as the seeds say")
    func judged() {
        let startup = ContractName.allCases.map { Contract.named($0).backend.startupAllowedSeconds.value }
        #expect(startup == [20, 40, 60, nil, 60])
        #expect(Contract.named(.groq).backend.startupExpectedSeconds.value == 30)
        #expect(Contract.named(.taskflow).frontend.startupAllowedSeconds.value == 15)
        let sizes = ContractName.allCases.map { Contract.named($0).backend.imageSizeLimit.value?.megabytes }
        #expect(sizes == [300, 200, 300, nil, 300])
        #expect(Contract.named(.openai).backend.imageSizeLimit.value?.excludesBase == true)
        #expect(Contract.named(.taskflow).frontend.imageSizeLimit.value?.megabytes == 200)
    }

    private func expect(_ figures: [Figure], in deployment: JSONValue) {
        for figure in figures {
            let isTop = figure.path.hasPrefix("/")
            let path = isTop ? String(figure.path.dropFirst()) : "spec.template.spec.containers[0].\(figure.path)"
            #expect(deployment.at(path) == figure.value, "\(path)")
        }
    }
}
