import JSON
import Testing

extension EndToEnd {
    /// What the operator does when there is nothing to do: nothing.
    @Suite(.serialized, .alone)
    struct SteadyStateTests {
        @Test("60 quiet seconds cost nothing but the lease, and now and then a list of Events; the watches stay open")
        func quiet() async throws {
            let stage = try Stage.current
            let apps = try await self.settledApps()
            try await self.waitUntilSilent(stage)
            let mark = try stage.audit.mark()
            // Not a wait for something: these seconds are what is measured.
            try await Task.sleep(for: .seconds(60))
            let requests = try Self.requests(stage, since: mark)
            print("60 quiet seconds with \(apps.count) TodoApps: \(requests.count) requests")
            for request in requests {
                print("  \(request)")
            }
            // For Events the API server has no bookmarks: where watches of them stayed silent for so long that it will have
            // forgotten the version, every ten minutes or so, one filtered list begins anew.
            let others = requests.filter { $0.verb != "watch" && !($0.verb == "list" && $0.resource == "events") }
            #expect(others.isEmpty)
            #expect(requests.count { $0.verb == "list" } <= 1)
        }

        @Test("A restart of the operator changes no pod and writes nothing")
        func restart() async throws {
            let stage = try Stage.current
            let apps = try await self.settledApps()
            try await self.waitUntilSilent(stage)
            let mark = try stage.audit.mark()
            let before = apps.map { app in Self.fingerprint(app) }
            try await stage.operatorPod.stop()
            try await stage.operatorPod.start()
            // A change comes after everything that it had to look at when it started.
            try await TestNamespace.with("restarted") { namespace in
                let app = try await namespace.run(Manifest.podless())
                try await app.waitUntil("is applied") { $0.isTrue("ResourcesSynced") }
            }
            try await self.waitUntilSilent(stage)
            let writes = try stage.audit.requests(since: mark).filter {
                $0.isWrite && $0.namespace == Samples.namespace
            }
            #expect(writes.isEmpty, "\(writes)")
            #expect(apps.map { app in Self.fingerprint(app) } == before)
        }

        /// All but those that keep the lease, which comes round however quiet it is.
        private static func requests(_ stage: Stage, since mark: AuditLog.Mark) throws -> [AuditLog.Request] {
            try stage.audit.requests(since: mark).filter { $0.resource != "leases" }
        }

        @Test("An operator of another version replaces no pod, and says in the status that it is there")
        func upgrade() async throws {
            let stage = try Stage.current
            let apps = try await self.settledApps()
            try await self.waitUntilSilent(stage)
            let before = apps.map { app in app.children(.pods).map(\.uid).sorted() }
            let former = apps.map { $0.object.at("status.operatorVersion") }
            try await stage.operatorPod.stop()
            // Built here and not by the Dockerfile: another version.
            let next = try SubjectProcess(
                stage.cluster.program,
                ["run", "--database-image", "todoapp-postgres:local"],
                kubeconfig: stage.cluster.operatorKubeconfig,
                log: ClusterUnderTest.file("build/e2e/next/operator.log")
            )
            try next.start()
            try await next.waitUntilReady()
            try await eventually("every status names the new version", within: .seconds(60)) {
                zip(apps, former).allSatisfy { app, former in
                    app.object.at("status.operatorVersion") != former && app.object.isTrue("Ready")
                }
            }
            // For whatever it might do to a pod to begin.
            try await Task.sleep(for: .seconds(5))
            #expect(apps.map { app in app.children(.pods).map(\.uid).sorted() } == before)
            #expect(await next.stop() == 0)
            try await stage.operatorPod.start()
        }

        private func settledApps() async throws -> [AppUnderTest] {
            var apps: [AppUnderTest] = []
            for file in Samples.files {
                apps.append(try await Samples.apply(file))
            }
            for app in apps {
                try await app.waitUntilReady()
            }
            return apps
        }

        /// Until the namespaces of other tests are gone and the operator has sent nothing for two seconds.
        private func waitUntilSilent(_ stage: Stage) async throws {
            try await eventually("the other tests' namespaces are gone") {
                stage.watch.objects(.namespaces, "").allSatisfy { !$0.name.hasPrefix("e2e-") }
            }
            var (mark, since) = (try stage.audit.mark(), ContinuousClock.now)
            try await eventually("the operator is silent", within: .seconds(60)) {
                if try !Self.requests(stage, since: mark).isEmpty {
                    (mark, since) = (try stage.audit.mark(), .now)
                }
                return ContinuousClock.now - since > .seconds(2)
            }
        }

        /// What must not change: the revision of the TodoApp and of every child, and the pods.
        private static func fingerprint(_ app: AppUnderTest) -> [String] {
            let objects =
                [app.object]
                + [.deployments, .services, .secrets, .configMaps, .serviceAccounts]
                .flatMap { app.children($0) }
            return (objects.map { "\($0.uid) \($0.revision)" } + app.children(.pods).map(\.uid)).sorted()
        }
    }
}
