import JSON
import Testing

extension EndToEnd {
    /// The node's kubelet is stopped: nobody else can run meanwhile.
    @Suite(.alone)
    struct NodeLossTests {
        @Test("Pods on a node that does not answer are told as such, and as ready again when it does")
        func nodeNotReady() async throws {
            let failure = FailureCase(
                name: "NodeNotReady",
                reason: "NodeNotReady",
                spec: Manifest.taskflow()["spec"]?.merging(["frontend": .null]) ?? [:],
                spoil: { try await Self.kubelet("stop", $0) },
                sign: FailureCase.Sign(kind: .pods) { $0.condition("Ready")?["status"] == "False" },
                message: "node"
            )
            try await TestNamespace.with("node") { namespace in
                let result: Result<Void, any Error>
                do {
                    result = .success(try await FailureStory(failure, in: namespace).play())
                } catch {
                    result = .failure(error)
                }
                let app = namespace.app("todo")
                try await Self.kubelet("start", app)
                try result.get()
                try await app.waitUntilReady()
                #expect(app.text("Degraded").hasPrefix("False/"))
            }
        }

        private static func kubelet(_ command: String, _ app: AppUnderTest) async throws {
            let cluster = app.namespace.stage.cluster
            let run = try await ProgramRun(
                ClusterUnderTest.file("hack/cluster"),
                ["--name", cluster.name, command, "kubelet"]
            )
            #expect(run.exitCode == 0, "\(run.errors)")
        }
    }
}
