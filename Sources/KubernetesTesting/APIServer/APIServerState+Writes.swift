internal import JSON
internal import KubernetesAPI

/// Who writes, and through which door.
struct Writer {
    var fieldManager: String
    /// `status`, or empty for the object itself.
    var subresource = ""

    func manager(_ operation: ManagedFields.Manager.Operation, _ resource: SimulatedResource) -> ManagedFields.Manager {
        ManagedFields.Manager(
            name: self.fieldManager,
            operation: operation,
            apiVersion: resource.type.apiVersion,
            subresource: self.subresource
        )
    }
}

// MARK: - Creating

extension APIServerState {
    /// Stores a new object.
    mutating func create(
        _ resource: SimulatedResource,
        namespace: String?,
        _ manifest: JSONValue,
        writer: Writer,
        applied: FieldSet? = nil
    ) throws(APIFailure) -> JSONValue {
        let type = resource.type
        var object = manifest
        try self.checkType(object, resource)
        var metadata = object["metadata"] ?? [:]
        if metadata["name"]?.string ?? "" == "", let start = metadata["generateName"]?.string, !start.isEmpty {
            metadata["name"] = .string(start + self.nameEnd())
        }
        let name = metadata["name"]?.string ?? ""
        guard !name.isEmpty else {
            let rule = "Required value: name or generateName is required"
            throw .invalid(type, "", field: "metadata.name", rule, reason: "FieldValueRequired")
        }
        try self.checkNamespace(namespace, stated: metadata["namespace"]?.string, for: type, name)
        let key = ObjectKey(namespace: namespace, name: name)
        guard self.store.object(resource.name, key) == nil else { throw .alreadyExists(type, name) }
        guard metadata["resourceVersion"]?.string ?? "" == "" else {
            throw .internalError("resourceVersion should not be set on objects to be created")
        }
        metadata["namespace"] = namespace.map { .string($0) }
        metadata["uid"] = .string(self.identity())
        metadata["creationTimestamp"] = .string(self.timestamp)
        for member in ["deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "generation"] {
            metadata[member] = nil
        }
        if resource.countsGenerations { metadata["generation"] = 1 }
        object["metadata"] = metadata
        if resource.hasStatus { object["status"] = nil }
        object = try self.withDefaults(object.withoutNulls, resource, old: nil)
        var books = ManagedFields(json: nil)
        let comparison = FieldComparison(from: nil, to: object.tracked)
        if let applied {
            books.apply(by: writer.manager(.apply, resource), applied, comparison, at: self.timestamp)
        } else {
            books.update(by: writer.manager(.update, resource), comparison, at: self.timestamp)
        }
        object["metadata"]?["managedFields"] = books.json
        return self.commit(resource, key, object)
    }

    private func checkType(_ object: JSONValue, _ resource: SimulatedResource) throws(APIFailure) {
        let (apiVersion, kind) = (object["apiVersion"]?.string ?? "", object["kind"]?.string ?? "")
        guard [resource.type.apiVersion, ""].contains(apiVersion), [resource.type.kind, ""].contains(kind) else {
            let sent = "\(apiVersion), Kind=\(kind)"
            throw .badRequest(
                "\(resource.type.kind) in version \"\(resource.type.version)\" cannot be handled: \(sent)"
            )
        }
    }

    private func checkNamespace(
        _ namespace: String?,
        stated: String?,
        for type: ResourceType,
        _ name: String
    ) throws(APIFailure) {
        guard let namespace else { return }
        guard stated ?? "" == "" || stated == namespace else {
            throw .badRequest("the namespace of the provided object does not match the namespace sent on the request")
        }
        guard let found = self.store.object("namespaces", ObjectKey(namespace: nil, name: namespace)) else {
            throw .notFound(.namespaces, namespace)
        }
        guard found["metadata"]?["deletionTimestamp"] == nil else {
            throw .namespaceTerminates(type, name, namespace: namespace)
        }
    }

    /// Writes an object down as it is.
    mutating func commit(_ resource: SimulatedResource, _ key: ObjectKey, _ object: JSONValue?) -> JSONValue {
        let stored = self.store.write(resource.name, key, object)
        let identity = stored["metadata"]?["uid"]?.string ?? ""
        if object == nil {
            self.identities.remove(identity)
            self.needsControllers = true
        } else {
            self.identities.insert(identity)
            let owners = stored["metadata"]?["ownerReferences"]?.array ?? []
            let isBereft = !owners.allSatisfy { self.identities.contains($0["uid"]?.string ?? "") }
            if isBereft || stored["metadata"]?["deletionTimestamp"] != nil { self.needsControllers = true }
        }
        return stored
    }
}

// MARK: - Changing

extension APIServerState {
    /// Puts an object in the place of the one that is there.
    mutating func update(
        _ resource: SimulatedResource,
        _ key: ObjectKey,
        _ manifest: JSONValue,
        writer: Writer
    ) throws(APIFailure) -> JSONValue {
        try self.checkType(manifest, resource)
        let name = manifest["metadata"]?["name"]?.string ?? ""
        guard name == key.name else {
            throw .badRequest("the name of the object (\(name)) does not match the name on the URL (\(key.name))")
        }
        guard let old = self.store.object(resource.name, key) else { throw .notFound(resource.type, key.name) }
        if resource.isCustom, manifest["metadata"]?["resourceVersion"]?.string ?? "" == "" {
            let rule = "Invalid value: 0x0: must be specified for an update"
            throw .invalid(resource.type, key.name, field: "metadata.resourceVersion", rule)
        }
        return try self.replace(resource, key, old: old, with: manifest, writer: writer, applied: nil)
    }

