import JSON
import KubernetesAPI
import Testing

@Suite("ObjectMeta")
struct ObjectMetaTests {
    @Test("Every field is read where it stands")
    func whole() throws {
        let metadata = try ObjectMeta(of: [
            "metadata": [
                "name": "web", "namespace": "shop", "uid": "u-1", "resourceVersion": "42", "generation": 3,
                "creationTimestamp": "2026-01-01T00:00:00Z", "deletionTimestamp": "2026-01-02T00:00:00Z",
                "labels": ["app": "web"], "annotations": ["note": "x"], "finalizers": ["a/b", "c"],
                "ownerReferences": [
                    ["apiVersion": "v1", "kind": "Secret", "name": "s", "uid": "u-2"],
                    ["apiVersion": "apps/v1", "kind": "Deployment", "name": "d", "uid": "u-3", "controller": true],
                ],
                "managedFields": [["manager": "kubectl"]],
            ]
        ])
        #expect(metadata.key == ObjectKey(namespace: "shop", name: "web"))
        #expect(metadata.uid == "u-1")
        #expect(metadata.resourceVersion == ResourceVersion("42"))
        #expect(metadata.generation == 3)
        #expect(metadata.creationTimestamp == "2026-01-01T00:00:00Z")
        #expect(metadata.isBeingDeleted)
        #expect(metadata.labels == ["app": "web"])
        #expect(metadata.annotations == ["note": "x"])
        #expect(metadata.finalizers == ["a/b", "c"])
        #expect(metadata.ownerReferences.map(\.uid) == ["u-2", "u-3"])
        #expect(metadata.controller?.name == "d")
    }

    @Test("A name is enough, and all else is empty")
    func nameAlone() throws {
        let metadata = try ObjectMeta(of: ["metadata": ["name": "node-1"]])
        #expect(metadata == ObjectMeta(name: "node-1"))
        #expect(metadata.resourceVersion.isEmpty)
        #expect(!metadata.isBeingDeleted)
        #expect(metadata.controller == nil)
        #expect(metadata.key.description == "node-1")
    }

    @Test(
        "An object without a name is refused",
        arguments: [[:], ["metadata": nil], ["metadata": "web"], ["metadata": ["name": 7]], "web"] as [JSONValue]
    )
    func nameless(_ object: JSONValue) {
        #expect(throws: ObjectReadError.missing("metadata.name")) { try ObjectMeta(of: object) }
    }

    @Test("A label that is no string is passed over, as are the labels where they are null")
    func oddLabels() throws {
        let odd = try ObjectMeta(of: [
            "metadata": ["name": "a", "labels": ["good": "x", "bad": 1], "annotations": nil]
        ])
        #expect(odd.labels == ["good": "x"])
        #expect(odd.annotations.isEmpty)
    }

    @Test(
        "An owner's group is its apiVersion without the version",
        arguments: [("v1", ""), ("apps/v1", "apps"), ("todo.taskflow.dev/v1alpha1", "todo.taskflow.dev"), ("", "")]
    )
    func ownerGroup(_ apiVersion: String, _ group: String) {
        let owner = OwnerReference(apiVersion: apiVersion, kind: "K", name: "n", uid: "u", isController: false)
        #expect(owner.group == group)
    }

    @Test("Only a controller blocks the deletion of its owner")
    func ownerManifest() {
        let controller = OwnerReference(apiVersion: "v1", kind: "K", name: "n", uid: "u", isController: true)
        let expected: JSONValue = [
            "apiVersion": "v1", "kind": "K", "name": "n", "uid": "u", "controller": true, "blockOwnerDeletion": true,
        ]
        #expect(controller.json == expected)
        let other = OwnerReference(apiVersion: "v1", kind: "K", name: "n", uid: "u", isController: false)
        #expect(other.json["blockOwnerDeletion"] == false)
    }

    @Test("A read error is one line")
    func errors() {
        #expect("\(ObjectReadError.missing("metadata.name"))" == "metadata.name: missing")
        #expect("\(ObjectReadError.invalid(field: "spec", rule: "must be an object"))" == "spec: must be an object")
    }
}
