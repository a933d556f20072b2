import JSON
import Testing

extension EndToEnd {
    /// What becomes of a change that fails, and of two components that change one after the other.
    @Suite(.together)
    struct RollbackTests {
        @Test(
            "A change that fails goes back, image and configuration, while the app serves; the next one is tried anew"
        )
        func rollback() async throws {
            try await TestNamespace.with("rollback") { namespace in
                let rollout: JSONValue = ["onFailure": "Rollback", "progressDeadlineSeconds": 30]
                let app = try await namespace.run(Manifest.taskflow("taskflow", ["rollout": rollout]))
                try await app.waitUntilReady()
                #expect(app.object.at("status.lastKnownGood.generation") == 1)
                let revision = app.object.revision
                try await app.change(["version": "9.9.9", "backend": ["env": ["LOG_LEVEL": "debug"]]])
                let began = ContinuousClock.now
                try await app.waitUntil("is back", within: .seconds(120)) { _ in
                    app.text("ResourcesSynced").hasPrefix("False/RolledBack")
                        && self.told("RollbackCompleted", in: namespace)
                }
                print("rolled back \(ContinuousClock.now - began) after the change, the deadline being 30 s")
                for component in ["backend", "frontend"] {
                    let template = namespace.object(.deployments, "taskflow-\(component)")?.at("spec.template.spec")
                    #expect(template?.at("containers[0].image") == .string("taskflow-\(component):1.0.0"))
                }
                #expect(namespace.object(.configMaps, "taskflow-config")?.at("data")?["backend.LOG_LEVEL"] == nil)
                let statements = app.history.filter { $0.revision > revision }
                #expect(statements.allSatisfy { $0.object.isTrue("Available") }, "it served all the time")
                let generation = try await app.change(["version": "1.1.0"])
                try await app.waitUntilReady(generation: generation)
                #expect(app.object.at("status.lastKnownGood.generation")?.integer == generation)
            }
        }

        @Test("With BackendFirst the frontend changes when every pod of the backend has")
        func backendFirst() async throws {
            try await TestNamespace.with("order") { namespace in
                let manifest = Manifest.taskflow("taskflow", ["rollout": ["order": "BackendFirst"]])
                let app = try await namespace.run(manifest)
                try await app.waitUntilReady()
                let generation = try await app.change(["version": "1.1.0"])
                try await app.waitUntilReady(generation: generation)
                func image(_ object: JSONValue) -> String? {
                    object.at("spec.template.spec.containers[0].image")?.string
                }
                let frontends = namespace.watch.history(.deployments, namespace.name, "taskflow-frontend")
                let change = try #require(frontends.first { image($0.object) == "taskflow-frontend:1.1.0" })
                let backends = namespace.watch.history(.deployments, namespace.name, "taskflow-backend")
                let backend = try #require(backends.object(at: change.revision))
                #expect(image(backend) == "taskflow-backend:1.1.0")
                for count in ["replicas", "updatedReplicas", "availableReplicas"] {
                    #expect(backend.at("status.\(count)") == backend.at("spec.replicas"), "\(count)")
                }
            }
        }

        private func told(_ reason: String, in namespace: TestNamespace) -> Bool {
            namespace.objects(.events).contains { $0["reason"]?.string == reason }
        }
    }
}
