internal import TodoAppAPI

extension Contract {
    /// Seed 003: any FastAPI backend; port, path, user and keys can be set in the spec.
    static let fastapi = Contract(name: .fastapi, backend: .fastapiBackend, frontend: .taskflowFrontend)
}

private let rules = ContractRules.of(.fastapi).backend

extension ComponentContract {
    fileprivate static let fastapiBackend = ComponentContract(
        imageName: .silent("fastapi-backend", "the spec must name the image"),
        exampleTags: .silent([], "any"),
        containerName: SilentSeed.containerName,
        port: .seed(3, rules.port),
        targetPort: SilentSeed.targetPort,
        user: .silent(.nonRoot(uid: 1000, gid: nil), "the seed wants a user that is not root and leaves the id open"),
        liveness: ContractProbe(check: .seed(3, .http(path: "/health")), timings: SilentSeed.timings),
        readiness: ContractProbe(check: .seed(3, .http(path: "/health")), timings: SilentSeed.timings),
        startup: SilentSeed.startup,
        startupExpectedSeconds: SilentSeed.noDuration,
        startupAllowedSeconds: .silent(60, "the longest that any seed allows (seed 001)"),
        secretKeys: [],
        configKeys: [],
        resources: .silent(rules.resources, "as taskflow's backend"),
        smallestRequests: SilentSeed.noBound,
        largestLimits: SilentSeed.noBound,
        minikubePullPolicy: SilentSeed.minikubePullPolicy,
        productionPullPolicy: SilentSeed.productionPullPolicy,
        minikubeNodePort: SilentSeed.nodePort,
        stopSeconds: SilentSeed.stopSeconds,
        imageSizeLimit: .seed(3, ImageSizeLimit(megabytes: 300, excludesBase: false)),
        writesToRootFilesystem: SilentSeed.writesToRoot,
        droppedCapabilities: SilentSeed.droppedCapabilities,
        writablePaths: SilentSeed.writablePaths,
        remarks: [
            .seed(3, "the health endpoint is optional: set backend.healthPath where it is another one"),
            .seed(3, "every key of backend.secretKeys is a variable of the same name"),
        ]
    )
}
