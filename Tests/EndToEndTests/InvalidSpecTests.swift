import JSON
import Testing

extension EndToEnd {
    /// A spec that cannot be meant: nothing that runs changes.
    @Suite(.together)
    struct InvalidSpecTests {
        @Test(
            "A spec that breaks a rule is refused or stalls, names the field and changes nothing",
            arguments: Mistake.all
        )
        func stalled(_ mistake: Mistake) async throws {
            try await TestNamespace.with("invalid") { namespace in
                let app = try await namespace.run(Manifest.podless("taskflow", ["environment": "Production"]))
                try await app.waitUntil("is applied") { $0.isTrue("ResourcesSynced") }
                let before = try await self.settledFingerprint(namespace)
                let generation: Int64
                do {
                    generation = try await app.change(mistake.spec)
                } catch let failure as Kubectl.Failure {
                    // The schema, or from Kubernetes 1.25 on its CEL rules, say it already.
                    #expect(failure.errors.contains(mistake.field), "\(failure.errors)")
                    #expect(Self.fingerprint(namespace) == before)
                    return
                }
                #expect(!mistake.isForTheSchema, "the schema refuses it")
                try await app.waitUntil("is stalled", within: .seconds(20), generation: generation) {
                    $0.condition("Stalled")?["reason"] == "InvalidSpec"
                }
                for condition in ["Stalled", "ResourcesSynced", "Ready"] {
                    #expect(app.text(condition).contains(mistake.field), "\(app.text(condition))")
                }
                #expect(app.object.condition("Reconciling") == nil)
                #expect(Self.fingerprint(namespace) == before)

                let mended = try await app.change(mistake.mending)
                try await app.waitUntil("heals", within: .seconds(20), generation: mended) {
                    $0.isTrue("ResourcesSynced") && $0.condition("Stalled") == nil
                }
            }
        }

        @Test("What runs keeps running while the spec is invalid, and mending it rolls nothing")
        func keepsRunning() async throws {
            try await TestNamespace.with("keeps") { namespace in
                let app = try await namespace.run(Manifest.taskflow("taskflow", ["environment": "Production"]))
                try await app.waitUntilReady()
                try await namespace.catchUp()
                let pods = Set(app.children(.pods).map(\.uid))
                let generation = try await app.change(["secrets": ["existingSecret": "other"]])
                try await app.waitUntil("is stalled", within: .seconds(20), generation: generation) {
                    $0.isTrue("Stalled")
                }
                #expect(app.object.at("status.components.backend.readyText") == "2/2")
                let mended = try await app.change(["secrets": ["existingSecret": nil]])
                try await app.waitUntilReady(generation: mended)
                #expect(Set(app.children(.pods).map(\.uid)) == pods)
            }
        }

        @Test("A new TodoApp with an invalid spec gets no child at all")
        func nothingAtAll() async throws {
            try await TestNamespace.with("nothing") { namespace in
                let spec: JSONValue = ["secrets": ["existingSecret": "other"]]
                let app: AppUnderTest
                do {
                    app = try await namespace.run(Manifest.podless("taskflow", spec))
                } catch let failure as Kubectl.Failure {
                    #expect(failure.errors.contains("secrets"))
                    return
                }
                try await app.waitUntil("is stalled", within: .seconds(20)) { $0.isTrue("Stalled") }
                for kind in WatchedKind.childKinds {
                    #expect(app.children(kind).isEmpty, "\(kind.rawValue)")
                }
            }
        }

        private func settledFingerprint(_ namespace: TestNamespace) async throws -> [String] {
            try await eventually("every child is heard of", within: .seconds(20)) {
                let count = Child.objects(isProduction: true).count
                let fingerprint = Self.fingerprint(namespace)
                return fingerprint.count == count ? fingerprint : nil
            }
        }

        /// Every child, with what moves whenever its content does.
        private static func fingerprint(_ namespace: TestNamespace) -> [String] {
            [
                .deployments, .services, .secrets, .configMaps, .serviceAccounts, .podDisruptionBudgets,
                .networkPolicies,
            ]
            .flatMap { (kind: WatchedKind) in
                namespace.app("taskflow").children(kind).map { child in
                    // A resourceVersion moves with the status as well, and a ServiceAccount's with its token.
                    let generation = child.at("metadata.generation")?.integer.map { Int($0) }
                    let version = kind == .serviceAccounts ? 0 : generation ?? child.revision
                    return "\(kind.rawValue) \(child.name) \(child.uid) \(version)"
                }
            }
            .sorted()
        }
    }
}

/// A change that makes a good spec a bad one.
struct Mistake: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let spec: JSONValue
    let mending: JSONValue
    /// What every message about it must name.
    let field: String
    /// Whether the API server refuses it, of whatever version it is.
    var isForTheSchema = false

    static let all = [
        Mistake(
            testDescription: "latest in Production",
            spec: ["version": "latest"],
            mending: ["version": "1.0.0"],
            field: "spec.version"
        ),
        Mistake(
            testDescription: "an image with the tag latest in Production",
            spec: ["backend": ["image": "somebody/backend:latest"]],
            mending: ["backend": ["image": nil]],
            field: "spec.backend.image"
        ),
        Mistake(
            testDescription: "two sources for the Secret",
            spec: ["secrets": ["existingSecret": "other"]],
            mending: ["secrets": ["existingSecret": nil]],
            field: "spec.secrets"
        ),
        Mistake(
            testDescription: "replicas and autoscaling",
            spec: ["backend": ["replicas": 3, "autoscaling": ["maxReplicas": 5]]],
            mending: ["backend": ["replicas": nil, "autoscaling": nil]],
            field: "spec.backend"
        ),
        Mistake(
            testDescription: "an unknown contract",
            spec: ["contract": "unheard-of"],
            mending: [:],
            field: "spec.contract",
            isForTheSchema: true
        ),
        Mistake(
            testDescription: "a wrong type",
            spec: ["backend": ["replicas": "three"]],
            mending: [:],
            field: "spec.backend.replicas",
            isForTheSchema: true
        ),
    ]
}
