import JSON
import Testing

extension Afterwards {
    /// The way out.
    struct UninstallTests {
        @Test("What config/minikube brought, its deletion takes away, and nothing is left over")
        func nothingIsLeft() async throws {
            let kubectl = Kubectl(kubeconfig: try Afterwards.cluster.kubeconfig)
            let installation = Installation("config/minikube", kubectl: kubectl)
            try await installation.delete()
            try await installation.expectNothingLeft()
        }
    }
}
