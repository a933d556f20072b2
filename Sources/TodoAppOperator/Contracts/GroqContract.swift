internal import TodoAppAPI

extension Contract {
    /// Seed 001: a FastAPI backend with a language model of Groq's, and the most that a seed says of resources.
    static let groq = Contract(name: .groq, backend: .groqBackend, frontend: .taskflowFrontend)
}

private let rules = ContractRules.of(.groq).backend

extension ComponentContract {
    fileprivate static let groqBackend = ComponentContract(
        imageName: .seed(1, "todo-backend"),
        exampleTags: .seed(1, ["latest", "v1.0.0", "sha-abc123"]),
        containerName: SilentSeed.containerName,
        port: .seed(1, rules.port),
        targetPort: SilentSeed.targetPort,
        user: .seed(1, .nonRoot(uid: 1001, gid: 1001)),
        liveness: ContractProbe(check: .seed(1, .http(path: "/health")), timings: .seed(1, healthCheck)),
        readiness: ContractProbe(check: .seed(1, .http(path: "/ready")), timings: .seed(1, healthCheck)),
        startup: .seed(
            1,
            .asLiveness(ProbeTimings(periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 12))
        ),
        startupExpectedSeconds: .seed(1, 30),
        startupAllowedSeconds: .seed(1, 60),
        secretKeys: SecretKey.keys(
            rules.secretKeys,
            databaseRequiresTLS: true,
            signingKeyLength: 32,
            needs: ["GROQ_API_KEY": .when(variable: "LLM_PROVIDER", is: "GROQ")],
            from: .seed(1)
        ),
        configKeys: [
            ConfigKey("FRONTEND_URL", .frontDoorURL, from: .seed(1)),
            ConfigKey("LLM_PROVIDER", .fixed("GROQ"), from: .seed(1)),
            ConfigKey("JWT_ALGORITHM", .fixed("HS256"), from: .seed(1)),
            ConfigKey("JWT_EXPIRATION_DAYS", .fixed("7"), from: .seed(1)),
            ConfigKey("GROQ_BASE_URL", .fixed("https://api.groq.com"), from: .seed(1)),
            ConfigKey("GROQ_MODEL", .fixed("openai/gpt-oss-20b"), from: .seed(1)),
            ConfigKey("AGENT_NAME", .fixed("TodoAssistant"), from: .seed(1)),
            ConfigKey("AGENT_INSTRUCTIONS", .none, from: .seed(1)),
            ConfigKey("MAX_TOKENS", .fixed("2000"), from: .seed(1)),
            ConfigKey("TEMPERATURE", .fixed("0.7"), from: .seed(1)),
            ConfigKey("LOG_LEVEL", .fixed("INFO"), from: .seed(1)),
        ],
        resources: .seed(1, rules.resources),
        smallestRequests: .seed(1, rules.smallestRequests),
        largestLimits: .seed(1, rules.largestLimits),
        minikubePullPolicy: SilentSeed.minikubePullPolicy,
        productionPullPolicy: SilentSeed.productionPullPolicy,
        minikubeNodePort: SilentSeed.nodePort,
        stopSeconds: .seed(1, 30),
        imageSizeLimit: .seed(1, ImageSizeLimit(megabytes: 300, excludesBase: false)),
        writesToRootFilesystem: .seed(1, rules.writesToRootFilesystem),
        droppedCapabilities: .seed(1, ["ALL"]),
        writablePaths: .seed(1, ["/app/logs"]),
        remarks: [
            .seed(1, "100 requests a second in each pod are expected, 500 are the most"),
            .seed(1, "50 requests at a time in each pod, and 5 to 20 connections to the database"),
            .seed(1, "300 MB of disk at least, 500 MB recommended"),
            .seed(1, "Kubernetes 1.24 or later"),
            .seed(1, "OPENROUTER is the other LLM_PROVIDER; the key that it wants is not named"),
        ]
    )

    /// The image's own health check, whose 40 s for the start are the startup probe's business.
    private static let healthCheck = ProbeTimings(periodSeconds: 30, timeoutSeconds: 3, failureThreshold: 3)
}
