public import JSON
public import KubernetesAPI

extension KubernetesClient {
    /// Reads an object.
    ///
    /// - Throws: ``KubernetesClientError``; `.refused` with `isNotFound` where there is none.
    public func get(_ type: ResourceType, _ key: ObjectKey) async throws(KubernetesClientError) -> JSONValue {
        try await self.perform(
            Call(
                operation: operation("get", type, key),
                method: "GET",
                target: type.path(key),
                repeatability: .harmless
            )
        )
    }

    /// Creates an object, which must not exist yet: a stranger of the same name is never changed.
    ///
    /// - Returns: The object as it was stored.
    /// - Throws: ``KubernetesClientError``; `.refused` with `isAlreadyExists` where there is one of that name.
    public func create(
        _ type: ResourceType,
        namespace: String?,
        _ manifest: JSONValue,
        fieldManager: String
    ) async throws(KubernetesClientError) -> DynamicObject {
        try await self.create(type, namespace: namespace, manifest, fieldManager: fieldManager) {
            (bytes) throws(KubernetesClientError.Cause) in try object(bytes[...])
        }
    }

    /// The same for who may not need the answer: no more of it is read than says which object in which state it is.
    public func post(
        _ type: ResourceType,
        namespace: String?,
        _ manifest: JSONValue,
        fieldManager: String
    ) async throws(KubernetesClientError) -> ObjectAnswer {
        try await self.create(type, namespace: namespace, manifest, fieldManager: fieldManager) {
            (bytes) throws(KubernetesClientError.Cause) in
            do {
                return try ObjectAnswer(parsing: bytes)
            } catch {
                throw .unreadableAnswer("\(error)")
            }
        }
    }

    private func create<Answer>(
        _ type: ResourceType,
        namespace: String?,
        _ manifest: JSONValue,
        fieldManager: String,
        read: ([UInt8]) throws(KubernetesClientError.Cause) -> Answer
    ) async throws(KubernetesClientError) -> Answer {
        let key = ObjectKey(namespace: namespace, name: manifest["metadata"]?["name"]?.string ?? "")
        var query = Query()
        query.append("fieldManager", fieldManager)
        let call = Call(
            operation: operation("create", type, key),
            method: "POST",
            target: query.target(type.path(namespace: namespace)),
            body: manifest,
            repeatability: .risky
        )
        return try await self.repeating(call) { response throws(KubernetesClientError.Cause) in
            try read(await collected(response))
        }
    }

    /// Server-side apply: makes the object hold the manifest, and drops what this manager applied before and no longer
    /// does.
    ///
    /// A manifest with a UID is refused for any other object of that name, and where there is none.
    ///
    /// Conflicts with other managers are won: who applies here owns what it names.
    /// - Returns: The object as it was stored.
    /// - Throws: ``KubernetesClientError``; `.refused` with `isConflict` where the manifest's UID is not the object's.
    public func apply(
        _ type: ResourceType,
        _ key: ObjectKey,
        _ manifest: JSONValue,
        fieldManager: String
    ) async throws(KubernetesClientError) -> JSONValue {
        var query = Query()
        query.append("fieldManager", fieldManager)
        query.append("force", "true")
        return try await self.perform(
            Call(
                operation: operation("patch", type, key),
                method: "PATCH",
                target: query.target(type.path(key)),
                body: manifest,
                // JSON is YAML; the API server knows only this name for an apply in every version.
                contentType: "application/apply-patch+yaml",
                repeatability: .harmless
            )
        )
    }

    /// Merges a patch into an object, or into one of its sub-resources such as `status` (RFC 7386).
    ///
    /// - Returns: The object as it was stored, without its `managedFields`.
    /// - Throws: ``KubernetesClientError``; `.refused` with `isNotFound` where there is none.
    public func merge(
        _ type: ResourceType,
        _ key: ObjectKey,
        subresource: String? = nil,
        _ patch: JSONValue,
        fieldManager: String
    ) async throws(KubernetesClientError) -> JSONValue {
        var query = Query()
        query.append("fieldManager", fieldManager)
        return try await self.perform(
            Call(
                operation: operation("patch", type, key, subresource: subresource),
                method: "PATCH",
                target: query.target(type.path(key, subresource: subresource)),
                body: patch,
                contentType: "application/merge-patch+json",
                limits: .collections,
                repeatability: .harmless
            )
        )
    }

    /// Changes an object step by step (RFC 6902); a `test` that fails leaves it as it was.
    ///
    /// - Returns: The object as it was stored.
    /// - Throws: ``KubernetesClientError``; `.refused` with `isInvalid` where a `test` fails.
    public func patch(
        _ type: ResourceType,
        _ key: ObjectKey,
        _ patch: JSONPatch,
        fieldManager: String
    ) async throws(KubernetesClientError) -> JSONValue {
        var query = Query()
        query.append("fieldManager", fieldManager)
        return try await self.perform(
            Call(
                operation: operation("patch", type, key),
                method: "PATCH",
                target: query.target(type.path(key)),
                body: patch.value,
                contentType: "application/json-patch+json",
                repeatability: .risky
            )
        )
    }

    /// Deletes an object, if it is still the one with this UID; what it owns is deleted in the background.
    ///
    /// - Parameters:
    ///   - type: What it is.
    ///   - key: What it is called.
    ///   - uid: Which object of this name is meant.
    ///   - resourceVersion: In which state it must be; by default in any.
    /// - Throws: ``KubernetesClientError``; `.refused` with `isConflict` where another object has the name by now, or it has changed.
    public func delete(
        _ type: ResourceType,
        _ key: ObjectKey,
        uid: String,
        resourceVersion: ResourceVersion? = nil
    ) async throws(KubernetesClientError) {
        var preconditions: JSONValue = ["uid": .string(uid)]
        if let resourceVersion { preconditions["resourceVersion"] = .string(resourceVersion.text) }
        _ = try await self.perform(
            Call(
                operation: operation("delete", type, key),
                method: "DELETE",
                target: type.path(key),
                body: [
                    "apiVersion": "v1",
                    "kind": "DeleteOptions",
                    "preconditions": preconditions,
                    "propagationPolicy": "Background",
                ],
                repeatability: .harmless
            )
        )
    }
}

func operation(
    _ verb: String,
    _ type: ResourceType,
    _ key: ObjectKey,
    subresource: String? = nil
) -> KubernetesClientError.Operation {
    let resource = subresource.map { "\(type.resourceName)/\($0)" } ?? type.resourceName
    return KubernetesClientError.Operation(verb: verb, resource: resource, subject: key.description)
}
