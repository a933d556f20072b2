import JSON
import Testing

extension Afterwards {
    /// The installation for thousands of TodoApps: three replicas that all work.
    struct SharedInstallTests {
        private static let namespace = "shared-install"
        private static let apps = (1...12).map { "app-\($0)" }

        @Test("The three replicas of config/sharded share the TodoApps; one is deleted, and the others take its part")
        func sharing() async throws {
            let cluster = try Afterwards.cluster
            let kubectl = Kubectl(kubeconfig: cluster.kubeconfig)
            let audit = AuditLog(path: cluster.auditLog, user: OperatorPod.user)
            let installation = Installation("config/sharded", kubectl: kubectl)
            try await installation.apply()
            try await installation.waitUntilReady()
            let members = try await Self.settledMembers(kubectl)

            var mark = try audit.mark()
            try await kubectl.apply(Manifest.namespace(Self.namespace))
            try await Self.change("1.0.0", kubectl)
            let writers = Self.writers(try audit.requests(since: mark))
            print("config/sharded: \(writers.mapValues { $0.sorted() })")
            #expect(Set(writers.keys) == Set(Self.apps))
            #expect(writers.values.allSatisfy { $0.count == 1 }, "each TodoApp has one replica: \(writers)")
            #expect(Set(writers.values.joined()).count > 1, "more than one replica works")

            let first = members[0].split(separator: "_").first.map(String.init) ?? ""
            try await kubectl("delete", "pod", first, "-n", OperatorPod.namespace, "--wait=false")
            try await answered("the one that was deleted is no member any more", within: .seconds(60)) {
                let names = try await Self.settledMembers(kubectl)
                return names.contains { $0.hasPrefix("\(first)_") } ? nil : ()
            }
            mark = try audit.mark()
            try await Self.change("1.0.1", kubectl)
            let successors = Self.writers(try audit.requests(since: mark))
            #expect(successors.values.allSatisfy { $0.count == 1 }, "still one for each: \(successors)")
            let refused = try audit.requests(since: mark).filter(\.isForbidden)
            #expect(refused.isEmpty, "\(refused)")

            try await kubectl("delete", "namespace", Self.namespace, "--timeout=120s")
            try await installation.delete()
            try await installation.expectNothingLeft()
        }

        /// The three members, when each of them reckons with the others.
        private static func settledMembers(_ kubectl: Kubectl) async throws -> [String] {
            try await answered("three members claim their shares", within: .seconds(60)) {
                () async throws -> [String]? in
                let leases = try await kubectl.json(
                    "get",
                    "leases",
                    "-n",
                    OperatorPod.namespace,
                    "-l",
                    "todo.taskflow.dev/shard-of=todoapp-operator"
                )
                let items = leases["items"]?.array ?? []
                let claims = items.map {
                    $0["metadata"]?["annotations"]?["todo.taskflow.dev/shard-claim"]?.string ?? ""
                }
                let holders = items.compactMap { $0["spec"]?["holderIdentity"]?.string }.sorted()
                let claim = holders.joined(separator: ",")[...]
                // Whole: a claim of four members ends like one of the last three.
                let isSettled = claims.allSatisfy { $0.split(separator: " ").last == claim }
                return items.count == 3 && isSettled ? holders : nil
            }
        }

        /// Which pods wrote a TodoApp's status, by their addresses.
        private static func writers(_ requests: [AuditLog.Request]) -> [String: Set<String>] {
            var writers: [String: Set<String>] = [:]
            for request in requests where request.isWrite && request.resource == "todoapps" {
                writers[request.name, default: []].insert(request.source)
            }
            return writers
        }

        /// Applies apps that need no node, and waits until each has been seen in that version, and its children made.
        private static func change(_ version: String, _ kubectl: Kubectl) async throws {
            var secret = Manifest.secret(Credentials.secretName, Credentials.taskflow)
            secret["metadata"]?["namespace"] = .string(Self.namespace)
            try await kubectl.apply(secret)
            for name in Self.apps {
                var app = Manifest.podless(name, ["version": .string(version)])
                app["metadata"]?["namespace"] = .string(Self.namespace)
                try await kubectl.apply(app)
            }
            try await answered("version \(version) is reconciled", within: .seconds(60)) { () async throws -> Void? in
                let apps = try await kubectl.json("get", "todoapps", "-n", Self.namespace)["items"]?.array ?? []
                let isSeen = apps.allSatisfy { app in
                    app.at("status.observedGeneration") == app.at("metadata.generation")
                        && app.isTrue("ResourcesSynced")
                }
                return isSeen && apps.count == Self.apps.count ? () : nil
            }
        }
    }
}
