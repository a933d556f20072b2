import JSON

/// Roles and who has them.
enum RBAC {
    static func role(_ name: String, _ rules: [JSONValue]) -> JSONValue {
        [
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole",
            "metadata": ["name": .string(name)], "rules": .array(rules),
        ]
    }

    static func binding(_ name: String, _ subject: JSONValue) -> JSONValue {
        [
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding",
            "metadata": ["name": .string(name)], "subjects": [subject],
            "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": .string(name)],
        ]
    }
}

extension ReplicaScene {
    /// Lets a user do everything that the operator does, but with one type.
    func grant(everythingBut missing: String, to user: String) async throws {
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
        try await self.stage.kubectl.apply(
            RBAC.role(user, rules + [["nonResourceURLs": ["*"], "verbs": ["get"]]]),
            RBAC.binding(user, ["apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": .string(user)])
        )
    }

    /// Takes all of that away again.
    func revoke(_ user: String) async throws {
        try await self.stage.kubectl("delete", "clusterrolebinding,clusterrole", user)
    }
}
