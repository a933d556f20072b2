import Foundation
import JSON
import Testing

extension EndToEnd {
    /// Every way to go wrong, provoked on the node, and told by the TodoApp.
    @Suite(.together)
    struct FailureTests {
        @Test("A failure is told by its class, soon, with what to do about it", arguments: FailureCase.all)
        func isTold(_ failure: FailureCase) async throws {
            try await TestNamespace.with("failure") { namespace in
                try await FailureStory(failure, in: namespace).play()
            }
        }
    }
}

/// One failure from its cause to what the admin reads.
struct FailureStory: Sendable {
    private let failure: FailureCase
    private let namespace: TestNamespace

    init(_ failure: FailureCase, in namespace: TestNamespace) {
        self.failure = failure
        self.namespace = namespace
    }

    func play() async throws {
        for object in self.failure.beside {
            try await self.namespace.apply(object)
        }
        let app = try await self.namespace.run(Manifest.todoApp("todo", self.failure.spec))
        var since = 0
        if let spoil = self.failure.spoil {
            try await app.waitUntilReady()
            since = app.object.revision
            try await spoil(app)
        }
        let told = try await self.whenTold(app, since: since)
        let shown = try self.whenShown(since: since)
        self.namespace.stage.latencies.note(self.failure.name, told.time - shown - self.failure.sign.patience)
        try await self.judge(app, told: told.object, since: since)
        try await self.read(app)
    }

    // MARK: When

    private func tells(_ app: JSONValue) -> Bool {
        self.entry(of: app) != nil && app.condition("Degraded")?["reason"]?.string == self.failure.reason
    }

    private func entry(of app: JSONValue) -> JSONValue? {
        app.at("status.components.backend.failures")?.array?.first { $0["reason"]?.string == self.failure.reason }
    }

    /// The first status that tells of it.
    private func whenTold(_ app: AppUnderTest, since: Int) async throws -> ObjectEvent {
        try await eventually(
            "\(self.failure.name) is told",
            within: .seconds(120),
            lastSeen: { "\(app.text("Ready")); \(app.object.at("status.components")?.text() ?? "")" }
        ) {
            app.history.first { $0.revision > since && self.tells($0.object) }
        }
    }

    /// When the cluster itself showed it first.
    private func whenShown(since: Int) throws -> ContinuousClock.Instant {
        let events = self.namespace.watch.histories(self.failure.sign.kind, self.namespace.name).flatMap { $0 }
        let signs = events.filter { $0.revision > since && self.failure.sign.isShown($0.object) }
        return try #require(signs.map(\.time).min(), "\(self.failure.name): the cluster does not show it")
    }

    // MARK: What

    private func judge(_ app: AppUnderTest, told: JSONValue, since: Int) async throws {
        let entry = try #require(self.entry(of: told))
        if let message = self.failure.message {
            // The kubelet's own sentence may come a moment after the class is known, in an event.
            _ = try await eventually("\(message) is told", within: .seconds(10), lastSeen: { "\(entry)" }) {
                app.history.first { event in
                    let told = self.entry(of: event.object)?["message"]?.string
                    return event.revision > since && told?.contains(message) == true
                }
            }
        }
        #expect(entry["rawReason"]?.string?.isEmpty == false, "\(entry)")
        #expect(entry["hint"]?.string?.isEmpty == false, "\(entry)")
        if let exitCode = self.failure.exitCode {
            #expect(entry["exitCode"]?.integer == exitCode, "\(entry)")
        }
        #expect(told.isTrue("Degraded"))
        #expect(told.condition("Ready")?["status"] == "False")
        #expect(told.condition("Ready")?["reason"]?.string == self.failure.ready ?? self.failure.reason)
        if self.failure.ready == nil {
            #expect(told.at("status.summary")?.string?.contains(self.failure.reason) == true)
        }
        for condition in told.at("status.conditions")?.array ?? [] {
            #expect(condition["observedGeneration"] == told.at("metadata.generation"))
            #expect(condition["reason"]?.string?.isEmpty == false)
        }
    }

    /// What `kubectl describe` shows, with `UPDATE_DOCS=1` also as the page of `docs/failures`.
    private func read(_ app: AppUnderTest) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        var text = ""
        repeat {
            text = try await self.namespace.kubectl("describe", "todoapp", app.name, "-n", self.namespace.name)
        } while !self.isComplete(text) && ContinuousClock.now < deadline
        #expect(self.isComplete(text), "an event tells of it: \(text)")
        if ProcessInfo.processInfo.environment["UPDATE_DOCS"] == "1" {
            let folder = URL(filePath: ClusterUnderTest.file("docs/failures"))
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            // The one thing that is not as captured: the namespace's made-up name.
            try text.replacing(self.namespace.name, with: "todo-app").write(
                to: folder.appending(path: "\(self.failure.name).txt"),
                atomically: true,
                encoding: .utf8
            )
        }
    }

    /// Whether the text has the failure, which a container that is restarted again and again hides for seconds, and its event.
    private func isComplete(_ text: String) -> Bool {
        let lines = text.split(separator: "\n").filter { $0.contains(self.failure.reason) }
        return ["Reason:", "Warning"].allSatisfy { word in lines.contains { $0.contains(word) } }
    }
}
