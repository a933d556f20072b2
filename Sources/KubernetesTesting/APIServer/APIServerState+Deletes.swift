internal import JSON
internal import KubernetesAPI

/// What a deletion is asked with.
struct DeleteOptions {
    /// What becomes of the objects that name this one as their owner.
    enum Propagation: String {
        case background = "Background"
        case foreground = "Foreground"
        case orphan = "Orphan"

        /// What the object waits for until the garbage collector has done its part.
        var finalizer: String? {
            switch self {
            case .background: nil
            case .foreground: "foregroundDeletion"
            case .orphan: "orphan"
            }
        }
    }

    var uid = ""
    var resourceVersion = ""
    var propagation = Propagation.background

    init(propagation: Propagation = .background) {
        self.propagation = propagation
    }

    init(_ request: APIRequest) throws(APIFailure) {
        self.uid = request.body?["preconditions"]?["uid"]?.string ?? ""
        self.resourceVersion = request.body?["preconditions"]?["resourceVersion"]?.string ?? ""
        guard let text = request.body?["propagationPolicy"]?.string ?? request.query["propagationPolicy"] else {
            return
        }
        guard let propagation = Propagation(rawValue: text) else {
            throw .badRequest("invalid propagation policy: \(text)")
        }
        self.propagation = propagation
    }
}

extension APIServerState {
    /// Deletes an object, or marks it where somebody has to act first.
    ///
    /// A pod goes at once: there is no kubelet that would need time.
    ///
    /// - Returns: The object where it is still there; else a `Status` of success.
    mutating func delete(
        _ resource: SimulatedResource,
        _ key: ObjectKey,
        _ options: DeleteOptions
    ) throws(APIFailure) -> JSONValue {
        guard let old = self.store.object(resource.name, key) else { throw .notFound(resource.type, key.name) }
        let (uid, version) = (old["metadata"]?["uid"]?.string ?? "", old["metadata"]?["resourceVersion"]?.string ?? "")
        guard options.uid.isEmpty || options.uid == uid else {
            let why = "Precondition failed: UID in precondition: \(options.uid), UID in object meta: \(uid)"
            throw .conflict(resource.type, key.name, why)
        }
        guard options.resourceVersion.isEmpty || options.resourceVersion == version else {
            let found = "ResourceVersion in object meta: \(version)"
            let why = "Precondition failed: ResourceVersion in precondition: \(options.resourceVersion), \(found)"
            throw .conflict(resource.type, key.name, why)
        }
        var finalizers = old["metadata"]?["finalizers"]?.array ?? []
        if let finalizer = options.propagation.finalizer, !finalizers.contains(.string(finalizer)) {
            finalizers.append(.string(finalizer))
        }
        guard finalizers.isEmpty, resource.type != .namespaces else {
            return self.mark(resource, key, old, finalizers)
        }
        _ = self.commit(resource, key, nil)
        var details: JSONValue = ["name": .string(key.name)]
        if !resource.type.group.isEmpty { details["group"] = .string(resource.type.group) }
        details["kind"] = .string(resource.type.plural)
        details["uid"] = .string(uid)
        return ["kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success", "details": details]
    }

    /// Notes that an object is to go.
    private mutating func mark(
        _ resource: SimulatedResource,
        _ key: ObjectKey,
        _ old: JSONValue,
        _ finalizers: [JSONValue]
    ) -> JSONValue {
        var new = old
        new["metadata"]?["finalizers"] = finalizers.isEmpty ? .none : .array(finalizers)
        if old["metadata"]?["deletionTimestamp"] == nil {
            new["metadata"]?["deletionTimestamp"] = .string(self.timestamp)
            new["metadata"]?["deletionGracePeriodSeconds"] = resource.type == .namespaces ? .none : 0
            if let generation = old["metadata"]?["generation"]?.integer, resource.countsGenerations {
                new["metadata"]?["generation"] = .integer(generation + 1)
            }
        }
        if resource.type == .namespaces { new["status"] = ["phase": "Terminating"] }
        return new == old ? old : self.commit(resource, key, new)
    }

    /// Deletes all objects of a selection.
    mutating func deleteCollection(
        _ resource: SimulatedResource,
        namespace: String?,
        _ request: APIRequest
    ) throws(APIFailure) -> JSONValue {
        let filter = try ObjectFilter(resource, namespace: namespace, request)
        let options = try DeleteOptions(request)
        let answer = try self.list(resource, namespace: namespace, request)
        let keys = self.store.objects(resource.name).filter { filter.admits($0.value) }.map(\.key)
        for key in keys.sorted(by: { $0.description < $1.description }) {
            _ = try self.delete(resource, key, options)
        }
        return answer
    }
}
