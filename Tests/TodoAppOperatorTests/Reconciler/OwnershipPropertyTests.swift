import ControllerRuntime
import JSON
import KubernetesAPI
import KubernetesTesting
import Testing

@testable import TodoAppOperator

/// A TodoApp in a cluster in which others are at work, too.
private final class Neighbourhood {
    let cluster = InMemoryCluster()
    let world = World()
    let time = ManualTime()
    let reconciler: TodoAppReconciler
    var random: SeededRandom
    /// The objects of others by their path, as they are to stay.
    var foreign: [String: JSONValue] = [:]
    /// The UID of the TodoApp; `nil` while there is none.
    var app: String?
    /// Whether the operator has seen the spec as it is, and found it valid.
    private var isSettled = false
    private var generation: Int64 = 0
    private var number = 0

    static let key = ObjectKey(namespace: "todo-app", name: "taskflow")
    static let types: [ResourceType] =
        [.deployments, .services, .secrets, .configMaps, .serviceAccounts] + OptionalAPI.allCases.map { $0.versions[0] }
    static let names = ["taskflow", "taskflow-secrets", "taskflow-config", "taskflow-backend", "taskflow-frontend"]

    init(seed: UInt64) {
        self.random = SeededRandom(seed: seed)
        self.reconciler = TodoAppReconciler(
            client: self.cluster.client,
            world: self.world,
            ledger: WriteLedger(time: self.time.source),
            time: self.time.source,
            surroundings: TodoAppReconciler.Surroundings(
                now: { 1_767_225_660 },
                randomBytes: { Array(repeating: 7, count: $0) },
                operatorVersion: "1.2.3"
            )
        )
        self.cluster.put(.secrets, "credentials") { secret in
            secret["data"] = [
                "DATABASE_URL": .string(Base64.encode(Array("postgresql://u:p@db.example.com/todo".utf8))),
                "OPENAI_API_KEY": .string(Base64.encode(Array("key".utf8))),
            ]
        }
        self.foreign = self.cluster.everything
    }

    private func chance(_ percentage: Int) -> Bool {
        Int.random(in: 0..<100, using: &self.random) < percentage
    }

    private func path(_ type: ResourceType, _ name: String) -> String {
        type.path(ObjectKey(namespace: "todo-app", name: name))
    }

    // MARK: What happens

    /// A user applies some spec or other.
    func applySomeSpec() {
        var spec: JSONValue = ["version": "1.0.0", "secrets": ["from": [["secretName": "credentials"]]]]
        spec["environment"] = self.chance(50) ? "Minikube" : "Production"
        spec["backend"] = self.chance(30) ? ["autoscaling": ["minReplicas": 2, "maxReplicas": 5]] : [:]
        spec["frontend"] = self.chance(60) ? [:] : nil
        spec["suspended"] = .bool(self.chance(10))
        spec["networkPolicy"] = self.chance(30) ? ["enabled": .bool(self.chance(50))] : nil
        if self.chance(30) { spec["exposure"] = ["type": "Ingress", "host": "todo.example.com"] }
        if self.chance(20) { spec["exposure"] = ["type": "HTTPRoute", "gateway": ["name": "outside"]] }
        if self.chance(10) { spec["version"] = "not a version" }
        self.number += 1
        self.generation += 1
        let (uid, generation) = (self.app ?? "app-\(self.number)", self.generation)
        self.app = uid
        self.isSettled = false
        self.cluster.put(TodoAppObject.resource, Self.key.name) { app in
            app["spec"] = spec
            app["metadata"]?["uid"] = .string(uid)
            app["metadata"]?["generation"] = .integer(generation)
        }
    }

    /// A user deletes the TodoApp, and the garbage collector follows.
    func deleteApp() {
        guard let uid = self.app else { return }
        self.app = nil
        self.isSettled = false
        self.cluster.remove(TodoAppObject.resource, Self.key.name)
        self.cluster.collectGarbage(of: uid)
    }

