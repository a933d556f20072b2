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
    let memory: ChildMemory
    /// The TodoApp.
    let owner: ObjectMeta

    /// Whether a child would be written.
    func isPending(_ child: Child) -> Bool {
        guard self.decision(child) == .keep else { return true }
        self.memory.note(child, of: self.owner.key, isNews: false)
        return false
    }

    /// How much longer a change of a child is to wait; `nil` for not at all, which holds for drift as well.
    func pause(before child: Child) -> Duration? {
        guard case .update = self.decision(child), !self.isDrift(child) else { return nil }
        return self.memory.pause(before: child, of: self.owner.key)
    }

    /// Whether a Deployment holds what is wanted of it, and all its pods are of that and take traffic.
    func isRolledOut(_ child: Child) -> Bool {
        guard self.decision(child) == .keep else { return false }
        guard let live = self.world.child(child.resource, self.key(of: child)) else { return false }
        let status = DeploymentStatus(of: live.value)
        return status.observedGeneration >= live.metadata.generation && status.updated == status.desired
            && status.replicas == status.desired && status.available == status.desired
    }

    /// Whether a Deployment holds what is wanted of it, and its controller has given up waiting for the pods.
    func hasFailed(_ child: Child) -> Bool {
        guard self.decision(child) == .keep else { return false }
        guard let live = self.world.child(child.resource, self.key(of: child)) else { return false }
        let status = DeploymentStatus(of: live.value)
        return status.observedGeneration >= live.metadata.generation
            && status.condition("Progressing")?.reason == "ProgressDeadlineExceeded"
    }

    /// Whether a child held what is wanted of it, and somebody else has changed it since.
    func isDrift(_ child: Child) -> Bool {
        guard case .update = self.decision(child) else { return false }
        return self.memory.hasHeld(child, of: self.owner.key)
    }

    /// Makes a child what it should be.
    ///
    /// - Returns: What was done; `nil` if nothing had to be.
    /// - Throws: ``WriteError``, which names the child.
    func write(_ child: Child) async throws(WriteError) -> ChildWrite? {
        let decision = self.decision(child)
        if self.isDrift(child) {
            let (answer, message) = self.memory.answer(child, of: self.owner.key)
            guard answer == .correct else { throw WriteError(child: child, fight: message) }
        }
        do throws(KubernetesClientError) {
            switch decision {
            case .keep: return nil
            case .create: return try await self.create(child)
            // What the store knows may be out of date: look again before blaming anybody.
            case .update, .adopt, .refuse: break
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
        let stored = self.world.child(child.resource, self.key(of: child))
        return ChildDecision(child, live: stored.map { LiveObject($0) }, owner: self.owner)
    }

    private func key(of child: Child) -> ObjectKey {
        ObjectKey(namespace: self.owner.namespace, name: child.name)
    }
}

// MARK: - Creating and updating

extension ChildWriter {
    /// A POST: a stranger of the same name is refused by the API server itself, however old our picture is.
    private func create(_ child: Child) async throws(KubernetesClientError) -> ChildWrite {
        let stored = try await self.client.post(
            child.resource,
            namespace: self.owner.namespace,
            child.manifest,
            fieldManager: Self.fieldManager
        )
        self.record(stored, of: child)
        return ChildWrite(child: child, change: .created, stored: stored)
    }

    /// Looks at an object that has the child's name, and updates it if it is ours.
    private func claim(_ child: Child) async throws(WriteError) -> ChildWrite? {
        let refusal: WriteError
        do throws(KubernetesClientError) {
            let json: JSONValue
            do throws(KubernetesClientError) {
                json = try await self.client.get(child.resource, self.key(of: child))
            } catch {
                // Deleted since the store last heard of it.
                guard error.status?.isNotFound == true else { throw error }
                return try await self.create(child)
            }
            switch ChildDecision(child, live: try? LiveObject(answer: json), owner: self.owner) {
            case .create, .keep:
                // Ours, and as it should be: somebody has stripped the label by which the store finds it, and put it back.
                return nil
            case .adopt(let uid):
                let stored = try await self.update(child, live: json, uid: uid)
                return ChildWrite(child: child, change: .adopted, stored: stored)
            case .update(let uid, let field):
                let rival = Rival.name(in: json, at: field, of: child.manifest, except: Self.fieldManager)
                guard rival != nil || self.memory.hasHeld(child, of: self.owner.key) else {
                    let stored = try await self.update(child, live: json, uid: uid)
                    self.memory.changed(child, of: self.owner.key)
                    return ChildWrite(child: child, change: .updated(field), stored: stored)
                }
                let (answer, message) = self.memory.answer(child, of: self.owner.key)
                if answer == .correct {
                    return try await self.correct(child, live: json, uid: uid, field: field, rival: rival)
                }
                refusal = WriteError(child: child, fight: message)
            case .refuse(let owner):
                refusal = WriteError(child: child, owner: owner)
            }
        } catch {
            throw WriteError(child: child, error: error)
        }
        throw refusal
    }

    private func correct(
        _ child: Child,
        live: JSONValue,
        uid: String,
        field: JSONPath,
        rival: String?
    ) async throws(KubernetesClientError) -> ChildWrite {
        let stored = try await self.update(child, live: live, uid: uid)
        let object = "\(child.resource.kind) \(child.name)"
        let isChangedAtOnce = (try? stored.object()).map {
            ChildDecision(child, live: LiveObject($0), owner: self.owner) != .keep
        }
        // What is changed within the very request was changed by the API server's admission.
        let culprit = isChangedAtOnce == true ? "an admission webhook" : rival ?? "somebody else"
        self.memory.corrected(
            child,
            of: self.owner.key,
            message: "\(culprit) keeps changing \(field) of \(object); it is put back less and less often"
        )
        return ChildWrite(child: child, change: .corrected(field, rival: rival), stored: stored)
    }

    /// Server-side apply, bound to the object's UID.
    ///
    /// What the POST wrote stands in the API server's books as an update, which an apply would never take back: it is
    /// turned into an apply first, in the very version of the object that was looked at.
    private func update(
        _ child: Child,
        live: JSONValue,
        uid: String
    ) async throws(KubernetesClientError) -> ObjectAnswer {
        let key = self.key(of: child)
        var live = live
        live = try await self.patch(child, live) { PortRepair.patch(for: $0, wanted: child.manifest) }
        live = try await self.patch(child, live) { live in
            FieldOwnership.patchTurningUpdateIntoApply(of: live, by: Self.fieldManager)
        }
        if child.resource == .deployments, child.manifest["spec"]?["replicas"] == nil {
            live = try await self.patch(child, live) { live in
                FieldOwnership.patchLettingGoOfReplicas(of: live, by: Self.fieldManager)
            }
        }
        var manifest = child.manifest
        manifest["metadata"]?["uid"] = .string(uid)
        let answer = try await self.client.apply(child.resource, key, manifest, fieldManager: Self.fieldManager)
        guard let object = try? DynamicObject(json: answer) else { return ObjectAnswer(DynamicObject(reading: answer)) }
        let stored = ObjectAnswer(object)
        self.record(stored, of: child)
        return stored
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

    private func record(_ stored: ObjectAnswer, of child: Child) {
        let (key, version) = (self.key(of: child), stored.resourceVersion)
        self.memory.note(child, of: self.owner.key, isNews: true)
        self.ledger.note(self.owner.key, wrote: version)
        if child.resource == .secrets {
            _ = self.world.secretVersions.anticipate(VersionedObject(key, uid: stored.uid, version))
        }
        guard let store = self.world.children[child.resource] else { return }
        // One that cannot be read is waited for, as if nothing were known of it.
        let isShown = try? store.anticipate(key, at: version) { () throws(JSONParseError) in try stored.object() }
        guard isShown != true else { return }
        self.ledger.record(self.owner.key, wrote: version, to: store, in: self.owner.key.namespace)
    }
}
