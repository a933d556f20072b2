import ControllerRuntime
import JSON
import KubernetesAPI
import KubernetesClient
import KubernetesTesting
import TodoAppAPI

@testable import TodoAppOperator

/// A TodoApp in a namespace in which others are at work, too: what they do, by chance, and what must hold whatever it is.
///
/// The API server is the one in process; the operator is its reconciler, which sees of the world what it is shown, and when.
final class Neighbourhood {
    struct Name: Hashable, CustomStringConvertible {
        var type: ResourceType
        var name: String
        var description: String { "\(self.type.kind) \(self.name)" }
        var key: ObjectKey { ObjectKey(namespace: Neighbourhood.namespace, name: self.name) }
    }

    static let namespace = "todo-app"
    private static let app = ObjectKey(namespace: Neighbourhood.namespace, name: "taskflow")
    /// What the TodoApps of the tests take their credentials from.
    private static let source = "credentials"

    private let server: SimulatedAPIServer
    private let world = World()
    private let time = ManualTime()
    private let reconciler: TodoAppReconciler
    var random: SeededRandom

    /// The objects of others, as they are to stay.
    private(set) var foreign: [Name: JSONValue] = [:]
    /// The objects of others who let them be taken over, as they are until then.
    private var offered: [Name: JSONValue] = [:]
    private var spec: JSONValue = [:]
    private var number = 0
    /// How often each thing was done: a test of which half never happens shows nothing.
    private(set) var counts: [String: Int] = [:]

    init(seed: UInt64) {
        let server = SimulatedAPIServer(
            SimulatedAPIServer.Options(
                resources: [TodoAppObject.resource, .horizontalPodAutoscalers, .httpRoutes].map {
                    SimulatedResource($0)
                },
                seed: seed
            )
        )
        let time = self.time
        let client = KubernetesClient(
            transport: server.connect(as: "operator"),
            credential: NoCredential(),
            options: KubernetesClient.Options(userAgent: "unit-test/1", retry: RetryPolicy(attempts: 1))
        )
        self.server = server
        self.random = SeededRandom(seed: seed)
        self.reconciler = TodoAppReconciler(
            client: client,
            world: self.world,
            ledger: WriteLedger(time: time.source),
            time: time.source,
            surroundings: TodoAppReconciler.Surroundings(
                now: { 1_767_225_660 },
                randomBytes: { Array(repeating: 7, count: $0) },
                operatorVersion: "1.2.3"
            )
        )
        server.addNamespace(Self.namespace)
        self.put(Name(type: .secrets, name: Self.source)) { secret in
            secret["stringData"] = [
                "DATABASE_URL": "postgresql://u:p@db.example.com/todo", "OPENAI_API_KEY": "key",
                "BETTER_AUTH_SECRET": "a-signing-key-of-more-than-32-characters",
            ]
        }
    }

    // MARK: What there is

    /// All types that a child may be of, each in the version that is written.
    private var types: [ResourceType] {
        self.world.servedChildren.map(\.type).sorted { $0.kind < $1.kind }
    }

    private var everything: [Name: JSONValue] {
        var everything: [Name: JSONValue] = [:]
        for type in self.types {
            for object in self.server.objects(type, namespace: Self.namespace) {
                everything[Name(type: type, name: object["metadata"]?["name"]?.string ?? "")] = object
            }
        }
        return everything
    }

    private var live: JSONValue? {
        self.server.object(TodoAppObject.resource, Self.app)
    }

    /// What the operator has made or taken over, and what it must therefore answer for.
    private var own: [Name: JSONValue] {
        self.everything.filter { name, object in
            guard name.name != Self.source, self.foreign[name] == nil else { return false }
            return self.offered[name] == nil || object["metadata"]?["annotations"]?[ChildAnnotation.ownerUID] != nil
        }
    }

    /// What the spec asks for; `nil` while it asks for nothing that the operator would do.
    private var wanted: Set<Name>? {
        guard let live = self.live, let uid = live["metadata"]?["uid"]?.string,
            let spec = try? TodoAppSpec.read(self.spec, name: Self.app.name), !spec.paused
        else { return nil }
        let app = EffectiveApp(name: Self.app.name, namespace: Self.namespace, spec: spec)
        let inputs = RenderInputs(
            ownerUID: uid,
            ownSecret: ["BETTER_AUTH_SECRET": []],
            database: DatabaseCredentials(password: [], certificate: [], key: [])
        )
        return Set(children(of: app, inputs: inputs).map { Name(type: $0.resource, name: $0.name) })
    }

    private func put(_ name: Name, _ change: (inout JSONValue) -> Void) {
        self.server.put(name.type, name.key, change)
    }

    private func chance(_ percentage: Int) -> Bool {
        Int.random(in: 0..<100, using: &self.random) < percentage
    }

    // MARK: What happens

    /// Something happens: mostly that the operator looks, at what there is or at what there was.
    func step() async throws {
        switch Int.random(in: 0..<100, using: &self.random) {
        case 0..<16: self.apply(self.someSpec(), "spec")
        case 16..<20: self.deleteApp()
        case 20..<34: self.makeForeignObject()
        case 34..<39: self.deleteForeignObject()
        case 39..<47: self.offerForeignObject()
        case 47..<62: try await self.disturbChild()
        case 62..<72: try await self.pass(seesAll: false)
        default: try await self.pass()
        }
    }

