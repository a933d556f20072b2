internal import KubernetesAPI
internal import TodoAppAPI

/// What holds where a contract's own seed says nothing.
enum SilentSeed {
    /// The longest start that any seed allows (60 s, seed 001), asked for often enough that a quick start is seen.
    static let startup = Figure<StartupProbe>.silent(
        .asLiveness(ProbeTimings(periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 12)),
        "every 5 s, for the 60 s that seed 001 allows at most"
    )

    /// Seed 000's health check.
    static let timings = Figure.silent(
        ProbeTimings(periodSeconds: 30, timeoutSeconds: 3, failureThreshold: 3),
        "as contract openai"
    )

    static let noBound = Figure<[String: Quantity]>.silent([:], "no bound")

    static let minikubePullPolicy = Figure.silent(AppEnvironment.minikube.imagePullPolicy, "the environment's")
    static let productionPullPolicy = Figure.silent(AppEnvironment.production.imagePullPolicy, "the environment's")
    static let nodePort = Figure<Int?>.silent(nil, "the exposure decides")

    static let containerName = Figure.silent(ContainerName.component, "the component's name")
    static let targetPort = Figure.silent(TargetPort.name, "pods of both revisions are found when the port changes")
    static let stopSeconds = Figure.silent(30, "Kubernetes' default")
    static let noDuration = Figure<Int?>.silent(nil, "nothing to judge by")
    static let noImageSize = Figure<ImageSizeLimit?>.silent(nil, "nothing to judge by")
    static let writesToRoot = Figure.silent(false, "the user may want it read-only")
    static let droppedCapabilities = Figure.silent(["ALL"], "an HTTP server above port 1023 needs none")
    static let writablePaths = Figure<[String]>.silent([], "/tmp alone")
}
