import JSON
import Testing

extension EndToEnd {
    /// Clusters whose admission adds to what is written.
    @Suite(.together)
    struct WebhookTests {
        @Test("What a mutating webhook adds to every write stays, and is no drift")
        func additions() async throws {
            try await TestNamespace.with("webhook") { namespace in
                let options: JSONValue = ["options": [["name": "ndots", "value": "2"]]]
                let webhook = MutatingWebhook(
                    in: namespace,
                    adding: [
                        ["op": "add", "path": "/spec/template/spec/dnsConfig", "value": options],
                        ["op": "add", "path": "/spec/template/metadata/annotations/added", "value": "by a webhook"],
                    ]
                )
                try await webhook.whileAsked {
                    let app = try await namespace.run(Manifest.podless())
                    try await app.waitUntil("is applied", within: .seconds(60)) { $0.isTrue("ResourcesSynced") }
                    try await self.expectAdditions(in: namespace, options)
                    let mark = try namespace.stage.audit.mark()
                    let generation = try await app.change(["backend": ["env": ["LOG_LEVEL": "debug"]]])
                    try await app.waitUntil("is applied", within: .seconds(60), generation: generation) {
                        $0.isTrue("ResourcesSynced")
                    }
                    // Whoever fights writes every few seconds: these are for it to show.
                    try await Task.sleep(for: .seconds(8))
                    try await self.expectAdditions(in: namespace, options)
                    let writes = try namespace.stage.audit.requests(since: mark).filter {
                        $0.isWrite && $0.namespace == namespace.name && $0.resource == "deployments"
                    }
                    // One for the change; the webhook changes none that is not written.
                    #expect(writes.count <= 2, "\(writes)")
                    #expect(app.object.isTrue("ResourcesSynced"), "\(app.text("ResourcesSynced"))")
                }
            }
        }

        private func expectAdditions(in namespace: TestNamespace, _ options: JSONValue) async throws {
            for component in ["backend", "frontend"] {
                let deployment = try await namespace.kubectl.json(
                    "get",
                    "deployment",
                    "taskflow-\(component)",
                    "-n",
                    namespace.name
                )
                #expect(deployment.at("spec.template.spec.dnsConfig") == options)
                #expect(deployment.at("spec.template.metadata.annotations.added") == "by a webhook")
            }
        }
    }
}
