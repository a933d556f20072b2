import JSON

/// The table of the contracts once more, written down from the seeds and from nothing else: what the API server must hold.
///
/// Paths without a slash before them begin at the Deployment's one container.
struct ContractFigures: Sendable {
    typealias Figure = (path: String, value: JSONValue)

    /// The Deployment's and the Service's name ends in this.
    let component: String
    let port: Int
    let figures: [Figure]
    /// The variables of the container, each with the object that it comes from: `secret` or `config`, and its key there.
    let variables: [String: String]

    /// What every container of every contract has; the seeds that speak of it (001, 002) say the same.
    static let everywhere: [Figure] = [
        ("ports[0].protocol", "TCP"),
        ("securityContext.allowPrivilegeEscalation", false),
        ("securityContext.capabilities.drop", ["ALL"]),
        ("/spec.template.spec.terminationGracePeriodSeconds", 30),
        ("/spec.template.spec.automountServiceAccountToken", false),
        ("/spec.template.spec.enableServiceLinks", false),
        ("/spec.template.spec.securityContext.seccompProfile.type", "RuntimeDefault"),
    ]

    /// Seeds 000 and 001: `--interval=30s --timeout=3s --start-period=40s --retries=3`; the start, 60 s at most (001).
    private static let healthCheck: [Figure] = [
        ("livenessProbe.periodSeconds", 30),
        ("livenessProbe.timeoutSeconds", 3),
        ("livenessProbe.failureThreshold", 3),
        ("readinessProbe.periodSeconds", 30),
        ("readinessProbe.timeoutSeconds", 3),
        ("readinessProbe.failureThreshold", 3),
        ("startupProbe.periodSeconds", 5),
        ("startupProbe.failureThreshold", 12),
    ]

    private static func user(_ uid: Int64) -> [Figure] {
        [
            ("/spec.template.spec.securityContext.runAsNonRoot", true),
            ("/spec.template.spec.securityContext.runAsUser", .integer(uid)),
        ]
    }

    private static func paths(alive: String, ready: String, port: Int64) -> [Figure] {
        [
            ("livenessProbe.httpGet.path", .string(alive)), ("livenessProbe.httpGet.port", .integer(port)),
            ("readinessProbe.httpGet.path", .string(ready)), ("readinessProbe.httpGet.port", .integer(port)),
        ]
    }

    /// Without the requested CPU, which tests in Production make smaller, so that all of them fit on one node.
    private static func resources(request: String, limits cpu: String, _ memory: String) -> [Figure] {
        [
            ("resources.requests.memory", .string(request)),
            ("resources.limits.cpu", .string(cpu)), ("resources.limits.memory", .string(memory)),
        ]
    }

    /// Seed 000.
    static let openai = ContractFigures(
        component: "backend",
        port: 8000,
        figures: healthCheck + user(1000) + paths(alive: "/health/live", ready: "/health/ready", port: 8000)
            + resources(request: "256Mi", limits: "500m", "512Mi")
            + [("startupProbe.httpGet.path", "/health/live")],
        variables: [
            "DATABASE_URL": "secret DATABASE_URL", "OPENAI_API_KEY": "secret OPENAI_API_KEY",
            "BETTER_AUTH_SECRET": "secret BETTER_AUTH_SECRET",
            "PORT": "config PORT", "LOG_LEVEL": "config LOG_LEVEL", "WORKERS": "config WORKERS",
        ]
    )

    /// Seed 001.
    static let groq = ContractFigures(
        component: "backend",
        port: 8001,
        figures: healthCheck + user(1001) + paths(alive: "/health", ready: "/ready", port: 8001)
            + resources(request: "256Mi", limits: "1", "1Gi")
            + [
                ("/spec.template.spec.securityContext.runAsGroup", 1001),
                ("startupProbe.httpGet.path", "/health"),
            ],
        variables: [
            "DATABASE_URL": "secret DATABASE_URL", "BETTER_AUTH_SECRET": "secret BETTER_AUTH_SECRET",
            "GROQ_API_KEY": "secret GROQ_API_KEY",
            "FRONTEND_URL": "config FRONTEND_URL", "LLM_PROVIDER": "config LLM_PROVIDER",
            "JWT_ALGORITHM": "config JWT_ALGORITHM", "JWT_EXPIRATION_DAYS": "config JWT_EXPIRATION_DAYS",
            "GROQ_BASE_URL": "config GROQ_BASE_URL", "GROQ_MODEL": "config GROQ_MODEL",
            "AGENT_NAME": "config AGENT_NAME", "MAX_TOKENS": "config MAX_TOKENS",
            "TEMPERATURE": "config TEMPERATURE", "LOG_LEVEL": "config LOG_LEVEL",
        ]
    )

