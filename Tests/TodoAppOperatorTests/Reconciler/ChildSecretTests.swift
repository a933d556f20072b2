import ControllerRuntime
import JSON
import KubernetesAPI
import KubernetesTesting
import Locks
import Testing
import TodoAppAPI

@testable import TodoAppOperator

/// The Secret of an app: where its values come from, what a change of them rolls, and what stays.
@Suite("ChildKeeper, the Secret")
struct ChildSecretTests {
    private let fixture = ReconcilerFixture()

    @Test("Many changes of a Secret in a row are two rollouts: one at once, one for all that follow")
    func pace() async throws {
        try await self.fixture.settle()
        self.fixture.time.advance(by: ChildMemory.rest)
        var rollouts = 0
        for number in 0..<10 {
            self.fixture.cluster.put(.secrets, "taskflow-credentials") { secret in
                secret["data"]?["OPENAI_API_KEY"] = .string(Base64.encode(Array("key \(number)".utf8)))
            }
            let writes = try await self.fixture.pass(after: .milliseconds(100))
            rollouts += writes.contains("PATCH deployments/taskflow-backend") ? 1 : 0
        }
        #expect(rollouts == 1)
        self.fixture.time.advance(by: ChildMemory.rest)
        #expect(try await self.fixture.pass().contains("PATCH deployments/taskflow-backend"))
        let value = self.fixture.secretValue("OPENAI_API_KEY").flatMap(Base64.decode)
        #expect(value == Array("key 9".utf8))
    }

    @Test("A change of a source's metadata rolls nothing")
    func sourceMetadata() async throws {
        try await self.fixture.settle()
        self.fixture.time.advance(by: ChildMemory.rest)
        self.fixture.cluster.put(.secrets, "taskflow-credentials") { $0["metadata"]?["labels"] = ["team": "todo"] }
        #expect(try await self.fixture.pass().allSatisfy { !$0.contains("deployments/") })
    }

    @Test("The signing key is made anew once for each new value of the annotation, and its pods are rolled")
    func rotation() async throws {
        try await self.fixture.settle()
        #expect(self.fixture.takeTold().contains("Normal SecretGenerated"))
        let first = self.fixture.secretValue("BETTER_AUTH_SECRET")
        self.fixture.annotate([ChildAnnotation.rotateSigningKey: "one"])
        #expect(try await self.fixture.pass().contains("PATCH deployments/taskflow-backend"))
        let second = self.fixture.secretValue("BETTER_AUTH_SECRET")
        #expect(second != first)
        #expect(self.fixture.takeTold().contains("Normal SecretRotated"))
        try await self.fixture.settle()
        #expect(self.fixture.secretValue("BETTER_AUTH_SECRET") == second)
        self.fixture.annotate([:])
        try await self.fixture.settle()
        #expect(self.fixture.secretValue("BETTER_AUTH_SECRET") == second)
        #expect(!self.fixture.takeTold().contains("Normal SecretRotated"))
    }

    @Test("A Secret that is to be retained has no owner, and the next TodoApp of that name takes it over with its key")
    func retained() async throws {
        self.fixture.app { $0["secrets"]?["deletionPolicy"] = "Retain" }
        try await self.fixture.settle()
        let secret = self.fixture.cluster.object(.secrets, "taskflow-secrets")
        #expect(secret?.at("metadata.ownerReferences") == nil)
        let key = self.fixture.secretValue("BETTER_AUTH_SECRET")
        // The garbage collector takes what has an owner.
        for type in self.fixture.world.children.keys where type != .secrets {
            for name in ["taskflow", "taskflow-config", "taskflow-backend", "taskflow-frontend"] {
                self.fixture.cluster.remove(type, name)
            }
        }
        self.fixture.cluster.remove(TodoAppObject.resource, "taskflow")
        #expect(try await self.fixture.pass() == [])
        self.fixture.app { $0["version"] = "1.0.0" }
        self.fixture.cluster.put(TodoAppObject.resource, "taskflow") { $0["metadata"]?["uid"] = "another" }
        try await self.fixture.settle()
        #expect(self.fixture.secretValue("BETTER_AUTH_SECRET") == key)
        #expect(self.fixture.takeTold().contains("Normal ResourceAdopted"))
        let adopted = self.fixture.cluster.object(.secrets, "taskflow-secrets")
        #expect(adopted?.at("metadata.ownerReferences[0].uid") == "another")
        #expect(self.fixture.verdict("ResourcesSynced") == "True/Applied")
    }

