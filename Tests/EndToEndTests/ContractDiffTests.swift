import JSON
import Testing

extension EndToEnd {
    /// `render --diff` against the real API server.
    @Suite(.together)
    struct ContractDiffTests {
        @Test(
            "render --diff shows what would be created, changed and deleted, then nothing, and never a value of a Secret"
        )
        func diff() async throws {
            try await TestNamespace.with("diff", credentials: ContractApp.credentials) { namespace in
                let manifest = Manifest.podless("taskflow", ["environment": "Production"])
                let new = try await self.diff(manifest, in: namespace)
                #expect(new.exitCode == 1)
                #expect(new.output.hasPrefix("TodoApp \(namespace.name)/taskflow\n  + "))
                #expect(new.output.contains("  + Deployment taskflow-backend\n"))
                #expect(!new.output.contains("  ~ "))

                let app = try await namespace.run(manifest)
                try await app.waitUntil("is applied") { $0.isTrue("ResourcesSynced") }
                let same = try await self.diff(manifest, in: namespace)
                #expect(same.output == "")
                #expect(same.exitCode == 0, "\(same.errors)")

                var changed = manifest
                changed["spec"]?["version"] = "1.1.0"
                changed["spec"]?["frontend"] = nil
                changed["spec"]?["secrets"] = [
                    "from": [
                        [
                            "secretName": "credentials",
                            "keys": ["DATABASE_URL": "database-url", "OPENAI_API_KEY": "OPENAI_API_KEY"],
                        ]
                    ]
                ]
                let other = try await self.diff(changed, in: namespace)
                #expect(other.exitCode == 1)
                for line in [
                    "  ~ Secret taskflow-secrets\n",
                    "      ~ data.DATABASE_URL: its value is not shown\n",
                    "containers[backend].image: \"taskflow-backend:1.0.0\" → \"taskflow-backend:1.1.0\"\n",
                    "      ~ data.FRONTEND_URL: \"http://taskflow-frontend.\(namespace.name).svc:3000\" → ",
                    "      - data.BACKEND_URL: ",
                    "  - Deployment taskflow-frontend\n", "  - Service taskflow-frontend\n",
                    "  - PodDisruptionBudget taskflow-frontend\n",
                ] {
                    #expect(other.output.contains(line), "\(line)\nin\n\(other.output)")
                }
                #expect(!other.output.contains("  + "))

                var incomplete = manifest
                incomplete["spec"]?["secrets"] = ["from": [["secretName": "nowhere"]]]
                let withheld = try await self.diff(incomplete, in: namespace)
                #expect(withheld.exitCode == 1)
                #expect(withheld.output.contains("  ! ReferencedSecretNotFound: Secret nowhere does not exist\n"))

                for output in [new, same, other, withheld] {
                    #expect(!(output.output + output.errors).contains("canary"))
                }
                // Nothing of all that was written.
                #expect(namespace.object(.deployments, "taskflow-frontend") != nil)
            }
        }

        @Test("render --diff does not mix up wrong and wrongly called")
        func usage() async throws {
            try await TestNamespace.with("diff") { namespace in
                let manifest = Manifest.taskflow()
                let form = try await self.diff(manifest, in: namespace, "-o", "json")
                #expect(form.exitCode == 2)
                let context = try await self.diff(manifest, in: namespace, "--context", "nowhere")
                #expect(context.exitCode == 1)
                let nothing = try await self.diff(["kind": "TodoApp"], in: namespace)
                #expect(nothing.exitCode == 1)
                #expect(nothing.output == "")
            }
        }

        private func diff(_ manifest: JSONValue, in namespace: TestNamespace, _ more: String...) async throws
            -> ProgramRun
        {
            let cluster = namespace.stage.cluster
            return try await ProgramRun(
                cluster.program,
                ["render", "--diff", "-f", "-", "--namespace", namespace.name, "--kubeconfig", cluster.kubeconfig]
                    + more,
                input: manifest.text()
            )
        }
    }
}
