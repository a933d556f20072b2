import JSON
import Testing

extension Afterwards {
    /// The installation for those who may grant nothing in the whole cluster.
    struct NamespacedInstallTests {
        private static let namespace = "todo-app"

        @Test("config/namespaced looks after its namespace with Roles alone, and after no other")
        func oneNamespace() async throws {
            let cluster = try Afterwards.cluster
            let kubectl = Kubectl(kubeconfig: cluster.kubeconfig)
            let audit = AuditLog(
                path: cluster.auditLog,
                user: "system:serviceaccount:\(Self.namespace):\(OperatorPod.name)"
            )
            let installation = Installation(
                "config/crd",
                "config/namespaced",
                namespace: Self.namespace,
                kubectl: kubectl
            )
            // The namespaces of the run go in their own time, this one among them: its slowest pod has 30 seconds.
            try await kubectl("delete", "namespace", "--selector", TestNamespace.label, "--ignore-not-found")
            try await kubectl.apply(Manifest.namespace(Self.namespace))
            try await installation.apply()
            try await installation.waitUntilReady()
            let wide = try await kubectl("get", "clusterroles,clusterrolebindings", "-o", "name")
            #expect(!wide.contains("todoapp-operator"), "\(wide)")

            try await kubectl("apply", "--validate=false", "-f", ClusterUnderTest.file("config/samples/taskflow.yaml"))
            var elsewhere = Manifest.podless("elsewhere")
            elsewhere["metadata"]?["namespace"] = "default"
            try await kubectl.apply(elsewhere)
            try await kubectl(
                "wait",
                "--for=condition=Ready",
                "--timeout=180s",
                "todoapp/taskflow",
                "-n",
                Self.namespace
            )
            let other = try await kubectl.json("get", "todoapp", "elsewhere", "-n", "default")
            #expect(other.at("status.conditions") == nil, "\(other)")

            let requests = try audit.requests()
            #expect(requests.count > 50)
            let outside = requests.filter { !$0.resource.isEmpty && $0.namespace != Self.namespace }
            #expect(Set(outside.map(\.resource)).isSubset(of: ["nodes"]), "\(outside)")
            let refused = Set(requests.filter(\.isForbidden).map(\.resource))
            #expect(refused.isSubset(of: ["nodes"]), "\(refused)")

            try await kubectl("delete", "todoapps", "--all", "--all-namespaces")
            try await installation.delete()
            let left = try await kubectl(
                "get",
                "deployments,roles,rolebindings,serviceaccounts,services",
                "-n",
                Self.namespace,
                "-l",
                Installation.label,
                "-o",
                "name"
            )
            #expect(left.isEmpty, "\(left)")
        }
    }
}
