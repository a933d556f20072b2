import JSON
import Testing

/// The operator as an admin installs it: folders of `config`, built by kustomize and applied by kubectl.
struct Installation: Sendable {
    /// Folders of the repository in the order in which they are applied.
    let folders: [String]
    /// Where the operator's Deployment is.
    let namespace: String
    let kubectl: Kubectl

    /// How everything is marked that an installation brings.
    static let label = "app.kubernetes.io/name=\(OperatorPod.name)"

    init(_ folders: String..., namespace: String = OperatorPod.namespace, kubectl: Kubectl) {
        self.folders = folders
        self.namespace = namespace
        self.kubectl = kubectl
    }

    /// What `kubectl kustomize FOLDER` prints.
    static func manifest(_ folder: String) async throws -> String {
        let kustomize = try await ProgramRun(ClusterUnderTest.file("hack/kustomize"), [folder])
        try #require(kustomize.exitCode == 0, "\(kustomize.errors)")
        return kustomize.output
    }

    /// Applies it, and waits until TodoApps can be made; the operator need not run yet.
    func apply() async throws {
        for folder in self.folders {
            // A kubectl before 1.25 does not know the CEL rules in the schema, and would refuse what it does not know.
            let manifest = try await Self.manifest(folder)
            try await self.kubectl("apply", "--validate=false", "-f", "-", input: manifest)
            try await self.kubectl.waitUntilEstablished()
        }
    }

    /// Waits until every replica is ready.
    func waitUntilReady() async throws {
        try await self.kubectl(
            "rollout",
            "status",
            "deployment/\(OperatorPod.name)",
            "-n",
            self.namespace,
            "--timeout=120s"
        )
    }

    /// Takes it away again, and waits until that is done.
    func delete() async throws {
        for folder in self.folders.reversed() {
            let manifest = try await Self.manifest(folder)
            try await self.kubectl(
                "delete",
                "--ignore-not-found",
                "--wait",
                "--timeout=180s",
                "-f",
                "-",
                input: manifest
            )
        }
    }

    /// Nothing in the whole cluster is left of an installation, the API among it.
    func expectNothingLeft() async throws {
        let kinds = "namespaces,clusterroles,clusterrolebindings,customresourcedefinitions"
        let left = try await self.kubectl("get", kinds, "-l", Self.label, "-o", "name")
        #expect(left.isEmpty, "\(left)")
        let groups = try await self.kubectl("api-versions").split(separator: "\n")
        #expect(!groups.contains { $0.hasPrefix("todo.taskflow.dev/") })
    }
}