    /// Somebody makes an object under a name that a child may want, if nobody has it.
    func makeForeignObject() {
        guard let type = Self.types.randomElement(using: &self.random) else { return }
        guard let name = Self.names.randomElement(using: &self.random) else { return }
        guard self.cluster.object(type, name) == nil else { return }
        self.number += 1
        let number = self.number
        // Some wear the operator's labels, or the mark of a TodoApp that is long gone.
        let (hasLabels, hasMark) = (self.chance(30), self.chance(20))
        self.cluster.put(type, name) { object in
            object["metadata"]?["uid"] = .string("foreign-\(number)")
            object["metadata"]?["managedFields"] = [["manager": "somebody", "operation": "Update"]]
            if hasLabels {
                object["metadata"]?["labels"] = [
                    "app.kubernetes.io/managed-by": "todoapp-operator", "app.kubernetes.io/instance": "taskflow",
                ]
            }
            if hasMark { object["metadata"]?["annotations"] = [ChildAnnotation.ownerUID: "long-gone"] }
            object["spec"] = ["somebody": "else"]
        }
        self.foreign[self.path(type, name)] = self.cluster.object(type, name)
    }

    /// Its owner takes a foreign object away.
    func deleteForeignObject() {
        let names = self.foreign.keys.filter { !$0.hasSuffix("/credentials") }.sorted()
        guard let path = names.randomElement(using: &self.random) else { return }
        for type in Self.types {
            for name in Self.names where self.path(type, name) == path {
                self.cluster.remove(type, name)
            }
        }
        self.foreign[path] = nil
    }

    /// Somebody deletes a child, strips it, or writes into it.
    ///
    /// A child that is stripped is seen to at once: it would be out of sight for good if nobody wanted it by then.
    func disturbChild() async throws {
        let own = Self.types.flatMap { type in Self.names.map { (type: type, name: $0) } }
            .filter { self.foreign[self.path($0.type, $0.name)] == nil && self.cluster.object($0.type, $0.name) != nil }
        guard let child = own.randomElement(using: &self.random) else { return }
        switch Int.random(in: 0..<3, using: &self.random) {
        case 0: self.cluster.remove(child.type, child.name)
        case 1:
            guard self.isSettled else { return }
            self.cluster.put(child.type, child.name) { object in
                object["metadata"]?["labels"] = nil
                object["metadata"]?["ownerReferences"] = nil
            }
            try await self.pass()
        default: self.cluster.put(child.type, child.name) { $0["spec"] = ["spoilt": true] }
        }
    }

    /// The operator looks, and does what it finds right.
    func pass() async throws {
        self.time.advance(by: .seconds(300))
        try self.cluster.show(self.world)
        _ = await self.reconciler.reconcile(Self.key)
        _ = self.cluster.takeWrites()
        let conditions =
            self.cluster.object(TodoAppObject.resource, Self.key.name)?.at("status.conditions")?.array ?? []
        let synced = conditions.first { $0["type"] == "ResourcesSynced" }
        self.isSettled = self.app != nil && synced?["reason"] != "InvalidSpec"
    }

    // MARK: What must hold

    /// The objects of others that are not as they were.
    var changedForeignObjects: [String] {
        let everything = self.cluster.everything
        return self.foreign.filter { everything[$0.key] != $0.value }.map(\.key).sorted()
    }

    /// What is there and belongs to nobody but the operator.
    var own: [String] {
        let app = self.path(TodoAppObject.resource, Self.key.name)
        return self.cluster.everything.keys.filter { self.foreign[$0] == nil && $0 != app }.sorted()
    }
}

@Suite("Ownership, whatever happens")
struct OwnershipPropertyTests {
    @Test("No foreign object ever changes, and no own one is left over", arguments: SeededRandom.seeds(40))
    func anySequence(seed: UInt64) async throws {
        let neighbourhood = Neighbourhood(seed: seed)
        for step in 0..<60 {
            switch Int.random(in: 0..<100, using: &neighbourhood.random) {
            case 0..<20: neighbourhood.applySomeSpec()
            case 20..<26: neighbourhood.deleteApp()
            case 26..<40: neighbourhood.makeForeignObject()
            case 40..<48: neighbourhood.deleteForeignObject()
            case 48..<60: try await neighbourhood.disturbChild()
            default: try await neighbourhood.pass()
            }
            #expect(neighbourhood.changedForeignObjects == [], "TEST_SEED=\(seed), step \(step)")
        }
        // Everybody else stops; what was stripped of its owner is made whole before the app goes.
        neighbourhood.applySomeSpec()
        for _ in 0..<4 {
            try await neighbourhood.pass()
        }
        neighbourhood.deleteApp()
        try await neighbourhood.pass()
        #expect(neighbourhood.changedForeignObjects == [], "TEST_SEED=\(seed)")
        #expect(neighbourhood.own == [], "TEST_SEED=\(seed)")
    }
}
