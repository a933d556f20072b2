internal import TodoAppAPI

extension Contract {
    /// Seed 000: a FastAPI backend with liveness and readiness apart.
    static let openai = Contract(name: .openai, backend: .openaiBackend, frontend: .taskflowFrontend)
}

private let rules = ContractRules.of(.openai).backend

extension ComponentContract {
    fileprivate static let openaiBackend = ComponentContract(
        imageName: .seed(0, "todo-backend"),
        exampleTags: .seed(0, ["local", "v1.0.0"]),
        containerName: SilentSeed.containerName,
        port: .seed(0, rules.port),
        targetPort: SilentSeed.targetPort,
        user: .seed(0, .nonRoot(uid: 1000, gid: nil)),
        liveness: ContractProbe(check: .seed(0, .http(path: "/health/live")), timings: .seed(0, healthCheck)),
        readiness: ContractProbe(check: .seed(0, .http(path: "/health/ready")), timings: .seed(0, healthCheck)),
        startup: SilentSeed.startup,
        startupExpectedSeconds: SilentSeed.noDuration,
        startupAllowedSeconds: .seed(0, 40),
        secretKeys: SecretKey.keys(rules.secretKeys, from: .seed(0)),
        configKeys: [
            ConfigKey("PORT", .fixed("8000"), from: .seed(0)),
            ConfigKey("LOG_LEVEL", .fixed("info"), from: .seed(0)),
            ConfigKey("WORKERS", .fixed("1"), from: .seed(0)),
        ],
        resources: .silent(rules.resources, "as taskflow's backend"),
        smallestRequests: SilentSeed.noBound,
        largestLimits: SilentSeed.noBound,
        minikubePullPolicy: SilentSeed.minikubePullPolicy,
        productionPullPolicy: SilentSeed.productionPullPolicy,
        minikubeNodePort: SilentSeed.nodePort,
        stopSeconds: SilentSeed.stopSeconds,
        imageSizeLimit: .seed(0, ImageSizeLimit(megabytes: 200, excludesBase: true)),
        writesToRootFilesystem: SilentSeed.writesToRoot,
        droppedCapabilities: SilentSeed.droppedCapabilities,
        writablePaths: SilentSeed.writablePaths,
        remarks: [.seed(0, "one worker in each pod: replicas do the scaling")]
    )

    /// The image's own health check, whose 40 s for the start are the startup probe's business.
    private static let healthCheck = ProbeTimings(periodSeconds: 30, timeoutSeconds: 3, failureThreshold: 3)
}
