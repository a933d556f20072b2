import JSON
import Testing

extension Afterwards {
    /// The way out.
    struct UninstallTests {
        @Test("What config/minikube brought, its deletion takes away, and nothing is left over")
        func nothingIsLeft() async throws {
            let kubectl = Kubectl(kubeconfig: try Afterwards.cluster.kubeconfig)
            let kustomize = try await ProgramRun(ClusterUnderTest.file("hack/kustomize"), ["config/minikube"])
            try await kubectl("delete", "--wait", "--timeout=180s", "-f", "-", input: kustomize.output)
            let kinds = "namespaces,clusterroles,clusterrolebindings,customresourcedefinitions"
            let left = try await kubectl("get", kinds, "-l", "app.kubernetes.io/name=todoapp-operator", "-o", "name")
            #expect(left.isEmpty, "\(left)")
            let groups = try await kubectl("api-versions").split(separator: "\n")
            #expect(!groups.contains { $0.hasPrefix("todo.taskflow.dev/") })
        }
    }
}
