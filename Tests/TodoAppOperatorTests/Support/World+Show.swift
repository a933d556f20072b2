import JSON
import KubernetesAPI

@testable import ControllerRuntime
@testable import TodoAppOperator

extension World {
    /// Fills the stores as informers would, so that a test decides what the operator has seen.
    ///
    /// - Parameter objects: Everything there is, of whatever type.
    func show(_ objects: [JSONValue], version: ResourceVersion) throws {
        func read<Object: StoredObject>(
            _ type: ResourceType,
            into store: Store<Object>,
            isManaged: Bool = false,
            _ project: (JSONValue) throws -> Object
        ) rethrows {
            var read: [ObjectKey: Object] = [:]
            let isOfType = { (object: JSONValue) in
                object["kind"]?.string == type.kind && object["apiVersion"]?.string == type.apiVersion
            }
            for object in objects where isOfType(object) {
                let label = object["metadata"]?["labels"]?[ChildLabels.managedBy]?.string
                if isManaged, label != ChildLabels.manager { continue }
                let projected = try project(object)
                read[projected.metadata.key] = projected
            }
            _ = store.replace(with: read, version: version)
        }
        try read(TodoAppObject.resource, into: self.apps, TodoAppObject.init(json:))
        try read(.secrets, into: self.secretVersions, VersionedObject.init(json:))
        try read(.nodes, into: self.nodes, NodeView.init(json:))
        try read(.replicaSets, into: self.replicaSets, isManaged: true, ReplicaSet.init(json:))
        try read(.pods, into: self.pods, isManaged: true, Pod.init(json:))
        for (type, store) in self.children {
            try read(type, into: store, isManaged: true, DynamicObject.init(json:))
        }
    }
}
