internal import ControllerRuntime
internal import JSON
internal import KubernetesAPI
internal import KubernetesClient
internal import TodoAppAPI

/// Makes children what they should be, one at a time, and never touches what belongs to somebody else.
struct ChildWriter: Sendable {
    /// Under this name the API server records which fields are the operator's.
    static let fieldManager = "todoapp-operator"

    let client: KubernetesClient
    let world: World
    let ledger: WriteLedger<ObjectKey>
    /// The TodoApp.
    let owner: ObjectMeta

    /// Whether a child would be written.
    func isPending(_ child: Child) -> Bool {
        self.decision(child) != .keep
    }

    /// Makes a child what it should be.
    ///
    /// - Returns: What was done; `nil` if nothing had to be.
    /// - Throws: ``WriteError``, which names the child.
    func write(_ child: Child) async throws(WriteError) -> ChildWrite? {
        do throws(KubernetesClientError) {
            switch self.decision(child) {
            case .keep: return nil
            case .update(let uid, let field): return try await self.update(child, uid: uid, field: field)
            case .create: return try await self.create(child)
            // What the store knows may be out of date: look again before blaming anybody.
            case .refuse: break
            }
        } catch {
            // Somebody was faster, and not all such objects carry the label by which the store finds them.
            guard error.operation.verb == "create", error.status?.isAlreadyExists == true else {
                throw WriteError(child: child, error: error)
            }
        }
        return try await self.claim(child)
    }

    /// Deletes an object that is no longer wanted, if it is still this very one.
    func delete(_ type: ResourceType, _ metadata: ObjectMeta) async throws(KubernetesClientError) {
        do throws(KubernetesClientError) {
            try await self.client.delete(type, metadata.key, uid: metadata.uid)
        } catch {
            // It may be gone already, or another one may have its name, which is none of ours.
            guard error.status?.isNotFound == true || error.status?.isConflict == true else { throw error }
        }
    }

    private func decision(_ child: Child) -> ChildDecision {
        ChildDecision(child, live: self.world.child(child.resource, self.key(of: child)), ownerUID: self.owner.uid)
    }

    private func key(of child: Child) -> ObjectKey {
        ObjectKey(namespace: self.owner.namespace, name: child.name)
    }
}

/// A child was written.
struct ChildWrite: Sendable {
    enum Change: Sendable {
        case created
        /// It held something else, first at this field.
        case updated(JSONPath)
    }

    var child: Child
    var change: Change
    /// The object as the API server stored it.
    var stored: JSONValue

    /// What the user hears of it.
    var event: AppEvent {
        let object = "\(self.child.resource.kind) \(self.child.name)"
        return switch self.change {
        case .created: AppEvent(.normal, "ResourceCreated", .sync, "created \(object)")
        // The field alone: what stood in it may be a secret.
        case .updated(let field): AppEvent(.normal, "ResourceUpdated", .sync, "updated \(object) (\(field))")
        }
    }
}

/// A child could not be written.
struct WriteError: Error {
    enum Cause {
        /// It belongs to somebody else; who, in a few words.
        case owned(by: String)
        case failed(KubernetesClientError)
    }

    var child: Child
    var cause: Cause

    /// The component whose fixed node port belongs to another Service, if that is what went wrong.
    var componentWithTakenNodePort: ComponentName? {
        guard case .failed(let error) = self.cause, case .component(let name) = self.child.role else { return nil }
        guard self.child.resource == .services, let status = error.status, status.isInvalid else { return nil }
        return status.message.contains("provided port is already allocated") ? name : nil
    }

    init(child: Child, owner: String) {
        self.child = child
        self.cause = .owned(by: owner)
    }

    init(child: Child, error: KubernetesClientError) {
        self.child = child
        self.cause = .failed(error)
    }
}

// MARK: - Creating and updating

extension ChildWriter {
    /// A POST: a stranger of the same name is refused by the API server itself, however old our picture is.
    private func create(_ child: Child) async throws(KubernetesClientError) -> ChildWrite {
        let stored = try await self.client.create(
            child.resource,
            namespace: self.owner.namespace,
            child.manifest,
            fieldManager: Self.fieldManager
        )
        self.record(stored, of: child)
        return ChildWrite(child: child, change: .created, stored: stored)
    }

    /// Looks at an object that the store does not know but that has the child's name, and updates it if it is ours.
    private func claim(_ child: Child) async throws(WriteError) -> ChildWrite? {
        let stranger: String
        do throws(KubernetesClientError) {
            let json = try await self.client.get(child.resource, self.key(of: child))
            switch ChildDecision(child, live: try? DynamicObject(json: json), ownerUID: self.owner.uid) {
            case .create, .keep: return nil
            case .update(let uid, let field): return try await self.update(child, uid: uid, field: field)
            case .refuse(let owner): stranger = owner
            }
        } catch {
            throw WriteError(child: child, error: error)
        }
        throw WriteError(child: child, owner: stranger)
    }

    /// Server-side apply, bound to the object's UID.
    ///
    /// What the POST wrote stands in the API server's books as an update, which an apply would never take back: it is
    /// turned into an apply first, in the very version of the object that was looked at.
    private func update(
        _ child: Child,
        uid: String,
        field: JSONPath
    ) async throws(KubernetesClientError) -> ChildWrite {
        let key = self.key(of: child)
        var live: JSONValue
        do throws(KubernetesClientError) {
            live = try await self.client.get(child.resource, key)
        } catch {
            // Deleted since the store last heard of it.
            guard error.status?.isNotFound == true else { throw error }
            return try await self.create(child)
        }
        live = try await self.patch(child, live) { PortRepair.patch(for: $0, wanted: child.manifest) }
        live = try await self.patch(child, live) { live in
            FieldOwnership.patchTurningUpdateIntoApply(of: live, by: Self.fieldManager)
        }
        var manifest = child.manifest
        manifest["metadata"]?["uid"] = .string(uid)
        let stored = try await self.client.apply(child.resource, key, manifest, fieldManager: Self.fieldManager)
        self.record(stored, of: child)
        return ChildWrite(child: child, change: .updated(field), stored: stored)
    }

    /// Sends a patch that is made for the object as it was read, if there is one; gives the object as it is then.
    ///
    /// Controllers write the status of what they look after many times a second. A patch that meets another state than it
    /// was made for is refused with 422 or 409, and is made anew.
    private func patch(
        _ child: Child,
        _ live: JSONValue,
        _ make: (JSONValue) -> JSONPatch?
    ) async throws(KubernetesClientError) -> JSONValue {
        let key = self.key(of: child)
        var live = live
        for isLast in [false, false, true] {
            guard let patch = make(live) else { return live }
            do throws(KubernetesClientError) {
                return try await self.client.patch(child.resource, key, patch, fieldManager: Self.fieldManager)
            } catch {
                let isStale = error.status?.isInvalid == true || error.status?.isConflict == true
                guard isStale, !isLast else { throw error }
            }
            live = try await self.client.get(child.resource, key)
        }
        return live
    }

    private func record(_ stored: JSONValue, of child: Child) {
        guard let store = self.world.children[child.resource] else { return }
        let version = ResourceVersion(stored["metadata"]?["resourceVersion"]?.string ?? "")
        self.ledger.record(self.owner.key, wrote: version, to: store)
    }
}
