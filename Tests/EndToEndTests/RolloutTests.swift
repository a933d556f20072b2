import JSON
import Testing

extension EndToEnd {
    /// What rolls the pods, and what does not.
    @Suite(.together)
    struct RolloutTests {
        @Test("A new version rolls each component once, and the app stays available meanwhile")
        func version() async throws {
            try await TestNamespace.with("version") { namespace in
                let app = try await namespace.run(Manifest.taskflow())
                try await app.waitUntilReady()
                let (before, revision) = (self.replicaSets(of: app), app.object.revision)
                let generation = try await app.change(["version": "1.1.0"])
                try await app.waitUntilReady(generation: generation)
                for component in ["backend", "frontend"] {
                    #expect(self.replicaSets(of: app, component).subtracting(before).count == 1, "\(component)")
                    let pods = app.pods(component).filter { !$0.isGoing }
                    #expect(pods.map { $0.at("spec.containers[0].image") } == [.string("taskflow-\(component):1.1.0")])
                }
                let statements = app.history.filter { $0.revision > revision }
                #expect(statements.allSatisfy { $0.object.isTrue("Available") }, "Available stays True")
                #expect(
                    statements.contains { $0.object.condition("Ready")?["reason"] == "RolloutInProgress" },
                    "Ready says that a rollout is in progress"
                )
                #expect(!statements.contains { $0.object.isTrue("Degraded") }, "a good rollout is not Degraded")
            }
        }

        @Test("A changed source Secret rolls the backend once and nothing else")
        func source() async throws {
            try await TestNamespace.with("source") { namespace in
                let app = try await namespace.run(Manifest.taskflow())
                try await app.waitUntilReady()
                let before = self.replicaSets(of: app)
                let signingKey = namespace.object(.secrets, "taskflow-secrets")?.at("data.BETTER_AUTH_SECRET")
                try await namespace.apply(
                    Manifest.secret(
                        Credentials.secretName,
                        Credentials.taskflow.merging(["OPENAI_API_KEY": "canary-rotated"]) { $1 }
                    )
                )
                try await eventually("the backend has a new ReplicaSet") {
                    !self.replicaSets(of: app, "backend").subtracting(before).isEmpty
                }
                try await app.waitUntilReady()
                let data = namespace.object(.secrets, "taskflow-secrets")?["data"]
                #expect(data?["OPENAI_API_KEY"] == "Y2FuYXJ5LXJvdGF0ZWQ=")
                #expect(data?["BETTER_AUTH_SECRET"] == signingKey)
                try await self.settle(app)
                #expect(self.replicaSets(of: app, "backend").subtracting(before).count == 1)
                #expect(self.replicaSets(of: app, "frontend").subtracting(before).count == 1, "the one of settle()")
            }
        }

        @Test("A source Secret whose labels alone change rolls nothing")
        func metadata() async throws {
            try await TestNamespace.with("metadata") { namespace in
                let app = try await namespace.run(Manifest.taskflow())
                try await app.waitUntilReady()
                let before = self.replicaSets(of: app, "backend")
                try await namespace.kubectl(
                    "label", "secret", Credentials.secretName, "-n", namespace.name, "example.com/team=mine"
                )
                try await self.settle(app)
                #expect(self.replicaSets(of: app, "backend") == before)
            }
        }

        @Test("A cold start writes each child once")
        func coldStart() async throws {
            try await TestNamespace.with("cold") { namespace in
                let mark = try namespace.stage.audit.mark()
                let app = try await namespace.run(Manifest.taskflow("taskflow", ["environment": "Production"]))
                try await app.waitUntilReady()
                let writes = try namespace.stage.audit.requests(since: mark)
                    .filter { $0.namespace == namespace.name && $0.isWrite && $0.resource != "events" }
                let statusWrites = writes.filter { $0.subresource == "status" }
                print("a cold start: \(statusWrites.count) status writes, \(writes.count - statusWrites.count) of children")
                for child in Child.objects(isProduction: true) {
                    let resource = child.kind.rawValue.split(separator: ".").first.map(String.init)
                    // A POST has no name in its address, and in the log.
                    let kind = writes.filter { $0.resource == resource && $0.subresource == nil }
                    let count = Child.objects(isProduction: true).count { $0.kind == child.kind }
                    #expect(kind.count == count, "\(child.kind.rawValue): \(kind)")
                }
            }
        }

        /// Has the operator do something that comes after all else that it had to do: a rollout of the frontend.
        private func settle(_ app: AppUnderTest) async throws {
            let before = self.replicaSets(of: app, "frontend")
            let generation = try await app.change(["frontend": ["env": ["SETTLED": "yes"]]])
            try await app.waitUntilReady(generation: generation)
            #expect(self.replicaSets(of: app, "frontend").subtracting(before).count == 1)
        }

        private func replicaSets(of app: AppUnderTest, _ component: String? = nil) -> Set<String> {
            // All that ever were, also those that are gone again.
            let all = app.namespace.watch.histories(.replicaSets, app.namespace.name).compactMap(\.last?.object)
            return Set(
                all.filter { component == nil || $0.at("metadata.labels.app")?.string == "\(app.name)-\(component ?? "")" }
                    .map(\.uid)
            )
        }
    }
}
