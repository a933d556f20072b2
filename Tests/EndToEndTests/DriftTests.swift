import JSON
import Testing

extension EndToEnd {
    /// What others do to the children, and what becomes of it.
    @Suite(.together)
    struct DriftTests {
        @Test("Every child that somebody deletes comes back, the generated key with the same value")
        func deleted() async throws {
            try await self.withSettledApp("gone") { namespace, app in
                let key = namespace.object(.secrets, "taskflow-secrets")?.at("data.BETTER_AUTH_SECRET")
                for child in Child.objects(isProduction: true) {
                    let before = try #require(namespace.object(child.kind, child.name))
                    try await namespace.kubectl(
                        "delete",
                        child.kind.rawValue,
                        child.name,
                        "-n",
                        namespace.name,
                        "--wait=false"
                    )
                    try await eventually("\(child) comes back", within: .seconds(20)) {
                        namespace.object(child.kind, child.name).map { $0.uid != before.uid && !$0.isGoing } ?? false
                    }
                }
                try await app.waitUntil("is applied") { $0.isTrue("ResourcesSynced") }
                #expect(key != nil)
                #expect(namespace.object(.secrets, "taskflow-secrets")?.at("data.BETTER_AUTH_SECRET") == key)
            }
        }

        @Test("Every owned field that somebody edits is put back, the generated key to the same value")
        func edited() async throws {
            try await self.withSettledApp("edit") { namespace, _ in
                for child in Child.all(isProduction: true) {
                    let before = try #require(namespace.object(child.kind, child.name)?.at(child.path))
                    let patch: JSONValue = [["op": "replace", "path": .string(child.pointer), "value": child.spoilt]]
                    let edited = try await self.patch(child, in: namespace, patch)
                    #expect(edited.at(child.path) == child.spoilt)
                    try await eventually("\(child) \(child.path) is put back", within: .seconds(20)) {
                        namespace.object(child.kind, child.name).map {
                            $0.revision > edited.revision && $0.at(child.path) == before
                        } ?? false
                    }
                }
            }
        }

        @Test("Labels that somebody strips and owner references that somebody removes come back")
        func stripped() async throws {
            try await self.withSettledApp("strip") { namespace, app in
                for child in Child.objects(isProduction: true) {
                    let before = try #require(namespace.object(child.kind, child.name))
                    // Without label, owner and mark alike it is out of sight, and known by the API server's books alone.
                    let all: [String] = ["/metadata/labels", "/metadata/ownerReferences", "/metadata/annotations"]
                    let removals = all.map { ["op": "remove", "path": .string($0)] as JSONValue }
                    let bare = try await self.patch(child, in: namespace, .array(removals))
                    try await eventually("\(child) is found again", within: .seconds(20)) {
                        namespace.object(child.kind, child.name).map {
                            $0.revision > bare.revision && $0.at("metadata.labels") == before.at("metadata.labels")
                                && $0.at("metadata.ownerReferences") == before.at("metadata.ownerReferences")
                        } ?? false
                    }
                    for path in ["/metadata/labels", "/metadata/ownerReferences"] {
                        let key = path.split(separator: "/").joined(separator: ".")
                        let stripped = try await self.patch(
                            child,
                            in: namespace,
                            [["op": "remove", "path": .string(path)]]
                        )
                        #expect(stripped.at(key) == nil)
                        try await eventually("the \(key) of \(child) come back", within: .seconds(20)) {
                            namespace.object(child.kind, child.name).map {
                                $0.revision > stripped.revision && $0.at(key) == before.at(key)
                            } ?? false
                        }
                    }
                    #expect(namespace.object(child.kind, child.name)?.uid == before.uid)
                }
                try await app.waitUntil("is applied") { $0.isTrue("ResourcesSynced") }
            }
        }

        @Test(
            "Who changes a field is named once it is put back; who keeps at it is told of by DriftFight, and loses in the end"
        )
        func rival() async throws {
            try await self.withSettledApp("rival") { namespace, app in
                let child = try #require(
                    Child.objects(isProduction: true).first { $0.description == "services/taskflow-backend" }
                )
                let spoil: JSONValue = [["op": "replace", "path": "/spec/selector/app", "value": "nobody"]]
                func spoilOnce() async throws {
                    let edited = try await self.patch(child, in: namespace, spoil)
                    try await eventually("it is put back", within: .seconds(60)) {
                        namespace.object(child.kind, child.name).map {
                            $0.revision > edited.revision && $0.at("spec.selector.app") == "taskflow-backend"
                        } ?? false
                    }
                }
                try await spoilOnce()
                try await eventually("kubectl is named", within: .seconds(20)) {
                    namespace.objects(.events).contains {
                        let note = ($0["message"] ?? $0["note"])?.string ?? ""
                        return $0["reason"] == "DriftCorrected" && note.contains("which kubectl")
                    }
                }
                for _ in 0..<5 {
                    try await spoilOnce()
                }
                try await app.waitUntil("says who", within: .seconds(20)) { _ in
                    app.text("ResourcesSynced").hasPrefix("False/DriftFight: kubectl")
                }
                let began = ContinuousClock.now
                try await spoilOnce()
                print("a rival had its way for \(ContinuousClock.now - began)")
            }
        }

