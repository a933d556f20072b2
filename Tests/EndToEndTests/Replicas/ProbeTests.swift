import Foundation
import Glibc
import JSON
import Testing

extension Replicas {
    /// What a replica says about itself, and how it ends.
    @Suite
    struct ProbeTests {
        @Test("Metrics are for those alone whom the API server lets read them")
        func metrics() async throws {
            try await ReplicaStage.required.with("metrics") { scene in
                let replica = try scene.replica("only")
                _ = try await scene.waitUntilLeads(replica)
                try await scene.apply("one")
                try await scene.waitUntilObserved("one")
                let token = try await Self.token(in: scene)
                #expect(try await replica.metrics(token: nil).status == 401)
                #expect(try await replica.metrics(token: "nonsense").status == 401)
                #expect(try await replica.metrics(token: token).status == 403)
                try await scene.stage.kubectl.apply(
                    RBAC.role(replica.user, [["nonResourceURLs": ["/metrics"], "verbs": ["get"]]]),
                    RBAC.binding(
                        replica.user,
                        ["kind": "ServiceAccount", "name": "default", "namespace": .string(scene.namespace)]
                    )
                )
                let text = try await answered("metrics are let out", within: .seconds(30)) {
                    let answer = try await replica.metrics(token: token)
                    return answer.status == 200 ? answer.text : nil
                }
                let lines = text.split(separator: "\n")
                #expect(lines.contains("leader_election_master_status{name=\"todoapp-operator\"} 1"))
                #expect(lines.contains("store_objects{resource=\"todoapps.todo.taskflow.dev\"} 1"))
                #expect(lines.contains("watch_synced{resource=\"deployments.apps\"} 1"))
                for line in lines where line.hasPrefix("controller_runtime_reconcile_total") { print(line) }
                #expect(!text.contains("controller_status_lag_seconds_count{controller=\"todoapp\"} 0"))
                try await scene.stage.kubectl("delete", "clusterrolebinding,clusterrole", replica.user)
            }
        }

        @Test("A second signal ends it at once, with the code of the signal")
        func secondSignal() async throws {
            try await ReplicaStage.required.with("signals") { scene in
                let replica = try scene.replica("only")
                _ = try await scene.waitUntilLeads(replica)
                // Both wait for it when it goes on, before it can end by itself; which of them comes second is not said.
                replica.signal(SIGSTOP)
                replica.signal(SIGTERM)
                replica.signal(SIGINT)
                replica.signal(SIGCONT)
                let code = await replica.exitCode()
                #expect([128 + SIGTERM, 128 + SIGINT].contains(code), "\(code)")
            }
        }

        @Test("An address that is taken, and flags that do not fit each other, end it with 1 and 2")
        func exitCodes() async throws {
            try await ReplicaStage.required.with("codes") { scene in
                let replica = try scene.replica("only")
                let port = try await replica.port(of: "probes")
                let second = try scene.replica("second", flags: ["--health-probe-bind-address", "127.0.0.1:\(port)"])
                #expect(await second.exitCode() == 1)
                #expect(second.logText.contains("probes: cannot listen on 127.0.0.1:\(port)"))
                let third = try scene.replica("third", flags: ["--leader-elect-renew-deadline", "20s"])
                #expect(await third.exitCode() == 2)
                #expect(third.logText.contains("must be longer than the renew deadline"))
            }
        }

        /// A token of the namespace's own account.
        private static func token(in scene: ReplicaScene) async throws -> String {
            let request: JSONValue = [
                "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
                "spec": ["expirationSeconds": 3600],
            ]
            return try await answered("there is an account") {
                let path = "/api/v1/namespaces/\(scene.namespace)/serviceaccounts/default/token"
                let answer = try? await scene.stage.kubectl("create", "--raw", path, "-f", "-", input: request.text())
                return try answer.map { try JSONValue(parsing: $0).at("status.token")?.string ?? "" }
            }
        }
    }
}
