import JSON
import Testing

extension EndToEnd {
    /// A running app whose contract changes: other port, paths, user and keys.
    @Suite(.serialized, .together)
    struct ContractChangeTests {
        /// What one request to the backend's Service came to.
        private struct Answer {
            var time: ContinuousClock.Instant
            var isGood: Bool
        }

        @Test(
            "A running app whose contract changes rolls over, and its Service is served all the while",
            arguments: [
                ("taskflow", "1.0.0", "groq", "v1.0.0", 8001), ("groq", "v1.0.0", "cohere", "v1.0.0", 8000),
            ]
        )
        func change(from old: String, _ oldVersion: String, to new: String, _ version: String, port: Int) async throws {
            try await TestNamespace.with("change", credentials: ContractApp.credentials) { namespace in
                let nodePort = new == "groq" ? 31_811 : 31_812
                let app = try await namespace.run(self.manifest(contract: old, version: oldVersion, nodePort: nodePort))
                try await app.waitUntilReady()
                let before = app.object.revision
                let url = "http://\(namespace.stage.cluster.nodeAddress):\(nodePort)/"

                // Through the node's port: what kube-proxy makes of the Service is what other pods meet as well.
                // Its rules follow a Service by up to a second, also a new one.
                try await Self.waitUntilServed(url)
                let polling = Task { await Self.poll(url) }
                let began = ContinuousClock.now
                let generation = try await app.change(["contract": .string(new), "version": .string(version)])
                try await app.waitUntilReady(generation: generation)
                let rollout = ContinuousClock.now - began
                try await Task.sleep(for: .milliseconds(500))
                polling.cancel()
                let answers = await polling.value

                let gap = Self.longestGap(answers)
                let failed = answers.count { !$0.isGood }
                print(
                    "\(old) to \(new): rolled over in \(rollout); \(answers.count) requests, \(failed) failed, "
                        + "longest gap \(gap); the frontend's old BACKEND_URL was unserved for \(self.unwired(app, before))"
                )
                let sets = namespace.watch.histories(.replicaSets, namespace.name).compactMap(\.last?.object)
                #expect(sets.count { $0.at("metadata.labels.app") == "app-backend" } == 2, "it rolls over once")
                #expect(answers.count > 20)
                #expect(gap < rollout, "nobody serves for longer than the rollout takes")
                try self.expect(app, port: port, contract: new)
            }
        }

        @Test("A contract that lacks a key changes nothing that runs, nor how the frontend finds the backend")
        func incomplete() async throws {
            var credentials = ContractApp.credentials
            credentials["GROQ_API_KEY"] = nil
            try await TestNamespace.with("lacks", credentials: credentials) { namespace in
                let app = try await namespace.run(
                    self.manifest(contract: "taskflow", version: "1.0.0", nodePort: 31_813)
                )
                try await app.waitUntilReady()
                let before = ["backend", "frontend"].map { self.running(app, $0) }
                let generation = try await app.change(["contract": "groq", "version": "v1.0.0"])
                try await app.waitUntil("lacks the key", generation: generation) {
                    $0.condition("ResourcesSynced")?["reason"] == "ReferencedKeyNotFound"
                }
                #expect(["backend", "frontend"].map { self.running(app, $0) } == before)
                #expect(namespace.object(.services, "app-backend")?.at("spec.ports[0].port") == 8000)
                #expect(self.backendURL(app) == "http://app-backend.\(namespace.name).svc:8000")
                #expect(app.object.isTrue("Available"))

                // A restarted operator must not take the Secret that it wrote for complete.
                try await namespace.kubectl(
                    "annotate",
                    "todoapp",
                    app.name,
                    "-n",
                    namespace.name,
                    "example.com/touched=yes"
                )
                try await namespace.apply(Manifest.secret(Credentials.secretName, ContractApp.credentials))
                try await app.waitUntilReady(generation: generation)
                try self.expect(app, port: 8001, contract: "groq")
            }
        }

        @Test("While a rollout to another contract does not get on, what runs survives a crash")
        func stuck() async throws {
            try await TestNamespace.with("stuck", credentials: ContractApp.credentials) { namespace in
                let app = try await namespace.run(
                    self.manifest(contract: "taskflow", version: "1.0.0", nodePort: 31_814)
                )
                try await self.crashWhileStuck(app, in: namespace)
            }
        }

        private func crashWhileStuck(_ app: AppUnderTest, in namespace: TestNamespace) async throws {
            try await app.waitUntilReady()
            let pod = app.pods("backend").filter { !$0.isGoing }.map(\.name).joined()
            // There is no image of this version.
            let generation = try await app.change(["contract": "groq", "version": "9.9.9"])
            try await app.waitUntil("rolls to an image that is not there", generation: generation) {
                $0.isTrue("Degraded")
            }
            #expect(self.secretKeys(namespace).isSuperset(of: ["OPENAI_API_KEY", "GROQ_API_KEY"]))
            // The container may be gone before kubectl hears how its command ended.
            _ = try? await namespace.kubectl("exec", pod, "-n", namespace.name, "--", "kill", "1")
            try await self.waitUntilRestarted(pod, in: namespace)
            // With an image that is there it rolls over, and what only the old pods read goes.
            let mended = try await app.change(["version": "v1.0.0"])
            try await app.waitUntilReady(generation: mended)
            try self.expect(app, port: 8001, contract: "groq")
            try await eventually("the key of the old contract goes", within: .seconds(20)) {
                !self.secretKeys(namespace).contains("OPENAI_API_KEY")
            }
        }

