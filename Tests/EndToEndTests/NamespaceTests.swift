import JSON
import Testing

extension EndToEnd {
    /// Namespaces, and names in them.
    @Suite(.together)
    struct NamespaceTests {
        @Test("TodoApps of one name in two namespaces have nothing in common")
        func sameName() async throws {
            try await TestNamespace.with("one") { one in
                try await TestNamespace.with("two") { two in
                    let (first, second) = (try await one.run(Manifest.podless()), try await two.run(Manifest.podless()))
                    for app in [first, second] {
                        try await app.waitUntil("is applied") { $0.isTrue("ResourcesSynced") }
                    }
                    func key(_ namespace: TestNamespace) async throws -> JSONValue {
                        try await eventually("there is a signing key", within: .seconds(10)) {
                            namespace.object(.secrets, "taskflow-secrets")?.at("data.BETTER_AUTH_SECRET")
                        }
                    }
                    let (firstKey, secondKey) = (try await key(one), try await key(two))
                    #expect(firstKey != secondKey)
                    try await two.catchUp()
                    let before = Self.fingerprint(second)
                    #expect(!before.isEmpty)
                    try await first.delete()
                    try await eventually("the first one's children are gone", within: .seconds(60)) {
                        WatchedKind.childKinds.allSatisfy { first.children($0).isEmpty }
                    }
                    #expect(Self.fingerprint(second) == before)
                }
            }
        }

        @Test("A name that is too long for the children's is refused, by the API server or in the status")
        func longName() async throws {
            try await TestNamespace.with("long") { namespace in
                let name = String(repeating: "a", count: 55)
                do {
                    let app = try await namespace.run(Manifest.podless(name))
                    try await app.waitUntil("says why", within: .seconds(20)) {
                        $0.condition("Stalled")?["reason"] == "InvalidSpec"
                    }
                    #expect(app.text("Stalled").contains("metadata.name must be at most 54 characters long"))
                } catch let refusal as Kubectl.Failure {
                    #expect(refusal.errors.contains("metadata.name must be at most 54 characters long"))
                }
                #expect(namespace.app(name).children(.serviceAccounts).isEmpty)
            }
        }

        @Test("In a namespace that is going away nothing is made anew")
        func terminating() async throws {
            try await TestNamespace.with("going") { namespace in
                var manifest = Manifest.podless()
                // Somebody holds the TodoApp, so that it outlives its children.
                manifest["metadata"]?["finalizers"] = ["example.com/hold"]
                let app = try await namespace.run(manifest)
                try await app.waitUntil("is applied") { $0.isTrue("ResourcesSynced") }
                let mark = try namespace.stage.audit.mark()
                try await namespace.kubectl("delete", "namespace", namespace.name, "--wait=false")
                try await eventually("its children are gone", within: .seconds(60)) {
                    app.object.isGoing
                        && [WatchedKind.services, .secrets, .configMaps].allSatisfy { app.children($0).isEmpty }
                }
                let made = try namespace.stage.audit.requests(since: mark).filter {
                    $0.namespace == namespace.name && $0.verb == "create" && $0.resource != "events"
                }
                // What was noticed before the TodoApp itself was deleted may be tried, and is refused.
                #expect(made.allSatisfy { $0.code == 403 }, "\(made)")
                let patch: JSONValue = ["metadata": ["finalizers": nil]]
                let kind = WatchedKind.todoApps.rawValue
                try await namespace.kubectl.merge(kind, app.name, in: namespace.name, patch)
            }
        }

        private static func fingerprint(_ app: AppUnderTest) -> [String] {
            let kinds: [WatchedKind] = [.deployments, .services, .secrets, .configMaps, .serviceAccounts]
            return kinds.flatMap { app.children($0) }.map(\.uid).sorted()
        }
    }
}
