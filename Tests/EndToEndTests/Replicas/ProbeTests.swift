import Foundation
import Glibc
import JSON
import Testing

extension Replicas {
    /// What a replica says about itself, and how it ends.
    @Suite
    struct ProbeTests {
        @Test("A right that is missing is named by readyz, and what it stands for begins as soon as it is given")
        func denied() async throws {
            try await ReplicaStage.required.with("denied") { scene in
                let replica = try scene.replica("only", groups: [])
                try await Self.grant(everythingBut: "secrets", to: replica.user, scene)
                let before = try await answered("readyz names what is refused", lastSeen: { replica.logText }) {
                    let answer = try await replica.probe("/readyz")
                    // The API server takes a moment to know of a right: first all is refused.
                    let names = ["list secrets", "[+]informer/pods synced", "[+]informer/todoapps"]
                    return answer.status == 503 && names.allSatisfy(answer.text.contains) ? answer.text : nil
                }
                print(before)
                #expect(!replica.leads, "who can't work does not lead")
                #expect(try await replica.probe("/livez").status == 200)
                try await Self.grant(everythingBut: "", to: replica.user, scene)
                try await replica.waitUntilReady()
                let after = try await replica.probe("/readyz?verbose")
                #expect(after.text.contains("[+]informer/secrets synced"), "\(after.text)")
                _ = try await scene.waitUntilLeads(replica)
                try await scene.stage.kubectl("delete", "clusterrolebinding,clusterrole", replica.user)
            }
        }

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
                    Self.role(replica.user, [["nonResourceURLs": ["/metrics"], "verbs": ["get"]]]),
                    Self.binding(
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

        private static func role(_ name: String, _ rules: [JSONValue]) -> JSONValue {
            [
                "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole",
                "metadata": ["name": .string(name)], "rules": .array(rules),
            ]
        }

        private static func binding(_ name: String, _ subject: JSONValue) -> JSONValue {
            [
                "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding",
                "metadata": ["name": .string(name)], "subjects": [subject],
                "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": .string(name)],
            ]
        }

        /// Everything that the operator uses, but one type.
        private static func grant(everythingBut missing: String, to user: String, _ scene: ReplicaScene) async throws {
            let types: [(group: String, plural: String)] = [
                ("todo.taskflow.dev", "*"), ("apps", "*"), ("policy", "*"), ("coordination.k8s.io", "*"),
                ("autoscaling", "*"), ("networking.k8s.io", "*"), ("events.k8s.io", "*"),
            ]
            let plurals = [
                "pods", "nodes", "services", "configmaps", "serviceaccounts", "secrets", "events",
                "persistentvolumeclaims", "endpoints", "namespaces",
            ]
            let core = plurals.filter { $0 != missing }.map { (group: "", plural: $0) }
            let rules: [JSONValue] = (types + core).map { type in
                ["apiGroups": [.string(type.group)], "resources": [.string(type.plural)], "verbs": ["*"]]
            }
            try await scene.stage.kubectl.apply(
                Self.role(user, rules + [["nonResourceURLs": ["*"], "verbs": ["get"]]]),
                Self.binding(user, ["apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": .string(user)])
            )
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
