import JSON
import Testing

extension Afterwards {
    /// The installation for a cluster: two replicas, of which one works.
    struct DefaultInstallTests {
        private static let namespace = "default-install"
        private static let lease = "todoapp-operator"

        @Test("Of the two replicas of config/default one leads; its pod is deleted, and another one goes on alone")
        func handover() async throws {
            let cluster = try Afterwards.cluster
            let kubectl = Kubectl(kubeconfig: cluster.kubeconfig)
            let audit = AuditLog(path: cluster.auditLog, user: OperatorPod.user)
            let installation = Installation("config/default", kubectl: kubectl)
            let mark = try audit.mark()
            try await installation.apply()
            try await installation.waitUntilReady()

            let replicas = try await Self.pods(kubectl)
            #expect(replicas.count == 2)
            #expect(replicas.allSatisfy { $0.isTrue("Ready") })
            let first = try await Self.holder(kubectl)
            #expect(replicas.map(\.name).contains(first), "the holder is one of the two: \(first)")

            try await kubectl.apply(Manifest.namespace(Self.namespace))
            try await Self.change("1.0.0", kubectl)
            #expect(try await Self.holder(kubectl) == first)

            try await kubectl("delete", "pod", first, "-n", OperatorPod.namespace, "--wait=false")
            let start = ContinuousClock.now
            // Mostly the one that stands by; the pod in the first one's place may be as quick.
            let second = try await answered("another replica holds the lease", within: .seconds(40)) {
                let holder = try await Self.holder(kubectl)
                return ["", first].contains(holder) ? nil : holder
            }
            let waited = ContinuousClock.now - start
            try await Self.change("1.0.1", kubectl)
            try await installation.waitUntilReady()
            let successors = try await Self.pods(kubectl).filter { !$0.isGoing && $0.isTrue("Ready") }
            #expect(successors.count == 2)
            #expect(try await Self.holder(kubectl) == second, "the other one stands by")

            // The lease is asked for by everybody, and whoever ends posts the events that wait when it has given the lease back.
            let written = try audit.requests(since: mark).filter { request in
                request.isWrite && !["leases", "events"].contains(request.resource)
            }
            let writes = written.sorted { $0.time < $1.time }.map(\.source)
            let addresses = [first, second].map { name in
                (replicas + successors).first { $0.name == name }?.at("status.podIP")?.string ?? ""
            }
            print("config/default: the other replica led \(waited) after the first one's end; \(writes.count) writes")
            #expect(Set(writes) == Set(addresses), "who wrote, by the pods' addresses")
            let takeover = writes.firstIndex(of: addresses[1]) ?? 0
            #expect(!writes[takeover...].contains(addresses[0]), "the first one writes no more: \(written)")

            try await kubectl("delete", "namespace", Self.namespace, "--timeout=120s")
            try await installation.delete()
            try await installation.expectNothingLeft()
        }

        /// The operator's pods.
        private static func pods(_ kubectl: Kubectl) async throws -> [JSONValue] {
            let list = try await kubectl.json("get", "pods", "-n", OperatorPod.namespace, "-l", Installation.label)
            return list["items"]?.array ?? []
        }

        /// The pod that holds the lease; the empty text while nobody does.
        private static func holder(_ kubectl: Kubectl) async throws -> String {
            let lease = try await kubectl.json("get", "lease", Self.lease, "-n", OperatorPod.namespace)
            let identity = lease.at("spec.holderIdentity")?.string ?? ""
            // What follows the pod's name tells two processes in one pod apart.
            return identity.split(separator: "_").first.map(String.init) ?? ""
        }

        /// Applies an app that needs no node and waits until the operator has seen it in that version, and made its children.
        private static func change(_ version: String, _ kubectl: Kubectl) async throws {
            var secret = Manifest.secret(Credentials.secretName, Credentials.taskflow)
            secret["metadata"]?["namespace"] = .string(Self.namespace)
            var app = Manifest.podless("taskflow", ["version": .string(version)])
            app["metadata"]?["namespace"] = .string(Self.namespace)
            try await kubectl.apply(secret, app)
            try await answered("version \(version) is reconciled") { () async throws -> Void? in
                let app = try await kubectl.json("get", "todoapp", "taskflow", "-n", Self.namespace)
                let isSeen = app.at("status.observedGeneration") == app.at("metadata.generation")
                return isSeen && app.isTrue("ResourcesSynced") ? () : nil
            }
        }
    }
}
