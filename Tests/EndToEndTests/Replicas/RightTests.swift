import JSON
import Testing

extension Replicas {
    /// What the operator may, and what becomes of it when it may not.
    @Suite
    struct RightTests {
        @Test("A right that is missing is named by readyz, and what it stands for begins as soon as it is given")
        func denied() async throws {
            try await ReplicaStage.required.with("denied") { scene in
                let replica = try scene.replica("only", groups: [])
                try await scene.grant(everythingBut: "secrets", to: replica.user)
                let before = try await answered("readyz names what is refused", lastSeen: { replica.logText }) {
                    let answer = try await replica.probe("/readyz")
                    // The API server takes a moment to know of a right: first all is refused.
                    let names = ["list secrets", "[+]informer/pods synced", "[+]informer/todoapps"]
                    return answer.status == 503 && names.allSatisfy(answer.text.contains) ? answer.text : nil
                }
                print(before)
                #expect(!replica.leads, "who can't work does not lead")
                #expect(try await replica.probe("/livez").status == 200)
                try await scene.grant(everythingBut: "", to: replica.user)
                try await replica.waitUntilReady()
                let after = try await replica.probe("/readyz?verbose")
                #expect(after.text.contains("[+]informer/secrets synced"), "\(after.text)")
                _ = try await scene.waitUntilLeads(replica)
                try await scene.revoke(replica.user)
            }
        }

        @Test(
            "A right that is taken away while it works is named in the status, and is used again when it is given back"
        )
        func takenAway() async throws {
            try await ReplicaStage.required.with("taken-away") { scene in
                let replica = try scene.replica("only", groups: [])
                try await scene.grant(everythingBut: "", to: replica.user)
                _ = try await scene.waitUntilLeads(replica)
                // With their Secret there, nothing but what is refused is wrong with the TodoApps.
                var secret = Manifest.secret("nowhere", Credentials.taskflow)
                secret["metadata"]?["namespace"] = .string(scene.namespace)
                try await scene.stage.kubectl.apply(secret)
                try await scene.apply("before")
                try await scene.waitUntilObserved("before")

                try await scene.grant(everythingBut: "configmaps", to: replica.user)
                func synced(_ app: String) async throws -> JSONValue? {
                    let object = try await scene.stage.kubectl.json("get", "todoapp", app, "-n", scene.namespace)
                    return object.condition("ResourcesSynced")
                }
                let refused = try await Self.answeredByNewApps("the status names what is refused", in: scene) { app in
                    let condition = try await synced(app)
                    return condition?["reason"] == "Forbidden" ? app : nil
                }
                let message = try await synced(refused)?["message"]?.string ?? ""
                #expect(message.contains("configmaps"), "\(message)")
                #expect(replica.leads, "the others are served on")

                try await scene.grant(everythingBut: "", to: replica.user)
                try await answered("what was refused is made", within: .seconds(90)) { () async throws -> Void? in
                    try await synced(refused)?["reason"] == "Forbidden" ? nil : ()
                }
                _ = try await scene.stage.kubectl("get", "configmap", "\(refused)-config", "-n", scene.namespace)
                try await scene.revoke(replica.user)
            }
        }

        /// The API server takes a moment to know of a right that is gone: new TodoApps are made until one meets that.
        private static func answeredByNewApps(
            _ what: String,
            in scene: ReplicaScene,
            _ ask: (String) async throws -> String?
        ) async throws -> String {
            var number = 0
            return try await answered(what) {
                number += 1
                let app = "after-\(number)"
                try await scene.apply(app)
                try await scene.waitUntilObserved(app)
                return try await ask(app)
            }
        }
    }
}
