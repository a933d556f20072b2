internal import JSON
internal import KubernetesAPI

/// The ways of changing a part of an object, by their media types.
enum PatchKind: String {
    case json = "application/json-patch+json"
    case merge = "application/merge-patch+json"
    case apply = "application/apply-patch+yaml"
}

extension APIServerState {
    /// Changes a part of an object.
    mutating func patch(
        _ resource: SimulatedResource,
        _ key: ObjectKey,
        _ request: APIRequest,
        writer: Writer
    ) throws(APIFailure) -> JSONValue {
        guard let kind = PatchKind(rawValue: request.contentType) else {
            throw .unsupportedMediaType(request.contentType)
        }
        let body = request.body ?? .null
        if kind == .apply {
            return try self.apply(resource, key, body, request, writer: writer)
        }
        guard let old = self.store.object(resource.name, key) else { throw .notFound(resource.type, key.name) }
        let new: JSONValue
        if kind == .merge {
            new = old.merging(body)
        } else {
            guard let patch = JSONPatch(json: body) else { throw .badRequest("the patch is not one of RFC 6902") }
            do {
                new = try patch.applied(to: old)
            } catch {
                throw .patchRejected
            }
        }
        return try self.replace(resource, key, old: old, with: new, writer: writer, applied: nil)
    }

    // MARK: Server-side apply

    /// Makes an object hold what is applied, and drops what this manager applied before and nobody else owns.
    private mutating func apply(
        _ resource: SimulatedResource,
        _ key: ObjectKey,
        _ manifest: JSONValue,
        _ request: APIRequest,
        writer: Writer
    ) throws(APIFailure) -> JSONValue {
        guard request.query["fieldManager"] ?? "" != "" else {
            throw .invalidPatchOption("fieldManager", "Required value: is required for apply patch")
        }
        guard manifest["metadata"]?["managedFields"] == nil else {
            throw .badRequest("metadata.managedFields must be nil")
        }
        var applied = manifest.withoutNulls
        if writer.subresource == "status" {
            applied = ["status": applied["status"] ?? [:]]
        } else if resource.hasStatus {
            applied["status"] = nil
        }
        let fields = FieldTree.fields(of: applied.tracked)
        guard let old = self.store.object(resource.name, key) else {
            guard writer.subresource.isEmpty else { throw .notFound(resource.type, key.name) }
            if let uid = manifest["metadata"]?["uid"]?.string, !uid.isEmpty {
                let why = "uid mismatch: the provided object specified uid \(uid), and no existing object was found"
                throw .conflict(resource.type, key.name, why)
            }
            var new = applied
            new["metadata"]?["name"] = .string(key.name)
            return try self.create(resource, namespace: key.namespace, new, writer: writer, applied: fields)
        }
        let manager = writer.manager(.apply, resource)
        let new = Self.merged(applied, into: old, by: manager, fields)
        if request.query["force"] != "true" {
            let books = ManagedFields(json: old["metadata"]?["managedFields"])
            let comparison = FieldComparison(from: old.tracked, to: new.tracked)
            let conflicts = books.conflicts(of: manager, writing: comparison)
            guard conflicts.isEmpty else { throw .applyConflict(conflicts) }
        }
        return try self.replace(resource, key, old: old, with: new, writer: writer, applied: fields)
    }

    /// The live object with what is applied, and without what was applied before and belongs to nobody now.
    private static func merged(
        _ applied: JSONValue,
        into old: JSONValue,
        by manager: ManagedFields.Manager,
        _ fields: FieldSet
    ) -> JSONValue {
        var books = ManagedFields(json: old["metadata"]?["managedFields"])
        let before = books.fields(of: manager)
        books.forget(manager)
        let dropped = before.subtracting(fields).subtracting(books.allFields)
        var new = FieldTree.merging(applied, into: old)
        let kept = new["metadata"]?.object ?? JSONObject()
        new = FieldTree.removing(dropped, from: new) ?? [:]
        // Nobody owns the name, so it stays even where all else of the metadata goes.
        if new["metadata"] == nil { new["metadata"] = .object(kept.filteredToIdentity) }
        return new
    }
}

extension JSONObject {
    fileprivate var filteredToIdentity: JSONObject {
        JSONObject(
            uniqueMembers: self.members.filter { ["name", "namespace", "uid", "resourceVersion"].contains($0.key) }
        )
    }
}

extension APIFailure {
    fileprivate static func invalidPatchOption(_ field: String, _ rule: String) -> APIFailure {
        APIFailure(
            code: 422,
            reason: "Invalid",
            message: "PatchOptions.meta.k8s.io \"\" is invalid: \(field): \(rule)",
            details: [
                "group": "meta.k8s.io", "kind": "PatchOptions",
                "causes": [["reason": "FieldValueRequired", "message": .string(rule), "field": .string(field)]],
            ]
        )
    }
}

extension JSONPatch {
    /// Reads a patch as it comes over the wire; `nil` where it is none.
    fileprivate init?(json: JSONValue) {
        self.init()
        guard let steps = json.array else { return nil }
        for step in steps {
            guard let pointer = (step["path"]?.string).flatMap(JSONPointer.init(parsing:)) else { return nil }
            switch (step["op"]?.string, step["value"]) {
            case ("add", let value?): self.operations.append(.add(pointer, value))
            case ("replace", let value?): self.operations.append(.replace(pointer, value))
            case ("test", let value?): self.operations.append(.test(pointer, value))
            case ("remove", _): self.operations.append(.remove(pointer))
            default: return nil
            }
        }
    }
}