        private func secretKeys(_ namespace: TestNamespace) -> Set<String> {
            let data = namespace.object(.secrets, "app-secrets")?["data"]?.object ?? JSONObject()
            return Set(data.map(\.key))
        }

        private func waitUntilRestarted(_ pod: String, in namespace: TestNamespace) async throws {
            try await eventually("the old pod is back", within: .seconds(60)) {
                let live = namespace.object(.pods, pod) ?? .null
                let restarts = live.at("status.containerStatuses[0].restartCount")?.integer ?? 0
                return restarts > 0 && live.isTrue("Ready")
            }
        }

        // MARK: The app

        private func manifest(contract: String, version: String, nodePort: Int) -> JSONValue {
            let probes: JSONValue = ["startup": ["periodSeconds": 1], "readiness": ["periodSeconds": 1]]
            return Manifest.todoApp(
                "app",
                [
                    "contract": .string(contract), "environment": "Minikube", "version": .string(version),
                    "backend": [
                        "probes": ["readiness": ["periodSeconds": 1, "initialDelaySeconds": 1]],
                        "resources": ["requests": ["cpu": "100m", "memory": "128Mi"]],
                        "service": ["type": "NodePort", "nodePort": JSONValue(nodePort)],
                    ],
                    "frontend": [
                        "image": "taskflow-frontend:1.0.0", "probes": probes,
                        "resources": ["requests": ["cpu": "5m", "memory": "8Mi"]],
                    ],
                    "secrets": ["from": [["secretName": .string(Credentials.secretName)]]],
                ]
            )
        }

        private func backendURL(_ app: AppUnderTest) -> String? {
            app.namespace.object(.configMaps, "app-config")?.at("data.BACKEND_URL")?.string
        }

        private func running(_ app: AppUnderTest, _ component: String) -> [String] {
            let generation = app.namespace.object(.deployments, "app-\(component)")?.at("metadata.generation")?.integer
            return ["\(generation ?? 0)"] + app.pods(component).filter { !$0.isGoing }.map(\.uid)
        }

        /// Service, pods and frontend are those of the new contract.
        private func expect(_ app: AppUnderTest, port: Int, contract: String) throws {
            let service = try #require(app.namespace.object(.services, "app-backend"))
            #expect(service.at("spec.ports")?.array?.count == 1)
            #expect(service.at("spec.ports[0].port") == JSONValue(port))
            #expect(self.backendURL(app) == "http://app-backend.\(app.namespace.name).svc:\(port)")
            let pod = try #require(app.pods("backend").first { !$0.isGoing })
            #expect(pod.at("spec.containers[0].ports[0].containerPort") == JSONValue(port))
            let ready = contract == "groq" ? "/ready" : "/health"
            #expect(pod.at("spec.containers[0].readinessProbe.httpGet.path") == .string(ready))
            #expect(pod.at("spec.securityContext.runAsUser") == (contract == "groq" ? 1001 : nil))
            let variables = pod.at("spec.containers[0].env")?.array?.compactMap { $0["name"]?.string } ?? []
            #expect(variables.contains(contract == "groq" ? "GROQ_API_KEY" : "COHERE_API_KEY"))
            #expect(!variables.contains("OPENAI_API_KEY"))
        }

        // MARK: The gap

        private static func ask(_ url: String) async -> Answer {
            let arguments = ["--noproxy", "*", "-sf", "-o", "/dev/null", "--max-time", "1", url]
            let run = try? await ProgramRun("curl", arguments)
            return Answer(time: .now, isGood: run?.exitCode == 0)
        }

        private static func waitUntilServed(_ url: String) async throws {
            for _ in 0..<100 {
                if await Self.ask(url).isGood { return }
                try await Task.sleep(for: .milliseconds(100))
            }
            Issue.record("\(url) is not served, though the app is ready")
        }

        private static func poll(_ url: String) async -> [Answer] {
            var answers: [Answer] = []
            while !Task.isCancelled {
                answers.append(await Self.ask(url))
                try? await Task.sleep(for: .milliseconds(20))
            }
            return answers
        }

        /// The longest time from one good answer to the next, or to the end, with a failed one in between.
        private static func longestGap(_ answers: [Answer]) -> Duration {
            var longest = Duration.zero
            var lastGood = answers.first?.time
            var hasFailed = false
            for answer in answers {
                if hasFailed || !answer.isGood, let lastGood { longest = max(longest, answer.time - lastGood) }
                if answer.isGood { lastGood = answer.time }
                hasFailed = !answer.isGood
            }
            return longest
        }

        /// How long pods of the frontend had a BACKEND_URL whose port the Service no longer had.
        private func unwired(_ app: AppUnderTest, _ revision: Int) -> Duration {
            let namespace = app.namespace
            let switched = namespace.watch.history(.services, namespace.name, "app-backend").first {
                $0.revision > revision
            }
            let followed = namespace.watch.histories(.pods, namespace.name).compactMap { history in
                history.first { event in
                    event.revision > revision && event.object.isTrue("Ready")
                        && event.object.at("metadata.labels.app") == "app-frontend"
                }
            }
            guard let switched, let last = followed.max(by: { $0.time < $1.time }) else { return .zero }
            return last.time - switched.time
        }
    }
}
