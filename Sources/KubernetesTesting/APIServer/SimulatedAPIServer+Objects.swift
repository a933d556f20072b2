public import JSON
public import KubernetesAPI
internal import Locks

/// What tests do with the objects beside all HTTP, as a user with a steady hand would.
extension SimulatedAPIServer {
    /// The object of that name; `nil` where there is none.
    public func object(_ type: ResourceType, _ key: ObjectKey) -> JSONValue? {
        self.content.withLock { $0.state.store.object(type.resourceName, key) }
    }

    /// All objects of a type, sorted by name.
    public func objects(_ type: ResourceType, namespace: String? = nil) -> [JSONValue] {
        let objects = self.content.withLock { $0.state.store.objects(type.resourceName) }
        return objects.filter { namespace == nil || $0.key.namespace == namespace }
            .sorted { $0.key.description < $1.key.description }.map(\.value)
    }

    /// Makes a namespace, unless it is there.
    public func addNamespace(_ name: String) {
        self.put(.namespaces, ObjectKey(namespace: nil, name: name)) { _ in }
    }

    /// Creates an object, or changes the one that is there, all of it: status and metadata, too.
    ///
    /// Whatever it changes outside of metadata and status counts as a new generation.
    ///
    /// - Parameters:
    ///   - type: Its type.
    ///   - key: Which one is meant.
    ///   - change: Gets the object as it is, or one with type and name alone.
    /// - Returns: The object as it was stored; `nil` where its type is not served or its namespace does not take it.
    @discardableResult
    public func put(_ type: ResourceType, _ key: ObjectKey, _ change: (inout JSONValue) -> Void) -> JSONValue? {
        self.change { content in
            guard let resource = content.state.resources.first(where: { $0.type == type }) else { return nil }
            let writer = Writer(fieldManager: "test")
            var object: JSONValue = [
                "apiVersion": .string(type.apiVersion), "kind": .string(type.kind),
                "metadata": ["name": .string(key.name)],
            ]
            if let live = content.state.store.object(resource.name, key) { object = live }
            change(&object)
            let status = object["status"]
            if content.state.store.object(resource.name, key) == nil {
                _ = try? content.state.create(resource, namespace: key.namespace, object, writer: writer)
            }
            guard let stored = content.state.store.object(resource.name, key) else { return nil }
            // Through the front door first, which ignores the status; through its own door then.
            let first = try? content.state.replace(
                resource,
                key,
                old: stored,
                with: object.on(stored),
                writer: writer,
                applied: nil
            )
            guard let first, let status, resource.hasStatus, first["status"] != status else { return first }
            var second = first
            second["status"] = status
            return try? content.state.replace(
                resource,
                key,
                old: first,
                with: second,
                writer: Writer(fieldManager: "test", subresource: "status"),
                applied: nil
            )
        }
    }

    /// Deletes an object, as `kubectl delete` does; does nothing where there is none.
    public func remove(_ type: ResourceType, _ key: ObjectKey) {
        self.change { content in
            guard let resource = content.state.resources.first(where: { $0.type == type }) else { return }
            _ = try? content.state.delete(resource, key, DeleteOptions())
        }
    }
}

extension JSONValue {
    /// This state as one of the object that is stored: the same version and identity.
    fileprivate func on(_ stored: JSONValue) -> JSONValue {
        var object = self
        for member in ["uid", "resourceVersion", "managedFields"] {
            object["metadata"]?[member] = stored["metadata"]?[member]
        }
        return object
    }
}