    private func someSpec() -> JSONValue {
        var spec: JSONValue = ["version": "1.0.0", "secrets": ["from": [["secretName": .string(Self.source)]]]]
        spec["environment"] = self.chance(50) ? "Minikube" : "Production"
        spec["backend"] = self.chance(30) ? ["autoscaling": ["minReplicas": 2, "maxReplicas": 5]] : [:]
        spec["frontend"] = self.chance(60) ? ["replicas": self.chance(50) ? 2 : 1] : nil
        spec["suspended"] = .bool(self.chance(10))
        spec["paused"] = .bool(self.chance(5))
        spec["networkPolicy"] = self.chance(50) ? ["enabled": .bool(self.chance(70))] : nil
        if self.chance(30) { spec["exposure"] = ["type": "Ingress", "host": "todo.example.com"] }
        if self.chance(20) { spec["exposure"] = ["type": "HTTPRoute", "gateway": ["name": "outside"]] }
        if self.chance(30) { spec["rollout"] = ["onFailure": "Rollback"] }
        if self.chance(10) { spec["secrets"] = ["existingSecret": .string(Self.source)] }
        if self.chance(40), spec["environment"] == "Minikube" {
            spec["database"] = ["embedded": ["deletionPolicy": self.chance(30) ? "Retain" : "Delete"]]
            let keys: JSONValue = ["OPENAI_API_KEY": "OPENAI_API_KEY"]
            spec["secrets"] = ["from": [["secretName": .string(Self.source), "keys": keys]]]
        }
        if self.chance(20), spec["secrets"]?["from"] != nil { spec["secrets"]?["deletionPolicy"] = "Retain" }
        if self.chance(7) { spec["version"] = "not a version" }
        return spec
    }

    private func apply(_ spec: JSONValue, _ what: String) {
        self.spec = spec
        self.server.put(TodoAppObject.resource, Self.app) { $0["spec"] = spec }
        self.counts[what, default: 0] += 1
    }

    /// A user deletes the TodoApp; the garbage collector follows at once.
    private func deleteApp() {
        guard self.live != nil else { return }
        self.server.remove(TodoAppObject.resource, Self.app)
        self.counts["deletion", default: 0] += 1
    }

    /// Somebody makes an object under a name that a child may want, if nobody has it.
    private func makeForeignObject() {
        var names = Set(self.wanted ?? [])
        for type in self.types {
            for end in ["", "-secrets", "-config", "-backend", "-frontend", "-postgres"] {
                names.insert(Name(type: type, name: Self.app.name + end))
            }
        }
        names.insert(
            Name(type: .controllerRevisions, name: "\(Self.app.name)-good-\(digestPrefix(self.spec.text()))")
        )
        let free = names.subtracting(self.everything.keys).sorted { $0.description < $1.description }
        guard let name = free.randomElement(using: &self.random) else { return }
        self.number += 1
        let number = self.number
        // Some wear the operator's labels, or the mark of a TodoApp that is long gone; some belong to something else.
        let (hasLabels, hasMark, hasController) = (self.chance(30), self.chance(20), self.chance(25))
        let sourceKey = Name(type: .secrets, name: Self.source).key
        let controller = self.server.object(.secrets, sourceKey)?["metadata"]?["uid"]
        self.put(name) { object in
            if hasLabels {
                object["metadata"]?["labels"] = [
                    "app.kubernetes.io/managed-by": "todoapp-operator", "app.kubernetes.io/instance": "taskflow",
                ]
            }
            if hasMark { object["metadata"]?["annotations"] = [ChildAnnotation.ownerUID: "long-gone"] }
            if hasController {
                object["metadata"]?["ownerReferences"] = [
                    [
                        "apiVersion": "v1", "kind": "Secret", "name": .string(Self.source), "uid": controller ?? "",
                        "controller": true,
                    ]
                ]
            }
            if name.type == .services { object["spec"] = ["ports": [["port": 80]]] }
            object["spec"]?["number"] = .integer(Int64(number))
        }
        guard let stored = self.everything[name] else { return }
        self.foreign[name] = stored
        self.offered[name] = nil
        self.counts["foreign object", default: 0] += 1
    }

    /// Its owner takes a foreign object away.
    private func deleteForeignObject() {
        guard let name = self.someForeignObject else { return }
        self.foreign[name] = nil
        self.server.remove(name.type, name.key)
    }

    /// Its owner lets the operator take a foreign object over.
    private func offerForeignObject() {
        guard let name = self.someForeignObject else { return }
        self.put(name) { object in
            if object["metadata"]?["annotations"] == nil { object["metadata"]?["annotations"] = [:] }
            object["metadata"]?["annotations"]?[ChildAnnotation.adopt] = "true"
            // Or it would count as taken over.
            object["metadata"]?["annotations"]?[ChildAnnotation.ownerUID] = nil
            // What another controller has is nobody's to give away.
            object["metadata"]?["ownerReferences"] = nil
        }
        self.foreign[name] = nil
        self.offered[name] = self.everything[name]
        self.counts["offer", default: 0] += 1
    }

