import JSON
import Testing

extension EndToEnd {
    /// The app's own Secret over time: its signing key, its sources, its end.
    @Suite(.together)
    struct SecretLifeTests {
        @Test(
            "The signing key is made anew for each new value of the annotation, and stays when the Secret is retained"
        )
        func rotationAndRetention() async throws {
            try await TestNamespace.with("key-life") { namespace in
                let manifest = Manifest.podless("taskflow", ["secrets": ["deletionPolicy": "Retain"]])
                let app = try await namespace.run(manifest)
                try await app.waitUntil("is applied") { $0.isTrue("ResourcesSynced") }
                let first = try await self.key(in: namespace)
                try await self.rotate(app, "one")
                let second = try await self.key(in: namespace, otherThan: first)
                // The same word again is no new request.
                try await self.rotate(app, "one")
                try await app.delete()
                try await eventually("all but the Secret is gone", within: .seconds(60)) {
                    app.object == .null && app.children(.deployments).isEmpty && app.children(.configMaps).isEmpty
                }
                #expect(app.children(.secrets).map(\.name) == ["taskflow-secrets"])
                let uid = app.children(.secrets).first?.uid

                let again = try await namespace.run(Manifest.podless())
                try await again.waitUntil("is applied") { $0.isTrue("ResourcesSynced") }
                try await eventually("the Secret belongs to the new TodoApp", within: .seconds(20)) {
                    let owner = namespace.object(.secrets, "taskflow-secrets")?.at("metadata.ownerReferences[0].uid")
                    return owner?.string == again.object.uid
                }
                #expect(namespace.object(.secrets, "taskflow-secrets")?.uid == uid, "it is the same object")
                #expect(try await self.key(in: namespace) == second)
            }
        }

        @Test(
            "A source that loses a key or goes leaves the last good Secret as it is, and the status says what is missing"
        )
        func source() async throws {
            try await TestNamespace.with("source-life") { namespace in
                let app = try await namespace.run(Manifest.podless())
                try await app.waitUntil("is applied") { $0.isTrue("ResourcesSynced") }
                let good = try await eventually("there is a Secret") { namespace.object(.secrets, "taskflow-secrets") }
                func waitUntilTold(_ reason: String, _ word: String) async throws {
                    try await app.waitUntil("says \(reason)", within: .seconds(20)) { _ in
                        let text = app.text("ResourcesSynced")
                        return text.hasPrefix("False/\(reason)") && text.contains(word)
                    }
                    #expect(namespace.object(.secrets, "taskflow-secrets")?["data"] == good["data"])
                }
                let patch: JSONValue = ["data": ["OPENAI_API_KEY": nil]]
                try await namespace.kubectl.merge("secret", Credentials.secretName, in: namespace.name, patch)
                try await waitUntilTold("ReferencedKeyNotFound", "OPENAI_API_KEY")
                try await namespace.kubectl("delete", "secret", Credentials.secretName, "-n", namespace.name)
                try await waitUntilTold("ReferencedSecretNotFound", Credentials.secretName)
                let values = Credentials.taskflow.merging(["OPENAI_API_KEY": "back"]) { $1 }
                try await namespace.apply(Manifest.secret(Credentials.secretName, values))
                try await app.waitUntil("is applied", within: .seconds(20)) { $0.isTrue("ResourcesSynced") }
                try await eventually("the Secret follows", within: .seconds(20)) {
                    namespace.object(.secrets, "taskflow-secrets")?.at("data.OPENAI_API_KEY") == "YmFjaw=="
                }
            }
        }

        private func rotate(_ app: AppUnderTest, _ word: String) async throws {
            let annotations: JSONValue = ["todo.taskflow.dev/rotate-signing-key": .string(word)]
            let patch: JSONValue = ["metadata": ["annotations": annotations]]
            let kind = WatchedKind.todoApps.rawValue
            try await app.namespace.kubectl.merge(kind, app.name, in: app.namespace.name, patch)
        }

        private func key(in namespace: TestNamespace, otherThan old: String? = nil) async throws -> String {
            try await eventually("there is another signing key", within: .seconds(20)) {
                let secret = namespace.object(.secrets, "taskflow-secrets")
                return secret?.at("data.BETTER_AUTH_SECRET")?.string.flatMap { $0 == old ? nil : $0 }
            }
        }
    }
}
