import JSON

/// A TodoApp in the cluster.
struct AppUnderTest: Sendable {
    let name: String
    let namespace: TestNamespace

    /// It as it is now; `null` where it is not there.
    var object: JSONValue { self.namespace.object(.todoApps, self.name) ?? .null }

    /// What happened to it.
    var history: [ObjectEvent] { self.namespace.watch.history(.todoApps, self.namespace.name, self.name) }

    /// Whether the operator has seen the spec as it is.
    var isObserved: Bool {
        self.object.at("metadata.generation") != nil
            && self.object.at("status.observedGeneration") == self.object.at("metadata.generation")
    }

    /// A condition in short: `False/RolloutInProgress: …`.
    func text(_ condition: String) -> String {
        let condition = self.object.condition(condition)
        func part(_ key: String) -> String { condition?[key]?.string ?? "" }
        return "\(part("status"))/\(part("reason")): \(part("message"))"
    }

    /// Waits until its spec is observed and something is so.
    func waitUntil(
        _ what: String,
        within limit: Duration = .seconds(240),
        generation: Int64 = 0,
        _ isSo: (JSONValue) -> Bool
    ) async throws {
        try await eventually(
            "\(self.namespace.name)/\(self.name): \(what)",
            within: limit,
            lastSeen: { "Ready \(self.text("Ready")); ResourcesSynced \(self.text("ResourcesSynced"))" }
        ) {
            self.isObserved && (self.object.at("metadata.generation")?.integer ?? 0) >= generation && isSo(self.object)
        }
    }

    /// Waits until it is ready, at a generation or a later one.
    func waitUntilReady(generation: Int64 = 0, within limit: Duration = .seconds(240)) async throws {
        try await self.waitUntil("is ready", within: limit, generation: generation) { $0.isTrue("Ready") }
    }

    /// Changes its spec; gives the generation that this makes.
    @discardableResult
    func change(_ spec: JSONValue) async throws -> Int64 {
        let changed = try await self.namespace.kubectl.merge(
            WatchedKind.todoApps.rawValue,
            self.name,
            in: self.namespace.name,
            ["spec": spec]
        )
        return changed.at("metadata.generation")?.integer ?? 0
    }

    /// Deletes it, and returns at once.
    func delete() async throws {
        try await self.namespace.kubectl(
            "delete",
            WatchedKind.todoApps.rawValue,
            self.name,
            "-n",
            self.namespace.name,
            "--wait=false"
        )
    }

    /// What is there of a kind that bears its name as instance.
    func children(_ kind: WatchedKind) -> [JSONValue] {
        self.namespace.objects(kind).filter {
            $0.at("metadata.labels[app.kubernetes.io/instance]")?.string == self.name
        }
    }

    /// The pods of a component.
    func pods(_ component: String, at revision: Int = .max) -> [JSONValue] {
        self.namespace.watch.objects(.pods, self.namespace.name, at: revision).filter {
            $0.at("metadata.labels.app")?.string == "\(self.name)-\(component)"
        }
    }
}
