internal import TodoAppAPI

extension Contract {
    /// Seed 002: a Next.js frontend and a FastAPI backend.
    static let taskflow = Contract(name: .taskflow, backend: .taskflowBackend, frontend: .taskflowFrontend)
}

private let backendRules = ContractRules.of(.taskflow).backend
private let frontendRules = ContractRules.of(.taskflow).frontend

extension ComponentContract {
    fileprivate static let taskflowBackend = ComponentContract(
        imageName: .seed(2, "taskflow-backend"),
        exampleTags: .seed(2, ["1.0.0", "1.2.3", "1.0.0-kubernetes", "latest"]),
        containerName: SilentSeed.containerName,
        port: .seed(2, backendRules.port),
        targetPort: SilentSeed.targetPort,
        user: .seed(2, .nonRoot(uid: 1000, gid: nil)),
        liveness: ContractProbe(check: .seed(2, .http(path: "/health")), timings: SilentSeed.timings),
        readiness: ContractProbe(check: .seed(2, .http(path: "/health")), timings: SilentSeed.timings),
        startup: SilentSeed.startup,
        startupExpectedSeconds: SilentSeed.noDuration,
        startupAllowedSeconds: .seed(2, 20),
        secretKeys: SecretKey.keys(backendRules.secretKeys, from: .seed(2)),
        configKeys: [ConfigKey("FRONTEND_URL", .frontDoorURL, from: .seed(2))],
        resources: .seed(2, backendRules.resources),
        smallestRequests: SilentSeed.noBound,
        largestLimits: SilentSeed.noBound,
        minikubePullPolicy: .seed(2, .never),
        productionPullPolicy: .seed(2, .ifNotPresent),
        minikubeNodePort: SilentSeed.nodePort,
        stopSeconds: .seed(2, 30),
        imageSizeLimit: .seed(2, ImageSizeLimit(megabytes: 300, excludesBase: false)),
        writesToRootFilesystem: .seed(2, backendRules.writesToRootFilesystem),
        droppedCapabilities: SilentSeed.droppedCapabilities,
        writablePaths: SilentSeed.writablePaths,
        remarks: [
            .seed(2, "pods start within 30 s"),
            .seed(2, "the tag latest is for local development and never for Production"),
        ]
    )

    /// The frontend of seed 002, which stands beside every contract that names none of its own.
    static let taskflowFrontend = ComponentContract(
        imageName: .seed(2, "taskflow-frontend"),
        exampleTags: .seed(2, ["1.0.0", "latest"]),
        containerName: SilentSeed.containerName,
        port: .seed(2, frontendRules.port),
        targetPort: SilentSeed.targetPort,
        user: .seed(2, .nonRoot(uid: 1001, gid: nil)),
        liveness: ContractProbe(
            check: .silent(.tcp, "only the backend has a health endpoint"),
            timings: SilentSeed.timings
        ),
        readiness: ContractProbe(
            check: .silent(.http(path: "/"), "the page that everybody asks for first"),
            timings: SilentSeed.timings
        ),
        startup: SilentSeed.startup,
        startupExpectedSeconds: SilentSeed.noDuration,
        startupAllowedSeconds: .seed(2, 15),
        secretKeys: [],
        configKeys: [
            ConfigKey("BACKEND_URL", .backendURL, from: .seed(2)),
            ConfigKey("NODE_ENV", .environmentName, from: .seed(2)),
        ],
        resources: .seed(2, frontendRules.resources),
        smallestRequests: SilentSeed.noBound,
        largestLimits: SilentSeed.noBound,
        minikubePullPolicy: .seed(2, .never),
        productionPullPolicy: .seed(2, .ifNotPresent),
        minikubeNodePort: SilentSeed.nodePort,
        stopSeconds: .seed(2, 30),
        imageSizeLimit: .seed(2, ImageSizeLimit(megabytes: 200, excludesBase: false)),
        writesToRootFilesystem: .seed(2, frontendRules.writesToRootFilesystem),
        droppedCapabilities: SilentSeed.droppedCapabilities,
        writablePaths: SilentSeed.writablePaths,
        remarks: [.seed(2, "Next.js in standalone mode may want a writable /tmp")]
    )
}