    /// Writes a new state of an object, if it says anything new.
    ///
    /// - Parameter applied: What an apply named; `nil` for any other write.
    mutating func replace(
        _ resource: SimulatedResource,
        _ key: ObjectKey,
        old: JSONValue,
        with manifest: JSONValue,
        writer: Writer,
        applied: FieldSet?
    ) throws(APIFailure) -> JSONValue {
        var new = try self.kept(manifest.withoutNulls, of: old, resource, key, writer)
        new = try self.withDefaults(new, resource, old: old)
        if resource.countsGenerations, new.wanted != old.wanted {
            new["metadata"]?["generation"] = .integer((old["metadata"]?["generation"]?.integer ?? 0) + 1)
        }
        // What a client sends as books is taken over; none means that it does not care.
        var books = ManagedFields(json: manifest["metadata"]?["managedFields"] ?? old["metadata"]?["managedFields"])
        let comparison = FieldComparison(from: old.tracked, to: new.tracked)
        if let applied {
            books.apply(by: writer.manager(.apply, resource), applied, comparison, at: self.timestamp)
        } else {
            books.update(by: writer.manager(.update, resource), comparison, at: self.timestamp)
        }
        new["metadata"]?["managedFields"] = books.json
        guard new != old else { return old }
        let isGone =
            new["metadata"]?["deletionTimestamp"] != nil
            && (new["metadata"]?["finalizers"]?.array ?? []).isEmpty && resource.type != .namespaces
        if isGone {
            _ = self.commit(resource, key, nil)
            return new
        }
        return self.commit(resource, key, new)
    }

    /// The new state with everything that a client cannot change.
    private func kept(
        _ manifest: JSONValue,
        of old: JSONValue,
        _ resource: SimulatedResource,
        _ key: ObjectKey,
        _ writer: Writer
    ) throws(APIFailure) -> JSONValue {
        var metadata = manifest["metadata"] ?? [:]
        let was = old["metadata"] ?? [:]
        if let version = metadata["resourceVersion"]?.string, !version.isEmpty,
            version != was["resourceVersion"]?.string
        {
            throw .modified(resource.type, key.name)
        }
        if let uid = metadata["uid"]?.string, !uid.isEmpty, let live = was["uid"]?.string, uid != live {
            let why = "Precondition failed: UID in precondition: \(uid), UID in object meta: \(live)"
            throw .conflict(resource.type, key.name, why)
        }
        if was["deletionTimestamp"] != nil {
            let before = was["finalizers"]?.array ?? []
            let added = (metadata["finalizers"]?.array ?? []).filter { !before.contains($0) }
            guard added.isEmpty else {
                let rule = "Forbidden: no new finalizers can be added if the object is being deleted"
                throw .invalid(
                    resource.type,
                    key.name,
                    field: "metadata.finalizers",
                    rule,
                    reason: "FieldValueForbidden"
                )
            }
        }
        for member in [
            "name", "namespace", "uid", "resourceVersion", "creationTimestamp", "generation", "deletionTimestamp",
            "deletionGracePeriodSeconds", "generateName",
        ] {
            metadata[member] = was[member]
        }
        var new = writer.subresource == "status" ? old : manifest
        if writer.subresource == "status" {
            new["status"] = manifest["status"]
        } else {
            new["metadata"] = metadata
            if resource.hasStatus { new["status"] = old["status"] }
        }
        new["apiVersion"] = old["apiVersion"]
        new["kind"] = old["kind"]
        return new
    }
}

// MARK: - Parts of objects

extension JSONValue {
    /// The object as far as fields have owners.
    var tracked: JSONValue {
        var tracked = self
        tracked["apiVersion"] = nil
        tracked["kind"] = nil
        guard var metadata = self["metadata"] else { return tracked }
        for member in [
            "name", "namespace", "uid", "resourceVersion", "creationTimestamp", "generation", "managedFields",
            "selfLink",
            "deletionTimestamp", "deletionGracePeriodSeconds",
        ] {
            metadata[member] = nil
        }
        tracked["metadata"] = metadata == [:] ? .none : metadata
        return tracked
    }

    /// What a generation counts the changes of.
    fileprivate var wanted: JSONValue {
        var wanted = self
        wanted["metadata"] = nil
        wanted["status"] = nil
        return wanted
    }

    /// The value without members that are `null`, which the API server does not store.
    var withoutNulls: JSONValue {
        switch self {
        case .object(let members):
            .object(
                JSONObject(
                    uniqueMembers: members.filter { !$0.value.isNull }.map { member in
                        JSONObject.Member(key: member.key, value: member.value.withoutNulls)
                    }
                )
            )
        case .array(let elements):
            .array(elements.map(\.withoutNulls))
        default:
            self
        }
    }
}