    @Test("A source that changes while another one is read is read again")
    func changedMeanwhile() async throws {
        let (cluster, world) = (self.fixture.cluster, self.fixture.world)
        cluster.put(.secrets, "more") { $0["data"] = ["OPENAI_API_KEY": .string(Base64.encode(Array("key".utf8)))] }
        self.fixture.app { spec in
            spec["secrets"] = [
                "from": [
                    ["secretName": "taskflow-credentials", "keys": ["DATABASE_URL": "DATABASE_URL"]],
                    ["secretName": "more", "keys": ["OPENAI_API_KEY": "OPENAI_API_KEY"]],
                ]
            ]
        }
        cluster.before("GET secrets/more") {
            cluster.put(.secrets, "taskflow-credentials") { $0["data"]?["DATABASE_URL"] = nil }
            try? cluster.show(world)
        }
        _ = try await self.fixture.pass()
        try await self.fixture.settle()
        #expect(self.fixture.verdict("ResourcesSynced") == "False/ReferencedKeyNotFound")
    }

    /// What a kubelet says of the database's pod.
    private func cannotPullTheDatabasesImage() {
        let set = self.fixture.cluster.object(.statefulSets, "taskflow-postgres")?["metadata"]
        let owner: JSONValue = [
            "apiVersion": "apps/v1", "kind": "StatefulSet", "name": "taskflow-postgres", "uid": set?["uid"] ?? .null,
            "controller": true,
        ]
        let waiting = PodJSON.container(["waiting": ["reason": "ImagePullBackOff", "message": "m"]], name: "postgres")
        self.fixture.cluster.put(.pods, "taskflow-postgres-0") { pod in
            pod["metadata"]?["labels"] = set?["labels"]
            pod["metadata"]?["ownerReferences"] = [owner]
            pod["status"] = ["phase": "Pending", "containerStatuses": [waiting]]
        }
    }

    @Test("An embedded database feeds the app's Secret, with credentials that are made once")
    func database() async throws {
        self.fixture.app { spec in
            spec["environment"] = "Minikube"
            spec["database"] = ["embedded": [:]]
            spec["secrets"] = [
                "from": [["secretName": "taskflow-credentials", "keys": ["OPENAI_API_KEY": "OPENAI_API_KEY"]]]
            ]
        }
        let first = try await self.fixture.pass()
        for write in ["secrets", "persistentvolumeclaims", "services", "statefulsets"] {
            #expect(first.contains("POST \(write)/taskflow-postgres"))
        }
        try await self.fixture.settle()
        #expect(self.fixture.verdict("ResourcesSynced") == "False/DatabaseNotReady")
        #expect(self.fixture.verdict("Ready") == "False/DatabaseNotReady")
        let message = "PostgreSQL (StatefulSet taskflow-postgres) does not answer; "
        #expect(self.fixture.message("Ready") == message + "its pod taskflow-postgres-0 has not become ready yet")
        self.cannotPullTheDatabasesImage()
        try await self.fixture.settle()
        let cause = "pod/taskflow-postgres-0/postgres: ImagePullBackOff: "
        #expect(self.fixture.message("Ready").hasPrefix(message + cause))
        self.fixture.cluster.put(.statefulSets, "taskflow-postgres") { $0["status"] = ["readyReplicas": 1] }
        try await self.fixture.settle()
        #expect(self.fixture.verdict("ResourcesSynced") == "True/Applied")
        let url = self.fixture.secretValue("DATABASE_URL").flatMap(Base64.decode)
        let text = String(decoding: url ?? [], as: UTF8.self)
        #expect(text.hasSuffix("@taskflow-postgres.todo-app.svc:5432/todo?ssl=require"))
        let secret = self.fixture.cluster.object(.secrets, "taskflow-postgres")?["data"]
        // Another process knows nothing but what is in the cluster.
        let restarted = self.fixture.restarted()
        try self.fixture.cluster.show(self.fixture.world)
        _ = await restarted.reconcile(ReconcilerFixture.key)
        #expect(self.fixture.cluster.takeWrites() == [])
        #expect(self.fixture.cluster.object(.secrets, "taskflow-postgres")?["data"] == secret)
        self.fixture.app { $0["database"] = nil }
        let last = try await self.fixture.pass()
        #expect(last.contains("DELETE statefulsets/taskflow-postgres"))
        #expect(!last.contains("DELETE persistentvolumeclaims/taskflow-postgres"))
    }

