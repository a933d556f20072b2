import Foundation
import JSON
import NIOHTTP1
import Testing

extension Faults {
    /// What the operator shows, and what it trusts, is exchanged while it runs.
    @Suite struct CredentialTests {
        @Test("A token that was withdrawn is replaced by the one that is in its file now")
        func token() async throws {
            let plane = try ControlPlane.fromEnvironment()
            let account = ServiceAccount(plane: plane, name: "operator-\(UUID().uuidString.lowercased().prefix(5))")
            try await account.create()
            let first = try await account.token()
            try await FaultScene.with("token", route: .relay, identity: .token(first)) { scene in
                let relay = try scene.neededRelay()
                try await scene.apply(Manifest.taskflow())
                try await scene.settle()
                // Made anew it is another one, and a token is good for that very one.
                try await account.delete()
                try await account.create()
                try await awaited("the token is refused") { try await !account.isGood(first) }
                relay.breakConnections()
                try await scene.apply(Manifest.taskflow("taskflow", ["version": "1.0.1"]))
                try await awaited("the operator hears of it", lastSeen: { (try? scene.process.logText) ?? "" }) {
                    try scene.process.logText.contains("401")
                }
                let logged = try scene.process.logText.count
                // As long as the fault lasts, and not a wait for something.
                try await Task.sleep(for: .seconds(5))
                let lines = try scene.process.logText.dropFirst(logged).split(separator: "\n").count
                #expect(try await !scene.apps().allSatisfy(FaultScene.isSettled))
                try await account.token().write(toFile: "\(scene.folder)/token", atomically: true, encoding: .utf8)
                let healed = try await scene.settle()
                scene.tell(
                    "a withdrawn token: \(lines) log lines in 5 s, settled \(healed.text) after there was another"
                )
                #expect(try !scene.process.logText.contains(first))
                #expect(lines < 200)
            }
            try await account.delete(withRights: true)
        }

        @Test("A new authority is trusted as soon as it stands in its file")
        func authority() async throws {
            try await FaultScene.with("authority", identity: .certificateTrustingFile) { scene in
                let proxy = try scene.neededProxy()
                try await scene.apply(Manifest.taskflow())
                try await scene.settle()
                let new = try await ServerCertificate.new(in: scene.folder, named: "new")
                try proxy.show(new.certificate)
                proxy.breakConnections()
                try await scene.apply(Manifest.taskflow("taskflow", ["version": "1.0.1"]))
                try await awaited("the operator does not trust it", lastSeen: { (try? scene.process.logText) ?? "" }) {
                    try scene.process.logText.contains("certificate")
                }
                #expect(try await !scene.apps().allSatisfy(FaultScene.isSettled))
                let pem = try String(contentsOfFile: new.authority, encoding: .utf8)
                try pem.write(toFile: "\(scene.folder)/authority", atomically: true, encoding: .utf8)
                let healed = try await scene.settle()
                scene.tell("a new authority: settled \(healed.text) after it stood in its file")
            }
        }
    }
}

/// A ServiceAccount that may do everything.
private struct ServiceAccount: Sendable {
    let plane: ControlPlane
    let name: String

    private static let accounts = "/api/v1/namespaces/default/serviceaccounts"
    private static let bindings = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings"

    func create() async throws {
        let account: JSONValue = [
            "apiVersion": "v1", "kind": "ServiceAccount", "metadata": ["name": .string(self.name)],
        ]
        try await self.plane.admin.call(.POST, Self.accounts, account)
        let binding: JSONValue = [
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding",
            "metadata": ["name": .string(self.name)],
            "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"],
            "subjects": [["kind": "ServiceAccount", "namespace": "default", "name": .string(self.name)]],
        ]
        try await self.plane.admin.call(
            .PATCH,
            "\(Self.bindings)/\(self.name)?fieldManager=faults",
            binding,
            contentType: "application/apply-patch+yaml"
        )
    }

    func delete(withRights: Bool = false) async throws {
        try await self.plane.admin.call(.DELETE, "\(Self.accounts)/\(self.name)")
        if withRights { try await self.plane.admin.call(.DELETE, "\(Self.bindings)/\(self.name)") }
    }

    func token() async throws -> String {
        let request: JSONValue = [
            "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": ["expirationSeconds": 3600],
        ]
        let answer = try await self.plane.admin.call(.POST, "\(Self.accounts)/\(self.name)/token", request)
        return answer.at("status.token")?.string ?? ""
    }

    func isGood(_ token: String) async throws -> Bool {
        let review: JSONValue = [
            "apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": ["token": .string(token)],
        ]
        let answer = try await self.plane.admin.call(.POST, "/apis/authentication.k8s.io/v1/tokenreviews", review)
        return answer.at("status.authenticated") == true
    }
}
