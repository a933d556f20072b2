import Foundation
import JSON
import Testing

extension EndToEnd {
    /// The embedded PostgreSQL, which is a real one.
    @Suite(.together)
    struct DatabaseTests {
        @Test(
            "It speaks TLS alone to whom it lets in, keeps its data over a pod's end and a suspension, and goes with the app"
        )
        func life() async throws {
            try await TestNamespace.with("database", credentials: ["OPENAI_API_KEY": "canary-openai"]) { namespace in
                let volume = try await self.makeVolume(for: namespace)
                let app = try await namespace.run(Manifest.taskflow("taskflow", Self.spec))
                try await app.waitUntilReady()
                try await self.waitUntilServed(namespace)
                let url = try #require(namespace.object(.secrets, "taskflow-secrets")?.at("data.DATABASE_URL")?.string)
                let text = String(decoding: Data(base64Encoded: url) ?? Data(), as: UTF8.self)
                #expect(text.hasSuffix("@taskflow-postgres.\(namespace.name).svc:5432/todo?ssl=require"))
                #expect(
                    try await self.ask("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", namespace) == "t"
                )
                try await self.ask("CREATE TABLE todos AS SELECT 'water the plants' AS text", namespace)

                let pod = try #require(self.pod(in: namespace))
                try await namespace.kubectl("delete", "pod", pod.name, "-n", namespace.name, "--wait=false")
                try await self.waitUntilServed(namespace, after: pod)
                #expect(try await self.ask("SELECT text FROM todos", namespace) == "water the plants")

                let second = try #require(self.pod(in: namespace))
                try await app.change(["suspended": true])
                try await eventually("its pod is gone") { self.pod(in: namespace) == nil }
                try await app.change(["suspended": false])
                try await self.waitUntilServed(namespace, after: second)
                #expect(try await self.ask("SELECT text FROM todos", namespace) == "water the plants")

                try await app.delete()
                try await eventually("volume and credentials go with the app") {
                    namespace.objects(.persistentVolumeClaims).isEmpty && app.children(.secrets).isEmpty
                }
                try await namespace.kubectl("delete", "persistentvolume", volume, "--wait=false")
            }
        }

        private static let spec: JSONValue = [
            "database": ["embedded": ["storage": "256Mi"]],
            "secrets": [
                "from": [
                    ["secretName": .string(Credentials.secretName), "keys": ["OPENAI_API_KEY": "OPENAI_API_KEY"]]
                ]
            ],
        ]

        /// A folder of the node's: what the cluster's own class provides would belong to root for good.
        private func makeVolume(for namespace: TestNamespace) async throws -> String {
            let cluster = namespace.stage.cluster
            let folder = URL(filePath: cluster.auditLog).deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: "database-\(namespace.name)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let node: JSONValue = [
                "matchExpressions": [
                    ["key": "kubernetes.io/hostname", "operator": "In", "values": [.string(cluster.name)]]
                ]
            ]
            let claim: JSONValue = ["namespace": .string(namespace.name), "name": "taskflow-postgres"]
            let volume: JSONValue = [
                "apiVersion": "v1", "kind": "PersistentVolume", "metadata": ["name": .string(namespace.name)],
                "spec": [
                    "capacity": ["storage": "256Mi"], "accessModes": ["ReadWriteOnce"],
                    "persistentVolumeReclaimPolicy": "Retain", "storageClassName": "standard",
                    "local": ["path": .string(folder.path())], "claimRef": claim,
                    "nodeAffinity": ["required": ["nodeSelectorTerms": [node]]],
                ],
            ]
            try await namespace.kubectl.apply(volume)
            return namespace.name
        }

        private func pod(in namespace: TestNamespace) -> JSONValue? {
            namespace.object(.pods, "taskflow-postgres-0")
        }

        private func waitUntilServed(_ namespace: TestNamespace, after former: JSONValue? = nil) async throws {
            try await eventually("PostgreSQL is ready") {
                self.pod(in: namespace).map { $0.uid != former?.uid && !$0.isGoing && $0.isTrue("Ready") } ?? false
            }
        }

        /// Asks by the Service's name and with the password, and again while kube-proxy has not heard yet, as the backend would.
        @discardableResult
        private func ask(_ question: String, _ namespace: TestNamespace) async throws -> String {
            let deadline = ContinuousClock.now + .seconds(30)
            while true {
                do {
                    return try await self.askOnce(question, namespace)
                } catch let failure as Kubectl.Failure {
                    guard failure.errors.contains("Connection refused"), ContinuousClock.now < deadline else {
                        throw failure
                    }
                    try await Task.sleep(for: .milliseconds(500))
                }
            }
        }

        private func askOnce(_ question: String, _ namespace: TestNamespace) async throws -> String {
            let target = "host=taskflow-postgres user=todo dbname=todo sslmode=require"
            let command = "PGPASSWORD=$POSTGRES_PASSWORD psql \"\(target)\" -qtAc \"\(question)\""
            let answer = try await namespace.kubectl(
                "exec",
                "taskflow-postgres-0",
                "-n",
                namespace.name,
                "--",
                "sh",
                "-c",
                command
            )
            return answer.trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }
}
