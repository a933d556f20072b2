import JSON
import Testing

extension EndToEnd {
    /// Ready says what the pods are, and says it soon.
    @Suite(.serialized, .alone)
    struct ReadinessTests {
        /// How long the status may lag behind a pod, from event to event.
        private static let bound = Duration.seconds(2)

        @Test("kubectl wait for Ready returns when, and only when, all pods are ready")
        func waits() async throws {
            try await TestNamespace.with("ready") { namespace in
                let app = try await namespace.run(Manifest.taskflow())
                try await namespace.kubectl(
                    "wait",
                    "--for=condition=Ready",
                    "todoapp/\(app.name)",
                    "-n",
                    namespace.name,
                    "--timeout=60s"
                )
                let returned = ContinuousClock.now
                try await app.waitUntilReady()
                try self.expectTruth(app)
                let ready = try #require(self.lastReadyPod(of: app))
                print("kubectl wait returned \(returned - ready.time) after the last pod was ready")
                #expect(returned - ready.time < Self.bound)
            }
        }

        @Test("A deleted pod turns Ready to False, and its successor turns it back, within two seconds each")
        func deletedPod() async throws {
            try await TestNamespace.with("kill") { namespace in
                let app = try await namespace.run(Manifest.taskflow())
                try await app.waitUntilReady()
                for component in ["backend", "frontend"] {
                    // Right after a rollout, which has used up the room for statuses in a row, what is over within a second is
                    // not told: a successor may be as quick as that.
                    try await Task.sleep(for: .seconds(2))
                    let victim = try #require(app.pods(component).first)
                    let before = app.object.revision
                    try await namespace.kubectl("delete", "pod", victim.name, "-n", namespace.name, "--wait=false")
                    let killed = try await self.event(of: victim, in: namespace, "is deleted") { $0.isGoing }
                    let down = try await self.turn(of: app, after: before, isReady: false)
                    let up = try await self.turn(of: app, after: down.revision, isReady: true)
                    let successor = try #require(self.lastReadyPod(of: app))
                    self.expectSoon("\(component) deleted", from: killed, to: down)
                    self.expectSoon("\(component) replaced", from: successor, to: up)
                }
            }
        }

        @Test("A pod that loses its readiness and regains it turns Ready around within two seconds each")
        func unreadyPod() async throws {
            try await TestNamespace.with("unready") { namespace in
                let app = try await namespace.run(Manifest.taskflow())
                try await app.waitUntilReady()
                let pod = try #require(app.pods("backend").first)
                for (command, isReady) in [("mv /www/health /www/gone", false), ("mv /www/gone /www/health", true)] {
                    let before = app.object.revision
                    try await namespace.kubectl("exec", pod.name, "-n", namespace.name, "--", "sh", "-c", command)
                    let cause = try await self.event(of: pod, in: namespace, "turns", after: before) {
                        $0.isTrue("Ready") == isReady
                    }
                    let effect = try await self.turn(of: app, after: before, isReady: isReady)
                    self.expectSoon(isReady ? "readiness regained" : "readiness lost", from: cause, to: effect)
                }
            }
        }

        /// At every status that said Ready, the pods were: judged by the API server's own order of things.
        private func expectTruth(_ app: AppUnderTest) throws {
            let statements = app.history.filter { $0.object.isTrue("Ready") }
            #expect(!statements.isEmpty)
            for statement in statements {
                for component in ["backend", "frontend"] {
                    let pods = app.pods(component, at: statement.revision).filter { !$0.isGoing }
                    #expect(pods.count == 1, "\(component) at revision \(statement.revision)")
                    #expect(pods.allSatisfy { $0.isTrue("Ready") }, "\(component) at revision \(statement.revision)")
                }
            }
        }

        private func expectSoon(_ what: String, from cause: ObjectEvent, to effect: ObjectEvent) {
            let lag = effect.time - cause.time
            print("\(what): the status followed after \(lag)")
            #expect(lag < Self.bound, "\(what)")
        }

        /// The first event of a pod that is as it should be.
        private func event(
            of pod: JSONValue,
            in namespace: TestNamespace,
            _ what: String,
            after revision: Int = 0,
            _ isSo: (JSONValue) -> Bool
        ) async throws -> ObjectEvent {
            try await eventually("\(pod.name) \(what)", within: .seconds(60)) {
                namespace.watch.history(.pods, namespace.name, pod.name).first {
                    $0.revision > revision && isSo($0.object)
                }
            }
        }

        /// The first status after a revision whose Ready is True, or is not.
        private func turn(of app: AppUnderTest, after revision: Int, isReady: Bool) async throws -> ObjectEvent {
            try await eventually("Ready turns to \(isReady)", within: .seconds(60), lastSeen: { app.text("Ready") }) {
                app.history.first { $0.revision > revision && $0.object.isTrue("Ready") == isReady }
            }
        }

        /// When the last of the app's present pods got ready.
        private func lastReadyPod(of app: AppUnderTest) -> ObjectEvent? {
            let pods = (app.pods("backend") + app.pods("frontend")).filter { !$0.isGoing }
            let turns = pods.compactMap { pod in
                app.namespace.watch.history(.pods, app.namespace.name, pod.name).first { $0.object.isTrue("Ready") }
            }
            return turns.max { $0.revision < $1.revision }
        }
    }
}
