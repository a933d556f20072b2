import JSON
import Testing

/// What all end-to-end tests share: the cluster, one operator, one watch of everything.
struct Stage: Sendable {
    let cluster: ClusterUnderTest
    let kubectl: Kubectl
    let watch: ClusterWatch
    let audit: AuditLog
    let operatorPod: OperatorPod
    /// The version of the policy API that is served: Kubernetes 1.20 has none but `policy/v1beta1`.
    let policyVersion: String
    let turn = Turn()
    let latencies = LatencyBook()

    @TaskLocal private static var bound: Stage?

    /// There is no stage outside the suite ``EndToEnd``.
    struct NotSet: Error {}

    /// The stage of this run.
    static var current: Stage {
        get throws {
            guard let stage = Self.bound else { throw NotSet() }
            return stage
        }
    }

    /// Sets the stage, runs the body on it, and clears it away.
    static func set(on cluster: ClusterUnderTest, _ body: @Sendable () async throws -> Void) async throws {
        let kubectl = Kubectl(kubeconfig: cluster.kubeconfig)
        try await kubectl("apply", "--validate=false", "-f", ClusterUnderTest.file("crds"))
        try await kubectl.waitUntilEstablished()
        try await kubectl("delete", "namespace", "--selector", TestNamespace.label, "--ignore-not-found")
        let versions = try await kubectl("api-versions").split(separator: "\n")
        let watch = try ClusterWatch(kubeconfig: cluster.kubeconfig)
        let stage = Stage(
            cluster: cluster,
            kubectl: kubectl,
            watch: watch,
            audit: AuditLog(path: cluster.auditLog, user: OperatorPod.user),
            operatorPod: OperatorPod(kubectl, watch),
            policyVersion: versions.contains("policy/v1") ? "policy/v1" : "policy/v1beta1"
        )
        defer { stage.watch.stop() }
        try await stage.operatorPod.install()
        try await stage.operatorPod.start()
        try await Self.$bound.withValue(stage, operation: body)
        stage.latencies.report()
        try await Canaries(stage).expectNowhere()
        try await kubectl("delete", "namespace", "--selector", TestNamespace.label, "--wait=false")
        try await stage.operatorPod.stop()
    }
}

/// Sets the stage once, around a whole suite.
struct StageTrait: SuiteTrait, TestScoping {
    @concurrent func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        guard let cluster = ClusterUnderTest.fromEnvironment else { throw Stage.NotSet() }
        try await Stage.set(on: cluster, function)
    }
}

/// Everything that is tested on a real node, with one operator.
///
/// The limit counts from the start of all: whoever runs alone waits for the others first.
@Suite(.enabled(if: ClusterUnderTest.isThere, ClusterUnderTest.whatIsMissing), StageTrait(), .timeLimit(.minutes(20)))
struct EndToEnd {}