    @Test("A component whose Secret is incomplete is not made; the other one is, and the key is named")
    func missingKey() async throws {
        self.fixture.cluster.put(.secrets, "taskflow-credentials") { $0["data"]?["OPENAI_API_KEY"] = nil }
        let writes = try await self.fixture.pass()
        #expect(!writes.contains("POST deployments/taskflow-backend"))
        #expect(writes.contains("POST deployments/taskflow-frontend"))
        #expect(self.fixture.verdict("ResourcesSynced") == "False/ReferencedKeyNotFound")
        #expect(self.fixture.status["summary"]?.string?.contains("OPENAI_API_KEY") == true)
        self.fixture.cluster.put(.secrets, "taskflow-credentials") { secret in
            secret["data"]?["OPENAI_API_KEY"] = .string(Base64.encode(Array("s3cret-key".utf8)))
        }
        #expect(try await self.fixture.pass().contains("POST deployments/taskflow-backend"))
        _ = try await self.fixture.pass()
        #expect(self.fixture.verdict("ResourcesSynced") == "True/Applied")
    }

    @Test("A Secret that does not exist is named")
    func missingSecret() async throws {
        self.fixture.cluster.remove(.secrets, "taskflow-credentials")
        _ = try await self.fixture.pass()
        #expect(self.fixture.verdict("ResourcesSynced") == "False/ReferencedSecretNotFound")
        #expect(self.fixture.status["summary"]?.string?.contains("taskflow-credentials") == true)
    }

    @Test("The signing key that was generated is never made anew")
    func generatedKey() async throws {
        try await self.fixture.settle()
        let key = self.fixture.cluster.object(.secrets, "taskflow-secrets")?["data"]?["BETTER_AUTH_SECRET"]
        #expect(key != nil)
        self.fixture.cluster.put(.secrets, "taskflow-credentials") { secret in
            secret["data"]?["OPENAI_API_KEY"] = .string(Base64.encode(Array("another".utf8)))
        }
        let writes = try await self.fixture.pass()
        #expect(writes.contains("PATCH secrets/taskflow-secrets"))
        #expect(writes.contains("PATCH deployments/taskflow-backend"))
        #expect(!writes.contains("PATCH deployments/taskflow-frontend"))
        #expect(self.fixture.cluster.object(.secrets, "taskflow-secrets")?["data"]?["BETTER_AUTH_SECRET"] == key)
    }

    @Test("No value of a Secret is in the status or anywhere but in the Secret")
    func secrecy() async throws {
        try await self.fixture.settle()
        var texts = [self.fixture.status.text()]
        texts += [.deployments, .services].compactMap { (type: ResourceType) in
            self.fixture.cluster.object(type, "taskflow-backend")?.text()
        }
        texts += [self.fixture.cluster.object(.configMaps, "taskflow-config")?.text()].compactMap { $0 }
        #expect(texts.count == 4)
        #expect(texts.allSatisfy { !$0.contains("s3cret") })
    }
}
