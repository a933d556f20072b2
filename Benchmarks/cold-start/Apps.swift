import JSON
import KubernetesAPI
import KubernetesClient

/// The TodoApps that are brought up, in a namespace of their own.
struct Apps {
    static let namespace = "cold-start"
    /// Two Deployments, Services, PodDisruptionBudgets and NetworkPolicies, a Secret, a ConfigMap, a ServiceAccount.
    static let childrenOfOne = 11
    private static let type = ResourceType(
        group: "todo.taskflow.dev",
        version: "v1alpha1",
        plural: "todoapps",
        kind: "TodoApp"
    )

    let count: Int
    let client: KubernetesClient

    /// Makes namespace, credentials and TodoApps.
    func create() async throws {
        _ = try await self.client.create(
            .namespaces,
            namespace: nil,
            ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(Self.namespace)]],
            fieldManager: "cold-start"
        )
        let credentials: JSONValue = [
            "apiVersion": "v1", "kind": "Secret", "metadata": ["name": "credentials"],
            "stringData": [
                "DATABASE_URL": "postgresql://u:s3cret@db.example.com/todo?ssl=require", "OPENAI_API_KEY": "s3cret-key",
            ],
        ]
        try await self.make(.secrets, credentials)
        for number in 0..<self.count {
            try await self.make(
                Self.type,
                [
                    "apiVersion": .string(Self.type.apiVersion), "kind": .string(Self.type.kind),
                    "metadata": ["name": .string("app-\(number)")],
                    "spec": [
                        "version": "1.0.0", "backend": [:], "frontend": [:],
                        "secrets": ["from": [["secretName": "credentials"]]],
                    ],
                ]
            )
        }
    }

    private func make(_ type: ResourceType, _ manifest: JSONValue) async throws {
        _ = try await self.client.create(type, namespace: Self.namespace, manifest, fieldManager: "cold-start")
    }

    /// Whether the status of each says that its children are as they should be.
    func areSynced() async throws -> Bool {
        var synced = 0
        try await self.each(Self.type) { app in
            let conditions = app["status"]?["conditions"]?.array ?? []
            let condition = conditions.first { $0["type"]?.string == "ResourcesSynced" }
            if condition?["status"]?.string == "True" { synced += 1 }
        }
        return synced == self.count
    }

    /// How many children are not there.
    func missingChildren() async throws -> Int {
        var found = 0
        let budgets = try await self.client.serves(.podDisruptionBudgets)
        let types: [ResourceType] = [
            .deployments, .services, .secrets, .configMaps, .serviceAccounts, .networkPolicies,
            budgets ? .podDisruptionBudgets : .podDisruptionBudgetsBeta,
        ]
        for type in types {
            try await self.each(type) { object in
                if object["metadata"]?["ownerReferences"]?[0]?["kind"]?.string == "TodoApp" { found += 1 }
            }
        }
        return self.count * Self.childrenOfOne - found
    }

    private func each(_ type: ResourceType, _ body: (JSONValue) -> Void) async throws {
        var token = ""
        repeat {
            let page = try await self.client.list(
                Selection(type, namespace: Self.namespace),
                limit: 500,
                continueToken: token,
                each: body
            )
            token = page.continueToken
        } while !token.isEmpty
    }

    /// Deletes the namespace; the rest goes with it.
    func remove() async throws {
        let key = ObjectKey(namespace: nil, name: Self.namespace)
        let uid = try await self.client.get(.namespaces, key)["metadata"]?["uid"]?.string ?? ""
        try await self.client.delete(.namespaces, key, uid: uid)
    }
}
