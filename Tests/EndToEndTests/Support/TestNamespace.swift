import Foundation
import JSON

/// A namespace that one test has for itself.
struct TestNamespace: Sendable {
    /// By which all of them are found.
    static let label = "todo.taskflow.dev/end-to-end=true"

    let name: String
    let stage: Stage

    var kubectl: Kubectl { self.stage.kubectl }
    var watch: ClusterWatch { self.stage.watch }

    /// Makes a namespace, runs the body with it, and deletes it; nobody waits until it is gone.
    static func with(
        _ purpose: String,
        credentials: [String: String] = Credentials.taskflow,
        _ body: (TestNamespace) async throws -> Void
    ) async throws {
        let stage = try Stage.current
        let suffix = UUID().uuidString.lowercased().prefix(6)
        let namespace = TestNamespace(name: "e2e-\(purpose)-\(suffix)", stage: stage)
        try await stage.kubectl.apply(Manifest.namespace(namespace.name))
        if !credentials.isEmpty {
            try await namespace.apply(Manifest.secret(Credentials.secretName, credentials))
        }
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(namespace))
        } catch {
            result = .failure(error)
        }
        try await stage.kubectl("delete", "namespace", namespace.name, "--wait=false")
        try result.get()
    }

    /// Creates or changes objects in it.
    func apply(_ objects: JSONValue...) async throws {
        for object in objects {
            var object = object
            object["metadata"]?["namespace"] = .string(self.name)
            try await self.kubectl.apply(object)
        }
    }

    /// An object as it is now.
    func object(_ kind: WatchedKind, _ name: String) -> JSONValue? {
        self.watch.object(kind, self.name, name)
    }

    /// The objects of a kind as they are now.
    func objects(_ kind: WatchedKind) -> [JSONValue] {
        self.watch.objects(kind, self.name)
    }

    /// Waits until the tests have heard of all that the API server has here at this moment: one watch may be behind another.
    func catchUp() async throws {
        let kinds = WatchedKind.childKinds.map(\.rawValue).joined(separator: ",")
        let there = try await self.kubectl.json("get", kinds, "-n", self.name)["items"]?.array ?? []
        try await eventually("everything in \(self.name) is heard of", within: .seconds(20)) {
            let heard = Set(
                WatchedKind.childKinds.flatMap { self.watch.histories($0, self.name) }.joined().map(\.revision)
            )
            return there.allSatisfy { heard.contains($0.revision) }
        }
    }

    /// A TodoApp in it.
    func app(_ name: String) -> AppUnderTest {
        AppUnderTest(name: name, namespace: self)
    }

    /// Applies a TodoApp.
    func run(_ manifest: JSONValue) async throws -> AppUnderTest {
        try await self.apply(manifest)
        return self.app(manifest.name)
    }
}
