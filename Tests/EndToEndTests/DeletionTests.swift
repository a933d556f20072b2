import JSON
import Testing

extension EndToEnd {
    /// What becomes of the children when the TodoApp goes.
    @Suite(.together)
    struct DeletionTests {
        @Test("A deleted TodoApp takes every child with it, down to the pods")
        func all() async throws {
            try await TestNamespace.with("delete") { namespace in
                let app = try await namespace.run(Manifest.taskflow("taskflow", Self.everything))
                try await app.waitUntilReady()
                try await namespace.catchUp()
                for kind in WatchedKind.childKinds where !Self.databaseKinds.contains(kind) {
                    #expect(!app.children(kind).isEmpty, "there are \(kind.rawValue) before")
                }
                try await app.delete()
                try await eventually("the TodoApp is gone") { app.object == .null }
                for kind in WatchedKind.childKinds {
                    try await eventually(
                        "all \(kind.rawValue) are gone",
                        // A kubelet that misses the end of a pod looks again after a minute.
                        within: .seconds(300),
                        lastSeen: { app.children(kind).map(\.name).joined(separator: " ") }
                    ) {
                        app.children(kind).isEmpty
                    }
                }
                #expect(namespace.object(.secrets, Credentials.secretName) != nil, "the source Secret stays")
            }
        }

        private static let everything: JSONValue = [
            "environment": "Production",
            "exposure": ["type": "Ingress", "host": "todo.example.com"],
            "backend": ["autoscaling": ["minReplicas": 2, "maxReplicas": 5]],
        ]

        /// These come with the embedded database alone, whose end DatabaseTests sees.
        private static let databaseKinds: [WatchedKind] = [.statefulSets, .persistentVolumeClaims]

        @Test("A TodoApp made anew under the same name gets children of its own")
        func anew() async throws {
            try await TestNamespace.with("anew") { namespace in
                let first = try await namespace.run(Manifest.podless())
                try await first.waitUntil("is applied") { $0.isTrue("ResourcesSynced") }
                let uid = first.object.uid
                try await first.delete()
                // At once, while the garbage collector is still at work on the first one's children.
                let second = try await namespace.run(Manifest.podless())
                try await second.waitUntil("is applied") { $0.uid != uid && $0.isTrue("ResourcesSynced") }
                try await eventually("every child is the second one's") {
                    let children = Child.all(of: second.name).map { namespace.object($0.kind, $0.name) }
                    return children.allSatisfy { child in
                        child?.at("metadata.ownerReferences[0].uid")?.string == second.object.uid
                            && child?.isGoing == false
                    }
                }
            }
        }
    }
}
