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

        @Test("Ten edits of a source Secret in a row are two rollouts of the backend at most, and none of the frontend")
        func burst() async throws {
            try await TestNamespace.with("burst") { namespace in
                let app = try await namespace.run(Manifest.podless())
                try await app.waitUntil("is applied") { $0.isTrue("ResourcesSynced") }
                try await eventually("each component has its first ReplicaSet", within: .seconds(20)) {
                    self.replicaSets(of: app, "backend").count == 1 && self.replicaSets(of: app, "frontend").count == 1
                }
                let edits = (1...10).map { number -> JSONValue in
                    let values = Credentials.taskflow.merging(["OPENAI_API_KEY": "edit-\(number)"]) { $1 }
                    var secret = Manifest.secret(Credentials.secretName, values)
                    secret["metadata"]?["namespace"] = .string(namespace.name)
                    return secret
                }
                let began = ContinuousClock.now
                // One kubectl for all of them: ten would take longer than the burst may.
                let list: JSONValue = ["apiVersion": "v1", "kind": "List", "items": .array(edits)]
                try await namespace.kubectl("apply", "--validate=false", "-f", "-", input: list.text())
                let took = ContinuousClock.now - began
                // A busy machine takes longer than the second in which two rollouts are the most.
                let most = 2 + Int(took / .seconds(2))
                print("ten edits took \(took)")
                try await eventually("the Secret holds the last edit", within: .seconds(20)) {
                    namespace.object(.secrets, "taskflow-secrets")?.at("data.OPENAI_API_KEY") == "ZWRpdC0xMA=="
                }
                try await app.waitUntil("is applied") { $0.isTrue("ResourcesSynced") }
                try await self.settlePodless(app)
                #expect(self.replicaSets(of: app, "backend").count - 1 <= most)
                #expect(self.replicaSets(of: app, "frontend").count == 2, "the one of settlePodless()")
            }
        }

        @Test("A source Secret whose labels alone change rolls nothing")
        func metadata() async throws {
            try await TestNamespace.with("metadata") { namespace in
                let app = try await namespace.run(Manifest.taskflow())
                try await app.waitUntilReady()
                let before = self.replicaSets(of: app, "backend")
                try await namespace.kubectl(
                    "label",
                    "secret",
                    Credentials.secretName,
                    "-n",
                    namespace.name,
                    "example.com/team=mine"
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
                print(
                    "a cold start: \(statusWrites.count) status writes, \(writes.count - statusWrites.count) of children"
                )
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

        /// The same for an app whose pods find no node.
        private func settlePodless(_ app: AppUnderTest) async throws {
            let before = self.replicaSets(of: app, "frontend")
            try await app.change(["frontend": ["env": ["SETTLED": "yes"]]])
            try await eventually("the frontend has a new ReplicaSet", within: .seconds(20)) {
                !self.replicaSets(of: app, "frontend").subtracting(before).isEmpty
            }
        }

        private func replicaSets(of app: AppUnderTest, _ component: String? = nil) -> Set<String> {
            // All that ever were, also those that are gone again.
            let all = app.namespace.watch.histories(.replicaSets, app.namespace.name).compactMap(\.last?.object)
            return Set(
                all.filter {
                    component == nil || $0.at("metadata.labels.app")?.string == "\(app.name)-\(component ?? "")"
                }
                .map(\.uid)
            )
        }
    }
}
