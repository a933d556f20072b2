import JSON
import Testing

extension EndToEnd {
    /// A value that breaks its contract never reaches a pod.
    @Suite(.together)
    struct ContractValueTests {
        /// What somebody does to the credentials or to the variables, and what the operator says to that.
        struct Mistake: Sendable {
            var what: String
            var credentials: [String: String?] = [:]
            var env: JSONValue = [:]
            var reason: String
            var says: [String]
        }

        private static let mistakes = [
            Mistake(
                what: "a DATABASE_URL that is none of PostgreSQL's",
                credentials: ["DATABASE_URL": "mysql://demo:canary-wrong@mysql:3306/todo?ssl=require"],
                reason: "InvalidSecretValue",
                says: ["DATABASE_URL", "must be a PostgreSQL URL"]
            ),
            Mistake(
                what: "a DATABASE_URL without encryption",
                credentials: ["DATABASE_URL": "postgresql://demo:canary-wrong@postgres:5432/todo"],
                reason: "InvalidSecretValue",
                says: ["DATABASE_URL", "ssl=require"]
            ),
            Mistake(
                what: "a signing key of 31 characters",
                credentials: ["BETTER_AUTH_SECRET": "canary-wrong-31-characters-long"],
                reason: "InvalidSecretValue",
                says: ["BETTER_AUTH_SECRET", "must have 32 characters or more"]
            ),
            Mistake(
                what: "no GROQ_API_KEY",
                credentials: ["GROQ_API_KEY": nil],
                reason: "ReferencedKeyNotFound",
                says: ["GROQ_API_KEY", "is missing in Secret credentials"]
            ),
            Mistake(
                what: "an empty GROQ_API_KEY",
                credentials: ["GROQ_API_KEY": ""],
                reason: "InvalidSecretValue",
                says: ["GROQ_API_KEY", "must not be empty"]
            ),
            Mistake(
                what: "a TEMPERATURE that is no number",
                env: ["TEMPERATURE": "canary-env"],
                reason: "InvalidSpec",
                says: ["spec.backend.env.TEMPERATURE", "TEMPERATURE must be a number such as 0.7"]
            ),
            Mistake(
                what: "MAX_TOKENS below 1",
                env: ["MAX_TOKENS": "0"],
                reason: "InvalidSpec",
                says: ["spec.backend.env.MAX_TOKENS", "MAX_TOKENS must be a whole number from 1 up"]
            ),
            Mistake(
                what: "JWT_EXPIRATION_DAYS with a fraction",
                env: ["JWT_EXPIRATION_DAYS": "7.5"],
                reason: "InvalidSpec",
                says: ["spec.backend.env.JWT_EXPIRATION_DAYS", "must be a whole number from 1 up"]
            ),
            Mistake(
                what: "an LLM_PROVIDER that the contract does not know",
                env: ["LLM_PROVIDER": "canary-env"],
                reason: "InvalidSpec",
                says: ["spec.backend.env.LLM_PROVIDER", "LLM_PROVIDER must be one of GROQ, OPENROUTER"]
            ),
            Mistake(
                what: "a LOG_LEVEL that the contract does not know",
                env: ["LOG_LEVEL": "canary-env"],
                reason: "InvalidSpec",
                says: ["spec.backend.env.LOG_LEVEL", "LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR, CRITICAL"]
            ),
        ]

        @Test("A value that breaks contract groq is refused by key and rule, and what runs keeps running")
        func refused() async throws {
            try await TestNamespace.with("values", credentials: ContractApp.credentials) { namespace in
                let app = try await namespace.run(Self.groq)
                try await app.waitUntilReady()
                for mistake in Self.mistakes {
                    try await self.make(mistake, in: app)
                }
            }
        }

        @Test("A new app with a bad value gets no pod, and all that does not need the value")
        func never() async throws {
            var credentials = ContractApp.credentials
            credentials["DATABASE_URL"] = "canary-wrong"
            try await TestNamespace.with("never", credentials: credentials) { namespace in
                let app = try await namespace.run(Manifest.taskflow("taskflow", ["environment": "Minikube"]))
                try await app.waitUntil("refuses the value") { self.reason(of: $0) == "InvalidSecretValue" }
                try await eventually("the frontend is ready") { app.pods("frontend").contains { $0.isTrue("Ready") } }
                #expect(namespace.object(.deployments, "taskflow-backend") == nil)
                #expect(app.pods("backend").isEmpty)
                self.expectNoCanary(in: app)
                // Set right, it starts at once.
                try await namespace.apply(Manifest.secret(Credentials.secretName, ContractApp.credentials))
                try await app.waitUntilReady()
            }
        }

