import Foundation
import JSON
import Testing

extension EndToEnd {
    /// Credentials that are not there, or not whole.
    @Suite(.together)
    struct MissingSecretTests {
        @Test("Without its source Secret the backend waits, the frontend runs, and the Secret's coming heals it")
        func secret() async throws {
            try await TestNamespace.with("secret", credentials: [:]) { namespace in
                let app = try await namespace.run(Manifest.taskflow())
                try await app.waitUntil("says ReferencedSecretNotFound", within: .seconds(20)) {
                    $0.condition("ResourcesSynced")?["reason"] == "ReferencedSecretNotFound"
                }
                #expect(app.text("ResourcesSynced").contains(Credentials.secretName))
                #expect(!app.object.isTrue("Ready"))
                try await eventually("the frontend's pod is ready") {
                    app.pods("frontend").contains { $0.isTrue("Ready") }
                }
                #expect(namespace.object(.deployments, "taskflow-backend") == nil)
                try await namespace.apply(Manifest.secret(Credentials.secretName, Credentials.taskflow))
                try await app.waitUntilReady()
            }
        }

        @Test("A missing key is named, and no value of a Secret is ever told: not in status, event or log")
        func key() async throws {
            let canary = "canary\(UUID().uuidString.lowercased().replacing("-", with: ""))"
            let credentials = ["OPENAI_API_KEY": canary]
            try await TestNamespace.with("key", credentials: credentials) { namespace in
                let app = try await namespace.run(Manifest.taskflow())
                try await app.waitUntil("says ReferencedKeyNotFound", within: .seconds(20)) {
                    $0.condition("ResourcesSynced")?["reason"] == "ReferencedKeyNotFound"
                }
                #expect(app.text("ResourcesSynced").contains("DATABASE_URL"))
                #expect(namespace.object(.deployments, "taskflow-backend") == nil)

                // A value that breaks the contract comes closest to being quoted.
                let broken = credentials.merging(["DATABASE_URL": "\(canary)://no-database"]) { $1 }
                try await namespace.apply(Manifest.secret(Credentials.secretName, broken))
                try await app.waitUntil("says something of the new Secret", within: .seconds(20)) {
                    $0.condition("ResourcesSynced")?["reason"] != "ReferencedKeyNotFound"
                }
                let whole = credentials.merging(["DATABASE_URL": "postgresql://u:\(canary)@h/d"]) { $1 }
                try await namespace.apply(Manifest.secret(Credentials.secretName, whole))
                try await app.waitUntilReady()

                let generated = try #require(
                    namespace.object(.secrets, "taskflow-secrets")?.at("data.BETTER_AUTH_SECRET")?.string
                )
                let plain = Data(base64Encoded: generated).map { String(decoding: $0, as: UTF8.self) } ?? ""
                #expect(plain.count >= 32)
                for secret in [canary, Data(canary.utf8).base64EncodedString(), generated, plain] {
                    #expect(!app.history.contains { $0.object.text().contains(secret) }, "TodoApp")
                    for kind in [WatchedKind.events, .deployments, .pods, .configMaps, .services] {
                        let told = namespace.watch.histories(kind, namespace.name).joined()
                        #expect(!told.contains { $0.object.text().contains(secret) }, "\(kind.rawValue)")
                    }
                    #expect(try await !namespace.stage.operatorPod.logText.contains(secret), "log")
                }
            }
        }
    }
}