        @Test("What others add beside the operator's fields stays")
        func foreign() async throws {
            try await self.withSettledApp("foreign") { namespace, app in
                for child in Child.objects(isProduction: true) {
                    try await self.patch(
                        child,
                        in: namespace,
                        [["op": "add", "path": "/metadata/annotations/example.com~1note", "value": "mine"]]
                    )
                    try await self.patch(
                        child,
                        in: namespace,
                        [["op": "add", "path": "/metadata/labels/example.com~1team", "value": "mine"]]
                    )
                }
                // A change that has every object looked at again, and the Deployments written.
                let generation = try await app.change(["version": "1.1.0"])
                try await app.waitUntil("is applied", generation: generation) { $0.isTrue("ResourcesSynced") }
                try await namespace.catchUp()
                for child in Child.objects(isProduction: true) {
                    let object = namespace.object(child.kind, child.name)
                    #expect(object?.at("metadata.annotations[example.com/note]") == "mine", "\(child)")
                    #expect(object?.at("metadata.labels[example.com/team]") == "mine", "\(child)")
                }
                let image = namespace.object(.deployments, "taskflow-backend")?.at(
                    "spec.template.spec.containers[0].image"
                )
                #expect(image == "taskflow-backend:1.1.0")
            }
        }

        @Test("kubectl rollout restart runs to its end, and its annotation stays")
        func restart() async throws {
            try await TestNamespace.with("restart") { namespace in
                let app = try await namespace.run(Manifest.taskflow())
                try await app.waitUntilReady()
                let before = Set(app.pods("backend").map(\.uid))
                try await namespace.kubectl("rollout", "restart", "deployment/taskflow-backend", "-n", namespace.name)
                try await namespace.kubectl(
                    "rollout",
                    "status",
                    "deployment/taskflow-backend",
                    "-n",
                    namespace.name,
                    "--timeout=60s"
                )
                let generation = try await app.change(["backend": ["env": ["LOG_LEVEL": "debug"]]])
                try await app.waitUntilReady(generation: generation)
                let deployment = namespace.object(.deployments, "taskflow-backend")
                #expect(deployment?.at("spec.template.metadata.annotations[kubectl.kubernetes.io/restartedAt]") != nil)
                #expect(before.isDisjoint(with: app.pods("backend").filter { !$0.isGoing }.map(\.uid)))
            }
        }

        private func withSettledApp(
            _ purpose: String,
            _ body: (TestNamespace, AppUnderTest) async throws -> Void
        ) async throws {
            try await TestNamespace.with(purpose) { namespace in
                let app = try await namespace.run(Manifest.podless("taskflow", ["environment": "Production"]))
                try await app.waitUntil("is applied") { $0.isTrue("ResourcesSynced") }
                for child in Child.objects(isProduction: true) {
                    try await eventually("\(child) is heard of", within: .seconds(10)) {
                        namespace.object(child.kind, child.name) != nil
                    }
                }
                try await body(namespace, app)
            }
        }

        /// Writes again where the operator wrote at the same moment, as somebody at a keyboard would.
        @discardableResult
        private func patch(_ child: Child, in namespace: TestNamespace, _ patch: JSONValue) async throws -> JSONValue {
            for _ in 0..<5 {
                do {
                    return try await self.patchOnce(child, in: namespace, patch)
                } catch let failure as Kubectl.Failure {
                    guard failure.errors.contains("(Conflict)") else { throw failure }
                }
            }
            return try await self.patchOnce(child, in: namespace, patch)
        }

        private func patchOnce(
            _ child: Child,
            in namespace: TestNamespace,
            _ patch: JSONValue
        ) async throws -> JSONValue {
            try await namespace.kubectl.json(
                "patch",
                child.kind.rawValue,
                child.name,
                "-n",
                namespace.name,
                "--type",
                "json",
                "-p",
                patch.text()
            )
        }
    }
}