        @Test("Without GROQ_API_KEY contract groq runs with the other provider")
        func otherProvider() async throws {
            var credentials = ContractApp.credentials
            credentials["GROQ_API_KEY"] = nil
            try await TestNamespace.with("provider", credentials: credentials) { namespace in
                let app = try await namespace.run(Self.groq)
                try await app.waitUntil("misses the key") { self.reason(of: $0) == "ReferencedKeyNotFound" }
                let generation = try await app.change(["backend": ["env": ["LLM_PROVIDER": "OPENROUTER"]]])
                try await app.waitUntilReady(generation: generation)
            }
        }

        private static let groq = Manifest.todoApp(
            "groq",
            [
                "contract": "groq", "environment": "Minikube", "version": "v1.0.0",
                "backend": [
                    "probes": ["startup": ["periodSeconds": 1], "readiness": ["periodSeconds": 1]],
                    "resources": ["requests": ["cpu": "100m", "memory": "128Mi"]],
                ],
                "secrets": ["from": [["secretName": .string(Credentials.secretName)]]],
            ]
        )

        /// Makes a mistake, looks at what comes of it, and takes it back.
        private func make(_ mistake: Mistake, in app: AppUnderTest) async throws {
            let namespace = app.namespace
            let before = self.running(app)
            if mistake.credentials.isEmpty {
                try await app.change(["backend": ["env": mistake.env]])
            } else {
                try await self.setCredentials(mistake.credentials, in: namespace)
            }
            try await app.waitUntil("refuses \(mistake.what)", within: .seconds(20)) {
                self.reason(of: $0) == mistake.reason
            }
            for condition in ["ResourcesSynced", "Ready"] {
                #expect(app.object.condition(condition)?["status"] == "False", "\(mistake.what): \(condition)")
            }
            let message = app.object.condition("ResourcesSynced")?["message"]?.string ?? ""
            for words in mistake.says {
                #expect(message.contains(words), "\(mistake.what): \(message)")
            }
            #expect(app.object.isTrue("Available"), "\(mistake.what): what runs goes on")
            #expect(self.running(app) == before, "\(mistake.what): nothing is touched")
            self.expectNoCanary(in: app)

            if mistake.credentials.isEmpty {
                let undone = mistake.env.object?.map { ($0.key, JSONValue.null) } ?? []
                let env = JSONValue.object(JSONObject(uniqueMembers: undone.map { .init(key: $0.0, value: $0.1) }))
                let generation = try await app.change(["backend": ["env": env]])
                try await app.waitUntilReady(generation: generation, within: .seconds(20))
            } else {
                try await self.setCredentials([:], in: namespace)
                try await app.waitUntilReady(within: .seconds(20))
            }
            #expect(self.running(app) == before, "\(mistake.what): nothing is touched when it is set right")
        }

        /// All credentials but for some, which are others or missing.
        private func setCredentials(_ changes: [String: String?], in namespace: TestNamespace) async throws {
            var values = ContractApp.credentials
            for (key, value) in changes {
                values[key] = value
            }
            // Not `apply`: keys must be able to go.
            try await namespace.kubectl.merge(
                "secret",
                Credentials.secretName,
                in: namespace.name,
                ["data": .null, "stringData": JSONValue(values)]
            )
        }

        private func reason(of app: JSONValue) -> String? {
            app.condition("ResourcesSynced")?["reason"]?.string
        }

        /// The pods, and what makes them: none of it may change.
        private func running(_ app: AppUnderTest) -> [String] {
            let deployment = app.namespace.object(.deployments, "\(app.name)-backend") ?? .null
            let pods = app.pods("backend").filter { !$0.isGoing }.map { "\($0.uid) \($0.isTrue("Ready"))" }
            let secret = app.namespace.object(.secrets, "\(app.name)-secrets")?["data"]?.text() ?? ""
            return ["\(deployment.uid)@\(deployment.at("metadata.generation")?.integer ?? 0)", secret] + pods.sorted()
        }

        /// No value, right or wrong, is in the status or in an event.
        private func expectNoCanary(in app: AppUnderTest) {
            let status = app.object["status"]?.text() ?? ""
            let events = app.namespace.objects(.events).map { $0.text() }
            #expect(!status.contains("canary"), "\(status)")
            #expect(!events.contains { $0.contains("canary") })
        }
    }
}