    private var someForeignObject: Name? {
        self.foreign.keys.sorted { $0.description < $1.description }.randomElement(using: &self.random)
    }

    /// Somebody deletes a child, strips it, or writes into it.
    ///
    /// A child that is stripped is seen to before anything else happens: it would be out of sight for good if nobody wanted it
    /// by then.
    private func disturbChild() async throws {
        let wanted = self.wanted ?? []
        let own = self.own.keys.filter(wanted.contains).sorted { $0.description < $1.description }
        guard let name = own.randomElement(using: &self.random) else { return }
        self.counts["disturbance", default: 0] += 1
        switch Int.random(in: 0..<3, using: &self.random) {
        case 0: self.server.remove(name.type, name.key)
        case 1:
            try await self.settle()
            let losesMarks = self.chance(30)
            self.put(name) { object in
                object["metadata"]?["labels"] = nil
                object["metadata"]?["ownerReferences"] = nil
                if losesMarks { object["metadata"]?["annotations"] = nil }
            }
            try await self.settle()
        default:
            self.put(name) { object in
                object["metadata"]?["labels"]?["app.kubernetes.io/part-of"] = "spoilt"
                object["spec"]?["spoilt"] = true
            }
        }
    }

    /// The operator looks, and does what it finds right.
    ///
    /// - Parameter seesAll: Whether it sees what is; else it goes by what it saw the last time.
    private func pass(seesAll: Bool = true) async throws {
        self.time.advance(by: .seconds(300))
        if seesAll { try self.show() }
        _ = await self.reconciler.reconcile(Self.app)
        self.server.finishRollouts(in: Self.namespace)
        self.counts["taken over at a time", default: 0] = max(self.takenOver, self.counts["taken over at a time"] ?? 0)
        self.counts[seesAll ? "pass" : "pass in the past", default: 0] += 1
    }

    private func show() throws {
        let types = self.types + [TodoAppObject.resource, .pods, .replicaSets]
        let objects = types.flatMap { self.server.objects($0) }
        try self.world.show(objects, version: ResourceVersion("\(self.server.version)"))
    }

    /// Everybody is still until the operator has nothing to do any more.
    func settle() async throws {
        var version = -1
        for _ in 0..<8 where version != self.server.version {
            version = self.server.version
            try await self.pass()
        }
    }

    /// Everybody else stops; what was kept or stripped is made whole, and goes with the app.
    func end() async throws {
        let keys: JSONValue = ["OPENAI_API_KEY": "OPENAI_API_KEY"]
        self.apply(
            [
                "version": "1.0.0", "environment": "Minikube", "backend": [:], "frontend": [:],
                "secrets": ["from": [["secretName": .string(Self.source), "keys": keys]]],
                "database": ["embedded": [:]],
            ],
            "last spec"
        )
        try await self.settle()
        self.deleteApp()
        try await self.settle()
    }

    // MARK: What must hold

    /// How many of the objects that were offered belong to the TodoApp now.
    private var takenOver: Int {
        let everything = self.everything
        return self.offered.keys.count { everything[$0]?["metadata"]?["annotations"]?[ChildAnnotation.ownerUID] != nil }
    }

    /// The objects of others that are not as they were; those that were offered may have been taken over.
    var changedForeignObjects: [String] {
        let everything = self.everything
        let changed = self.foreign.filter { everything[$0.key] != $0.value }
        let taken = self.offered.filter { name, object in
            guard let live = everything[name] else {
                // It was taken over, and went with the app.
                return false
            }
            return live != object && live["metadata"]?["annotations"]?[ChildAnnotation.ownerUID] == nil
        }
        return (Array(changed.keys) + Array(taken.keys)).map(\.description).sorted()
    }

    /// What is there of the operator's and should not be, and what is not and should, once all is settled.
    var misfits: [String] {
        // Pods of an older revision may need these still, and data is not lost by a slip in a spec.
        let kept: Set<ResourceType> = [.secrets, .configMaps, .persistentVolumeClaims, .controllerRevisions]
        let own = self.own.filter { !kept.contains($0.key.type) }
        guard self.live != nil else {
            return self.own.filter { !$0.value.isRetained }.keys.map { "left over: \($0)" }.sorted()
        }
        guard let wanted = self.wanted else { return [] }
        let surplus = own.keys.filter { !wanted.contains($0) }.map { "left over: \($0)" }
        // Whoever meets a stranger may have to leave out what builds upon it.
        guard wanted.isDisjoint(with: self.foreign.keys) else { return surplus.sorted() }
        return (surplus + wanted.subtracting(self.own.keys).map { "missing: \($0)" }).sorted()
    }
}

extension JSONValue {
    /// Whether it is kept when its TodoApp goes, as the TodoApp said.
    fileprivate var isRetained: Bool {
        self["metadata"]?["annotations"]?[ChildAnnotation.deletionPolicy] == "Retain"
    }
}
