import JSON
import KubernetesAPI
import KubernetesTesting
import Testing
import TodoAppAPI

@testable import ControllerRuntime
@testable import TodoAppOperator

/// When the children of a TodoApp need not be looked at again.
@Suite("PassMark")
struct PassMarkTests {
    private let world = World()
    private let owner: JSONValue = [
        "apiVersion": "todo.taskflow.dev/v1alpha1", "kind": "TodoApp",
        "metadata": ["name": "app", "namespace": "shop", "uid": "u", "generation": 1, "resourceVersion": "1"],
    ]

    private func app(_ spec: JSONValue = [:]) throws -> EffectiveApp {
        let base: JSONValue = [
            "version": "1.0.0", "backend": [:], "secrets": ["from": [["secretName": "source"]]],
        ]
        let spec = try TodoAppSpec.read(base.merging(spec), name: "app")
        return EffectiveApp(name: "app", namespace: "shop", spec: spec)
    }

    private func object(_ kind: String, _ group: String, _ name: String, _ metadata: JSONValue = [:]) -> JSONValue {
        var object: JSONValue = [
            "apiVersion": .string(group), "kind": .string(kind),
            "metadata": [
                "name": .string(name), "namespace": "shop", "uid": .string("uid-\(name)"), "generation": 1,
                "resourceVersion": "1", "labels": ["app.kubernetes.io/managed-by": "todoapp-operator"],
            ],
        ]
        object["metadata"] = object["metadata"]?.merging(metadata)
        return object
    }

    private func owned(by uid: String, _ kind: String) -> JSONValue {
        [
            "ownerReferences": [
                [
                    "apiVersion": "v1", "kind": .string(kind), "name": "app", "uid": .string(uid),
                    "controller": true,
                ]
            ]
        ]
    }

    private var objects: [JSONValue] {
        [
            self.object("Deployment", "apps/v1", "app-backend", self.owned(by: "u", "TodoApp")),
            self.object("ReplicaSet", "apps/v1", "app-backend-1", self.owned(by: "uid-app-backend", "Deployment")),
            self.object("Pod", "v1", "app-backend-1-a", self.owned(by: "uid-app-backend-1", "ReplicaSet")),
            self.object("Secret", "v1", "source"),
        ]
    }

    private func mark(_ objects: [JSONValue], owner: JSONValue? = nil) throws -> PassMark {
        try self.world.show(objects, version: ResourceVersion("9"))
        let metadata = try ObjectMeta(of: owner ?? self.owner)
        return try #require(PassMark(of: metadata, try self.app(), in: self.world))
    }

    private func changed(_ index: Int, _ metadata: JSONValue) -> [JSONValue] {
        var objects = self.objects
        objects[index]["metadata"] = objects[index]["metadata"]?.merging(metadata)
        return objects
    }

    @Test("It stays while pods come, change and go, and while ReplicaSets count them")
    func pods() throws {
        let mark = try self.mark(self.objects)
        #expect(try self.mark(self.objects) == mark)
        #expect(try self.mark(self.changed(2, ["resourceVersion": "7"])) == mark)
        #expect(try self.mark(self.changed(1, ["resourceVersion": "7"])) == mark)
        #expect(try self.mark(self.objects.filter { $0["kind"] != "Pod" }) == mark)
    }

    @Test(
        "It changes with a child, a ReplicaSet's size and a source Secret, and when one is made anew or goes",
        arguments: [
            (0, "resourceVersion"), (0, "uid"), (1, "generation"), (1, "uid"), (3, "resourceVersion"), (3, "uid"),
        ]
    )
    func children(index: Int, field: String) throws {
        let mark = try self.mark(self.objects)
        // Whatever changes, the version does.
        var metadata: JSONValue = ["resourceVersion": "7"]
        if field == "generation" { metadata[field] = 2 }
        if field == "uid" { metadata[field] = "another" }
        #expect(try self.mark(self.changed(index, metadata)) != mark)
        var fewer = self.objects
        fewer.remove(at: index)
        #expect(try self.mark(fewer) != mark)
    }

    @Test("It changes with what the TodoApp says: spec, labels, annotations, and another one of its name")
    func owners() throws {
        let mark = try self.mark(self.objects)
        let changes: [JSONValue] = [
            ["generation": 2], ["labels": ["a": "b"]], ["annotations": ["a": "b"]], ["uid": "v"],
        ]
        for change in changes {
            var owner = self.owner
            owner["metadata"] = owner["metadata"]?.merging(change)
            #expect(try self.mark(self.objects, owner: owner) != mark, "\(change)")
        }
        var told = self.owner
        told["metadata"]?["resourceVersion"] = "2"
        #expect(try self.mark(self.objects, owner: told) == mark, "a status is no reason to look at children")
    }

    @Test(
        "There is none where a pass goes by more than it knows",
        arguments: [
            ["paused": true], ["rollout": ["onFailure": "Rollback"]], ["rollout": ["order": "BackendFirst"]],
            ["environment": "Minikube", "database": ["embedded": [:]], "secrets": .null],
        ] as [JSONValue]
    )
    func none(spec: JSONValue) throws {
        let metadata = try ObjectMeta(of: self.owner)
        #expect(PassMark(of: metadata, try self.app(spec), in: self.world) == nil)
    }
}
