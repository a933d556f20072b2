import JSON
import NIOHTTP1
import Testing

extension ServerFaults {
    /// The API server ends, comes back, and is not always the one that it was.
    @Suite(.serialized) struct ServerTests {
        @Test(
            "An API server that was stopped, or killed, and started again finds the operator at work",
            arguments: [
                "stop", "kill",
            ]
        )
        func restarted(_ way: String) async throws {
            try await FaultScene.with("server-\(way)", route: .direct) { scene in
                try await scene.apply(Manifest.taskflow())
                try await scene.settle()
                if way == "kill" {
                    try await scene.plane.cluster("stop", "--kill", "apiserver")
                } else {
                    try await scene.plane.cluster("stop", "apiserver")
                }
                try await scene.plane.cluster("start", "apiserver")
                try await scene.apply(Manifest.taskflow("taskflow", ["version": "1.0.1"]))
                let healed = try await scene.settle()
                scene.tell("API server, \(way) and start: a change was applied \(healed.text) after it")
            }
        }

        @Test("An API server with older data makes the operator follow that: nothing of the lost world comes back")
        func older() async throws {
            try await FaultScene.with("older", route: .direct) { scene in
                let admin = scene.plane.admin
                try await scene.apply(Manifest.taskflow("changed", ["version": "1.0.0"]))
                try await scene.apply(Manifest.taskflow("deleted", ["version": "1.0.0"]))
                try await scene.settle()
                // Looks like a child, and is a stranger's.
                let foreign: JSONValue = [
                    "apiVersion": "v1", "kind": "ConfigMap",
                    "metadata": [
                        "name": "foreign", "labels": ["app.kubernetes.io/managed-by": "todoapp-operator"],
                    ],
                ]
                let maps = "/api/v1/namespaces/\(scene.namespace)/configmaps"
                try await admin.call(.POST, maps, foreign)
                let earlier = try await Picture(of: scene)
                try await scene.plane.cluster("snapshot", scene.namespace)

                try await scene.apply(Manifest.taskflow("changed", ["version": "1.0.1", "frontend": nil]))
                try await scene.apply(Manifest.taskflow("later", ["version": "1.0.1"]))
                try await scene.delete("deleted")
                try await scene.settle()
                try await awaited("what belonged to the deleted one is gone") {
                    try await scene.child(.deployments, "deleted-backend") == nil
                }
                let lostVersion = try await scene.apps().map(\.revision).max() ?? 0

                try await scene.plane.cluster("restore", scene.namespace)
                let start = ContinuousClock.now
                let version = try await scene.apps().map(\.revision).max() ?? 0
                #expect(version < lostVersion, "versions have gone back")
                // Works on: what is changed in this world is applied, and what is in it is as it was.
                try await scene.apply(Manifest.taskflow("changed", ["version": "1.0.2"]))
                try await scene.settle()
                let healed = ContinuousClock.now - start
                try await scene.apply(Manifest.taskflow("changed", ["version": "1.0.0"]))
                try await scene.settle()
                var now = try await Picture(of: scene)
                try await awaited(
                    "the world is the older one",
                    within: .seconds(60),
                    lastSeen: { now.differences(from: earlier).joined(separator: "\n") },
                    {
                        now = try await Picture(of: scene)
                        return now.differences(from: earlier).isEmpty
                    }
                )
                scene.tell(
                    "API server with older data (\(version) after \(lostVersion)): followed after \(healed.text)"
                )
            }
        }

        @Test("Deletions that were missed while etcd was compacted are seen")
        func compacted() async throws {
            try await FaultScene.with("compacted", route: .relay) { scene in
                let relay = try scene.neededRelay()
                try await scene.apply(Manifest.taskflow())
                try await scene.settle()
                relay.freeze()
                relay.breakConnections()
                let service = "/api/v1/namespaces/\(scene.namespace)/services/taskflow-backend"
                let lost = try await scene.plane.admin.call(.GET, service).uid
                try await scene.plane.admin.call(.DELETE, service)
                try await scene.plane.cluster("stop", "apiserver")
                try await scene.plane.cluster("compact")
                try await scene.plane.cluster("start", "apiserver")
                let audit = AuditLog(path: scene.plane.auditLog, user: "todoapp-operator")
                let mark = try audit.mark()
                relay.thaw()
                relay.breakConnections()
                let start = ContinuousClock.now
                try await awaited("the Service is there again", lastSeen: { (try? scene.process.logText) ?? "" }) {
                    let found = try await scene.child(.services, "taskflow-backend")
                    return found.map { $0.uid != lost } ?? false
                }
                let healed = ContinuousClock.now - start
                let relists = try audit.requests(since: mark).count { $0.verb == "list" && $0.resource == "services" }
                scene.tell("compacted: a missed deletion was seen after \(healed.text), \(relists) lists anew")
                #expect(relists > 0)
            }
        }

        @Test("In a namespace that is going, the status says so and the operator does not fight it")
        func terminating() async throws {
            try await FaultScene.with("going") { scene in
                let proxy = try scene.neededProxy()
                try await scene.apply(Manifest.taskflow())
                try await scene.settle()
                // Without it nothing is deleted, and the namespace stays as it is while it is looked at.
                try await scene.plane.cluster("stop", "controller-manager")
                let namespace = "/api/v1/namespaces/\(scene.namespace)"
                try await scene.plane.admin.call(.DELETE, namespace)
                try await scene.plane.admin.call(.DELETE, "\(namespace)/services/taskflow-backend")
                try await awaited("the status says so", lastSeen: { (try? scene.process.logText) ?? "" }) {
                    let app = try await scene.apps().first
                    return app?.condition("ResourcesSynced")?["reason"]?.string == "NamespaceTerminating"
                }
                let before = proxy.requests.count
                // These seconds are what is measured.
                try await Task.sleep(for: .seconds(15))
                let requests = proxy.requests.dropFirst(before).filter { !$0.isWatch }
                try await scene.plane.cluster("start", "controller-manager")
                scene.tell("a namespace that is going: \(requests.count) requests in 15 s")
                #expect(requests.count < 30, "\(requests.map(\.description))")
                try await awaited("it is gone") {
                    do {
                        try await scene.plane.admin.call(.GET, namespace)
                        return false
                    } catch let refusal as Upstream.Refusal where refusal.code == 404 {
                        return true
                    }
                }
            }
        }
    }
}
