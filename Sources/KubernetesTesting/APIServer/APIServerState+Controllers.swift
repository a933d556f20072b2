internal import JSON
internal import KubernetesAPI

extension APIServerState {
    /// Lets the garbage collector and the namespace controller work until they have nothing to do.
    mutating func runControllers() {
        self.needsControllers = false
        while self.collectGarbage() || self.emptyNamespaces() {}
        self.needsControllers = false
    }

    private struct Found {
        var resource: SimulatedResource
        var key: ObjectKey
        var object: JSONValue
        var uid: String { self.object["metadata"]?["uid"]?.string ?? "" }
        var owners: [JSONValue] { self.object["metadata"]?["ownerReferences"]?.array ?? [] }
        var isBeingDeleted: Bool { self.object["metadata"]?["deletionTimestamp"] != nil }

        func has(_ propagation: DeleteOptions.Propagation) -> Bool {
            guard self.isBeingDeleted, let finalizer = propagation.finalizer else { return false }
            return self.object["metadata"]?["finalizers"]?.array?.contains(.string(finalizer)) == true
        }
    }

    /// All objects in a fixed order, each once, however many versions of its type are served.
    private var everything: [Found] {
        var seen: Set<String> = []
        return self.resources.filter { seen.insert($0.name).inserted }.flatMap { resource in
            self.store.objects(resource.name).sorted { $0.key.description < $1.key.description }.map {
                Found(resource: resource, key: $0.key, object: $0.value)
            }
        }
    }

    // MARK: The garbage collector

    private mutating func collectGarbage() -> Bool {
        var didSomething = false
        let all = self.everything
        var dependants: [String: [Found]] = [:]
        for found in all {
            for owner in found.owners {
                dependants[owner["uid"]?.string ?? "", default: []].append(found)
            }
        }
        for found in all {
            let mine = dependants[found.uid] ?? []
            if found.has(.orphan) {
                for dependant in mine { self.release(dependant, from: [found.uid]) }
                self.removeFinalizer(.orphan, of: found)
                didSomething = true
            } else if found.has(.foreground) {
                for dependant in mine where !dependant.isBeingDeleted {
                    _ = try? self.delete(dependant.resource, dependant.key, DeleteOptions(propagation: .foreground))
                    didSomething = true
                }
                let blocks = mine.contains { dependant in
                    dependant.owners.contains {
                        $0["uid"]?.string == found.uid && $0["blockOwnerDeletion"]?.bool == true
                    }
                }
                if !blocks {
                    self.removeFinalizer(.foreground, of: found)
                    didSomething = true
                }
            } else if self.collect(found) {
                didSomething = true
            }
        }
        return didSomething
    }

    /// Deletes an object that has lost all its owners; one that has another keeps that.
    private mutating func collect(_ found: Found) -> Bool {
        guard !found.owners.isEmpty, !found.isBeingDeleted else { return false }
        let gone = found.owners.compactMap { $0["uid"]?.string }.filter { !self.identities.contains($0) }
        guard !gone.isEmpty else { return false }
        if gone.count == found.owners.count {
            _ = try? self.delete(found.resource, found.key, DeleteOptions())
        } else {
            self.release(found, from: Set(gone))
        }
        return true
    }

    private mutating func release(_ found: Found, from owners: Set<String>) {
        guard var object = self.store.object(found.resource.name, found.key) else { return }
        let left = found.owners.filter { !owners.contains($0["uid"]?.string ?? "") }
        object["metadata"]?["ownerReferences"] = left.isEmpty ? .none : .array(left)
        _ = self.commit(found.resource, found.key, object)
    }

    private mutating func removeFinalizer(_ propagation: DeleteOptions.Propagation, of found: Found) {
        guard var object = self.store.object(found.resource.name, found.key), let name = propagation.finalizer else {
            return
        }
        let left = (object["metadata"]?["finalizers"]?.array ?? []).filter { $0 != .string(name) }
        object["metadata"]?["finalizers"] = left.isEmpty ? .none : .array(left)
        _ = self.commit(found.resource, found.key, left.isEmpty ? .none : object)
    }

    // MARK: Namespaces

    /// Empties namespaces that are to go, and lets them go when they are empty.
    private mutating func emptyNamespaces() -> Bool {
        var didSomething = false
        let all = self.everything
        for namespace in all where namespace.resource.type == .namespaces && namespace.isBeingDeleted {
            let content = all.filter { $0.key.namespace == namespace.key.name }
            for found in content where !found.isBeingDeleted {
                _ = try? self.delete(found.resource, found.key, DeleteOptions())
                didSomething = true
            }
            let finalizers = namespace.object["metadata"]?["finalizers"]?.array ?? []
            if content.isEmpty, finalizers.isEmpty {
                _ = self.commit(.namespaces, namespace.key, nil)
                didSomething = true
            }
        }
        return didSomething
    }
}
