import JSON
import Testing

/// Something that an account may do, or did.
private struct Right: Hashable, Comparable, CustomStringConvertible {
    var group: String
    var resource: String
    var verb: String

    var description: String { "\(self.verb) \(self.resource)\(self.group.isEmpty ? "" : ".\(self.group)")" }

    static func < (one: Right, other: Right) -> Bool { one.description < other.description }
}

extension Afterwards {
    /// The roles in `config/rbac`, held against what the API server noted of the whole run.
    struct RightsTests {
        @Test("The operator tried nothing that was not granted, and needed all that was")
        func leastPrivilege() async throws {
            let cluster = try Afterwards.cluster
            let granted = try await self.granted(Kubectl(kubeconfig: cluster.kubeconfig))
            let requests = try AuditLog(path: cluster.auditLog, user: OperatorPod.user).requests()
            let used = Set(requests.filter { !$0.resource.isEmpty }.map(Self.right))
            print("\(requests.count) requests, \(granted.count) rights granted, \(used.count) used")
            #expect(requests.count > 1000, "the audit log is that of a whole run")
            let refused = Set(requests.filter(\.isForbidden).map(\.description))
            #expect(refused.isEmpty, "refused: \(refused.sorted())")
            #expect(used.subtracting(granted).isEmpty, "tried without a right: \(used.subtracting(granted).sorted())")
            let idle = granted.subtracting(used).subtracting(Self.unseen)
            #expect(idle.isEmpty, "granted and never needed: \(idle.sorted())")
        }

        /// Not a request of its own: another right is refused without it, where owners' deletion is guarded.
        private static let unseen: Set = [
            Right(group: "todo.taskflow.dev", resource: "todoapps/finalizers", verb: "update")
        ]

        private static func right(_ request: AuditLog.Request) -> Right {
            let resource = request.subresource.map { "\(request.resource)/\($0)" } ?? request.resource
            return Right(group: request.group, resource: resource, verb: request.verb)
        }

        private func granted(_ kubectl: Kubectl) async throws -> Set<Right> {
            var rights: Set<Right> = []
            let roles = [
                try await kubectl.json("get", "clusterrole", "todoapp-operator"),
                try await kubectl.json("get", "clusterrole", "todoapp-operator-metrics-auth"),
                try await kubectl.json(
                    "get",
                    "role",
                    "todoapp-operator-leader-election",
                    "-n",
                    OperatorPod.namespace
                ),
            ]
            for rule in roles.flatMap({ $0["rules"]?.array ?? [] }) {
                for group in rule["apiGroups"]?.array ?? [] {
                    for resource in rule["resources"]?.array ?? [] {
                        for verb in rule["verbs"]?.array ?? [] {
                            rights.insert(
                                Right(
                                    group: group.string ?? "",
                                    resource: resource.string ?? "",
                                    verb: verb.string ?? ""
                                )
                            )
                        }
                    }
                }
            }
            return rights
        }
    }
}
