import JSON
import KubernetesAPI
import KubernetesClient
import Locks
import TodoAppOperator

/// The TodoApps of a namespace of their own, two components each.
struct Apps: Sendable {
    /// How many requests go out at a time where it does not matter.
    static let width = 16

    let namespace: String
    let count: Int
    let client: KubernetesClient

    static func name(_ number: Int) -> String {
        let digits = "\(number)"
        return "app-" + String(repeating: "0", count: 5 - digits.count) + digits
    }

    /// What the Secret `credentials` holds.
    static let credentials: JSONValue = [
        "DATABASE_URL": "postgresql://u:s3cret@db.example.com/todo?ssl=require", "OPENAI_API_KEY": "s3cret-key",
    ]

    /// Makes the namespace and what all apps take their credentials from.
    func prepare() async throws {
        _ = try await self.client.create(
            .namespaces,
            namespace: nil,
            ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(self.namespace)]],
            fieldManager: "bench"
        )
        let credentials: JSONValue = [
            "apiVersion": "v1", "kind": "Secret", "metadata": ["name": "credentials"],
            "stringData": Self.credentials,
        ]
        _ = try await self.client.create(
            .secrets,
            namespace: self.namespace,
            credentials,
            fieldManager: "bench"
        )
    }

    /// A TodoApp's manifest.
    static func manifest(_ number: Int) -> JSONValue {
        [
            "apiVersion": .string(TodoAppObject.resource.apiVersion), "kind": .string(TodoAppObject.resource.kind),
            "metadata": ["name": .string(Self.name(number))],
            "spec": [
                "version": "1.0.0", "backend": [:], "frontend": [:],
                "secrets": ["from": [["secretName": "credentials"]]],
            ],
        ]
    }

    /// Makes one TodoApp, and gives its UID.
    func create(_ number: Int) async throws -> String {
        let app = try await self.client.create(
            TodoAppObject.resource,
            namespace: self.namespace,
            Self.manifest(number),
            fieldManager: "bench"
        )
        return app.metadata.uid
    }

    /// Makes all TodoApps, and gives their UIDs.
    func createAll() async throws -> [String] {
        let uids = Locked(Array(repeating: "", count: self.count))
        try await spread(self.count, over: Self.width) { number in
            let uid = try await self.create(number)
            uids.withLock { $0[number] = uid }
        }
        return uids.withLock { $0 }
    }

    /// Hands over each object of a type.
    func each(_ type: ResourceType, _ body: (JSONValue) -> Void) async throws {
        var token = ""
        repeat {
            let page = try await self.client.list(
                Selection(type, namespace: self.namespace),
                limit: 500,
                continueToken: token,
                each: body
            )
            token = page.continueToken
        } while !token.isEmpty
    }

    /// How many objects of these types belong to TodoApps.
    func countChildren(_ types: [ResourceType]) async throws -> Int {
        var found = 0
        for type in types {
            try await self.each(type) { object in
                if object["metadata"]?["ownerReferences"]?[0]?["kind"]?.string == "TodoApp" { found += 1 }
            }
        }
        return found
    }

    /// How many statuses say that all children of the present spec are as they should be.
    func countSynced() async throws -> Int {
        var synced = 0
        try await self.each(TodoAppObject.resource) { app in
            let condition = app["status"]?["conditions"]?.array?.first { $0["type"]?.string == "ResourcesSynced" }
            let isCurrent = app["status"]?["observedGeneration"] == app["metadata"]?["generation"]
            if isCurrent, condition?["status"]?.string == "True" { synced += 1 }
        }
        return synced
    }
}