    /// Seed 002, the backend.
    static let taskflowBackend = ContractFigures(
        component: "backend",
        port: 8000,
        figures: healthCheck + user(1000) + paths(alive: "/health", ready: "/health", port: 8000)
            + resources(request: "256Mi", limits: "500m", "512Mi"),
        variables: [
            "DATABASE_URL": "secret DATABASE_URL", "BETTER_AUTH_SECRET": "secret BETTER_AUTH_SECRET",
            "OPENAI_API_KEY": "secret OPENAI_API_KEY", "FRONTEND_URL": "config FRONTEND_URL",
        ]
    )

    /// Seed 002, the frontend.
    static let taskflowFrontend = ContractFigures(
        component: "frontend",
        port: 3000,
        figures: healthCheck + user(1001) + resources(request: "128Mi", limits: "250m", "256Mi")
            + [
                ("livenessProbe.tcpSocket.port", 3000), ("startupProbe.tcpSocket.port", 3000),
                ("readinessProbe.httpGet.path", "/"), ("readinessProbe.httpGet.port", 3000),
            ],
        variables: ["BACKEND_URL": "config BACKEND_URL", "NODE_ENV": "config NODE_ENV"]
    )

    /// Seed 003; the two keys are the sample's.
    static let fastapi = ContractFigures(
        component: "backend",
        port: 8000,
        figures: healthCheck + user(1000) + paths(alive: "/health", ready: "/health", port: 8000)
            + resources(request: "256Mi", limits: "500m", "512Mi"),
        variables: ["DATABASE_URL": "secret DATABASE_URL", "API_TOKEN": "secret API_TOKEN"]
    )

    /// Seed 004.
    ///
    /// What it does not name, the API server fills in with Kubernetes' defaults: 1 s and 3 failures.
    static let cohere = ContractFigures(
        component: "backend",
        port: 8000,
        figures: paths(alive: "/health", ready: "/health", port: 8000)
            + resources(request: "256Mi", limits: "500m", "512Mi")
            + [
                ("livenessProbe.initialDelaySeconds", 10), ("livenessProbe.periodSeconds", 30),
                ("readinessProbe.initialDelaySeconds", 5), ("readinessProbe.periodSeconds", 10),
                ("livenessProbe.timeoutSeconds", 1), ("livenessProbe.failureThreshold", 3),
                ("name", "todo-backend"),
            ],
        variables: [
            "DATABASE_URL": "secret database-url", "COHERE_API_KEY": "secret cohere-api-key",
            "JWT_SECRET": "secret jwt-secret", "CORS_ORIGINS": "config cors-origins",
            "ENVIRONMENT": "config ENVIRONMENT",
        ]
    )

    /// The values of the ConfigMap that a contract fixes, beside what `environment` and exposure make of it.
    static let config: [String: [String: JSONValue]] = [
        "openai": ["PORT": "8000", "LOG_LEVEL": "info", "WORKERS": "1"],
        "groq": [
            "LLM_PROVIDER": "GROQ", "JWT_ALGORITHM": "HS256", "JWT_EXPIRATION_DAYS": "7",
            "GROQ_BASE_URL": "https://api.groq.com", "GROQ_MODEL": "openai/gpt-oss-20b",
            "AGENT_NAME": "TodoAssistant", "MAX_TOKENS": "2000", "TEMPERATURE": "0.7", "LOG_LEVEL": "INFO",
        ],
    ]
}
