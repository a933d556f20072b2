import JSON
import Testing

extension EndToEnd {
    /// Objects of somebody else that have the names of children.
    @Suite(.together)
    struct ForeignObjectTests {
        @Test("A foreign object of a child's name stays as it was, and the status names it", arguments: Foreign.all)
        func untouched(_ foreign: Foreign) async throws {
            try await TestNamespace.with("foreign") { namespace in
                try await namespace.apply(foreign.manifest(servedBy: namespace.stage))
                let before = try await namespace.kubectl.json(
                    "get",
                    foreign.kind.rawValue,
                    foreign.name,
                    "-n",
                    namespace.name
                )
                let mark = try namespace.stage.audit.mark()
                let app = try await namespace.run(Manifest.podless("taskflow", ["environment": "Production"]))
                try await self.expectConflict(of: app, with: foreign)

                let generation = try await app.change(["backend": ["env": ["LOG_LEVEL": "debug"]]])
                try await self.expectConflict(of: app, with: foreign, generation: generation)

                try await app.delete()
                try await eventually("the app's own children are gone") {
                    app.object == .null && WatchedKind.childKinds.allSatisfy { app.children($0).isEmpty }
                }
                let after = try await namespace.kubectl.json(
                    "get",
                    foreign.kind.rawValue,
                    foreign.name,
                    "-n",
                    namespace.name
                )
                #expect(foreign.compared(after) == foreign.compared(before))
                let writes = try namespace.stage.audit.requests(since: mark).filter { request in
                    request.isWrite && request.namespace == namespace.name && request.name == foreign.name
                        && foreign.kind.rawValue.hasPrefix(request.resource)
                }
                // A creation under a name that is taken is how the operator finds out.
                #expect(writes.filter { $0.verb != "create" || $0.code != 409 }.isEmpty)
                print("\(foreign.kindName): \(writes.count) attempts to create what somebody else has")
            }
        }

        @Test("With the adopt annotation a foreign object is taken over", arguments: Foreign.all)
        func adopted(_ foreign: Foreign) async throws {
            try await TestNamespace.with("adopt") { namespace in
                try await namespace.apply(foreign.manifest(servedBy: namespace.stage))
                let app = try await namespace.run(Manifest.podless("taskflow", ["environment": "Production"]))
                try await self.expectConflict(of: app, with: foreign)
                let uid = namespace.object(foreign.kind, foreign.name)?.uid
                try await namespace.kubectl(
                    "annotate",
                    foreign.kind.rawValue,
                    foreign.name,
                    "-n",
                    namespace.name,
                    "todo.taskflow.dev/adopt=true"
                )
                try await app.waitUntil("has taken it over", within: .seconds(60)) { $0.isTrue("ResourcesSynced") }
                let object = try await eventually("the owner is heard of", within: .seconds(10)) {
                    namespace.object(foreign.kind, foreign.name).flatMap {
                        $0.at("metadata.ownerReferences[0].uid")?.string == app.object.uid ? $0 : nil
                    }
                }
                #expect(object.uid == uid, "it is the same object")
                #expect(object.at("metadata.labels[app.kubernetes.io/managed-by]") == "todoapp-operator")
            }
        }

        private func expectConflict(of app: AppUnderTest, with foreign: Foreign, generation: Int64 = 0) async throws {
            try await app.waitUntil("says OwnershipConflict", within: .seconds(30), generation: generation) {
                $0.condition("ResourcesSynced")?["reason"] == "OwnershipConflict"
            }
            #expect(app.object.isTrue("Stalled"))
            #expect(!app.object.isTrue("Ready"))
            #expect(app.text("ResourcesSynced").contains("\(foreign.kindName) \(foreign.name) "))
        }
    }
}

/// An object of somebody else that has the name of a child.
struct Foreign: Sendable, CustomTestStringConvertible {
    let kind: WatchedKind
    let kindName: String
    let name: String
    let apiVersion: String
    let content: JSONValue

    static let all = [
        Foreign(
            kind: .deployments,
            kindName: "Deployment",
            name: "taskflow-backend",
            apiVersion: "apps/v1",
            content: [
                "spec": [
                    "replicas": 0,
                    // The selector of a Deployment cannot change: one that can be taken over has the same.
                    "selector": ["matchLabels": ["app": "taskflow-backend"]],
                    "template": [
                        "metadata": ["labels": ["app": "taskflow-backend"]],
                        "spec": ["containers": [["name": "backend", "image": "somebody/elses:1"]]],
                    ],
                ]
            ]
        ),
        Foreign(
            kind: .services,
            kindName: "Service",
            name: "taskflow-frontend",
            apiVersion: "v1",
            content: ["spec": ["selector": ["app": "other"], "ports": [["name": "http", "port": 80]]]]
        ),
        Foreign(
            kind: .secrets,
            kindName: "Secret",
            name: "taskflow-secrets",
            apiVersion: "v1",
            content: ["type": "Opaque", "data": ["BETTER_AUTH_SECRET": "Zm9yZWlnbi1mb3JlaWduLWZvcmVpZ24tZm9yZWlnbg=="]]
        ),
        Foreign(
            kind: .configMaps,
            kindName: "ConfigMap",
            name: "taskflow-config",
            apiVersion: "v1",
            content: ["data": ["somebody": "else"]]
        ),
        Foreign(kind: .serviceAccounts, kindName: "ServiceAccount", name: "taskflow", apiVersion: "v1", content: [:]),
        Foreign(
            kind: .podDisruptionBudgets,
            kindName: "PodDisruptionBudget",
            name: "taskflow-backend",
            apiVersion: "policy/v1",
            content: ["spec": ["maxUnavailable": 2, "selector": ["matchLabels": ["app": "taskflow-backend"]]]]
        ),
        Foreign(
            kind: .networkPolicies,
            kindName: "NetworkPolicy",
            name: "taskflow-backend",
            apiVersion: "networking.k8s.io/v1",
            content: ["spec": ["podSelector": ["matchLabels": ["app": "other"]], "policyTypes": ["Ingress"]]]
        ),
    ]

    var testDescription: String { self.kindName }

    /// What is compared: the whole object, but for what Kubernetes' own controllers write into some kinds.
    func compared(_ object: JSONValue) -> JSONValue {
        switch self.kind {
        case .deployments, .podDisruptionBudgets, .serviceAccounts:
            object.merging([
                "status": nil, "secrets": nil,
                "metadata": [
                    "resourceVersion": nil, "managedFields": nil, "generation": nil,
                    "annotations": ["deployment.kubernetes.io/revision": nil],
                ],
            ])
        default: object
        }
    }

    func manifest(servedBy stage: Stage) -> JSONValue {
        let isBudget = self.kind == .podDisruptionBudgets
        let head: JSONValue = [
            "apiVersion": .string(isBudget ? stage.policyVersion : self.apiVersion), "kind": .string(self.kindName),
            "metadata": ["name": .string(self.name), "labels": ["somebody": "else"]],
        ]
        return head.merging(self.content)
    }
}
