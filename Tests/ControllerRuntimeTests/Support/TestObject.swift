import ControllerRuntime
import JSON
import KubernetesAPI

/// An object with an owner to be found by.
struct TestObject: StoredObject, Equatable {
    let metadata: ObjectMeta
    var owner: String?

    init(_ name: String, uid: String? = nil, version: Int, owner: String? = nil, namespace: String = "shop") {
        self.metadata = ObjectMeta(
            name: name,
            namespace: namespace,
            uid: uid ?? "uid-\(name)",
            resourceVersion: ResourceVersion("\(version)")
        )
        self.owner = owner
    }

    init(json: JSONValue) throws {
        self.metadata = try ObjectMeta(of: json)
        if json["unreadable"] == true { throw Unreadable() }
        self.owner = json["owner"]?.string
    }

    /// An object in which nothing but the metadata is as it should be.
    struct Unreadable: Error {}

    /// The same as the API server sends it, with contents that nobody understands.
    var unreadableJSON: JSONValue {
        var json = self.json
        json["unreadable"] = true
        return json
    }

    /// The object as the API server sends it.
    var json: JSONValue {
        var json: JSONValue = [
            "metadata": [
                "name": .string(self.metadata.name), "namespace": .string(self.metadata.namespace ?? ""),
                "uid": .string(self.metadata.uid),
                "resourceVersion": .string(self.metadata.resourceVersion.text),
            ]
        ]
        json["owner"] = self.owner.map { .string($0) }
        return json
    }
}

extension StoreChange<TestObject> {
    /// `+a@1` for a new object, `-a@1` for one that is gone, `a@1>2` for a changed one.
    var text: String {
        switch (self.old, self.new) {
        case (nil, let new?): "+\(new.metadata.name)@\(new.metadata.resourceVersion)"
        case (let old?, nil): "-\(old.metadata.name)@\(old.metadata.resourceVersion)"
        case (let old?, let new?):
            "\(new.metadata.name)@\(old.metadata.resourceVersion)>\(new.metadata.resourceVersion)"
        case (nil, nil): "nothing"
        }
    }
}

extension [TestObject] {
    /// The objects by their keys.
    var keyed: [ObjectKey: TestObject] {
        var keyed: [ObjectKey: TestObject] = [:]
        for object in self {
            keyed[object.metadata.key] = object
        }
        return keyed
    }
}
