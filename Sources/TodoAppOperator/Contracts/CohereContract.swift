internal import TodoAppAPI

extension Contract {
    /// Seed 004: a FastAPI backend for Minikube, with a Deployment and a Service written out.
    static let cohere = Contract(name: .cohere, backend: .cohereBackend, frontend: .taskflowFrontend)
}

private let rules = ContractRules.of(.cohere).backend

extension ComponentContract {
    fileprivate static let cohereBackend = ComponentContract(
        imageName: .seed(4, "todo-backend"),
        exampleTags: .seed(4, ["latest"]),
        containerName: .seed(4, .deployment),
        port: .seed(4, rules.port),
        targetPort: .seed(4, .number),
        user: .silent(.image, "the image names no user and runs as root"),
        liveness: ContractProbe(
            check: .seed(4, .http(path: "/health")),
            timings: .seed(4, ProbeTimings(initialDelaySeconds: 10, periodSeconds: 30))
        ),
        readiness: ContractProbe(
            check: .seed(4, .http(path: "/health")),
            timings: .seed(4, ProbeTimings(initialDelaySeconds: 5, periodSeconds: 10))
        ),
        startup: .silent(.none, "its Deployment has none; the liveness probe's delay stands for it"),
        startupExpectedSeconds: SilentSeed.noDuration,
        startupAllowedSeconds: SilentSeed.noDuration,
        secretKeys: SecretKey.keys(rules.secretKeys, from: .seed(4)),
        configKeys: [
            ConfigKey("cors-origins", variable: "CORS_ORIGINS", .frontDoorURL, from: .seed(4)),
            ConfigKey("ENVIRONMENT", .environmentName, from: .seed(4)),
        ],
        resources: .seed(4, rules.resources),
        smallestRequests: SilentSeed.noBound,
        largestLimits: SilentSeed.noBound,
        minikubePullPolicy: .seed(4, .never),
        productionPullPolicy: SilentSeed.productionPullPolicy,
        minikubeNodePort: .seed(4, rules.minikubeNodePort),
        stopSeconds: SilentSeed.stopSeconds,
        imageSizeLimit: SilentSeed.noImageSize,
        writesToRootFilesystem: SilentSeed.writesToRoot,
        droppedCapabilities: SilentSeed.droppedCapabilities,
        writablePaths: SilentSeed.writablePaths,
        remarks: [.seed(4, "a TodoApp called todo in namespace todo-app gives the names of the seed")]
    )
}
