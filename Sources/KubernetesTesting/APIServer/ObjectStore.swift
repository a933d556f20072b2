internal import JSON
internal import KubernetesAPI

/// All objects, one version that grows with each write, and as much of the past as etcd keeps.
struct ObjectStore {
    /// A write.
    struct Change {
        var version: Int
        var key: ObjectKey
        /// The object before; `nil` where there was none.
        var old: JSONValue?
        /// The object after; `nil` where it is gone.
        var new: JSONValue?
    }

    /// The objects of one type.
    private struct Collection {
        var objects: [ObjectKey: JSONValue] = [:]
        var changes: [Change] = []
        /// The newest change that is no longer kept.
        var forgotten = 0
    }

    /// The version of the last write.
    private(set) var version = 1
    /// No state before this one can be had.
    private(set) var compacted = 0
    private var collections: [String: Collection] = [:]
    /// How many changes are kept for each type.
    private let historyLimit: Int

    init(historyLimit: Int) {
        self.historyLimit = historyLimit
    }

    // MARK: Reading

    func object(_ resource: String, _ key: ObjectKey) -> JSONValue? {
        self.collections[resource]?.objects[key]
    }

    func objects(_ resource: String) -> [ObjectKey: JSONValue] {
        self.collections[resource]?.objects ?? [:]
    }

    /// The types of which there are, or were, objects.
    var resources: [String] { self.collections.keys.sorted() }

    /// The oldest version after which all changes of a type are known.
    func oldestVersion(of resource: String) -> Int {
        max(self.compacted, self.collections[resource]?.forgotten ?? 0)
    }

    /// The objects as they were when the version was current; `nil` where that is forgotten, or not there yet.
    func objects(_ resource: String, at version: Int) -> [ObjectKey: JSONValue]? {
        guard version >= self.oldestVersion(of: resource), version <= self.version else { return nil }
        guard let collection = self.collections[resource] else { return [:] }
        var objects = collection.objects
        for change in collection.changes.reversed() {
            guard change.version > version else { break }
            objects[change.key] = change.old
        }
        return objects
    }

    /// What was written after a version; `nil` where some of it is forgotten.
    ///
    /// A watch that has seen everything does not mind that the past is forgotten.
    func changes(of resource: String, after version: Int) -> ArraySlice<Change>? {
        guard let collection = self.collections[resource] else { return [] }
        guard version >= collection.forgotten else { return nil }
        return collection.changes[Self.firstIndex(in: collection.changes, after: version)...]
    }

    private static func firstIndex(in changes: [Change], after version: Int) -> Int {
        var range = changes.startIndex..<changes.endIndex
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            range = changes[middle].version > version ? range.lowerBound..<middle : (middle + 1)..<range.upperBound
        }
        return range.lowerBound
    }

    // MARK: Writing

    /// Puts an object there, or takes it away.
    ///
    /// - Returns: The object with the version of this write; its last state where it is gone.
    @discardableResult
    mutating func write(_ resource: String, _ key: ObjectKey, _ object: JSONValue?) -> JSONValue {
        self.version += 1
        var collection = self.collections.removeValue(forKey: resource) ?? Collection()
        let old = collection.objects[key]
        var stamped = object ?? old ?? .null
        stamped["metadata"]?["resourceVersion"] = .string("\(self.version)")
        collection.objects[key] = object == nil ? .none : stamped
        collection.changes.append(
            Change(version: self.version, key: key, old: old, new: object == nil ? .none : stamped)
        )
        // Trimmed by half, so that an array does for a queue.
        if collection.changes.count > 2 * self.historyLimit {
            collection.forgotten = collection.changes[self.historyLimit - 1].version
            collection.changes.removeFirst(self.historyLimit)
        }
        self.collections[resource] = collection
        return stamped
    }

    /// Lets time pass without a change of these types, as other writes do in a real cluster.
    mutating func skip(_ versions: Int) {
        self.version += versions
    }

    /// Goes back to the state of so many versions ago, as far as it is known: what a lagging replica still shows.
    mutating func rewind(by versions: Int) {
        let target = self.version - versions
        for (name, var collection) in self.collections {
            while let last = collection.changes.last, last.version > target {
                collection.objects[last.key] = last.old
                collection.changes.removeLast()
            }
            self.collections[name] = collection
        }
        self.version = target
    }

    /// Forgets all states before the current one.
    mutating func compact() {
        self.compacted = self.version
        for (name, var collection) in self.collections {
            collection.forgotten = collection.changes.last?.version ?? collection.forgotten
            collection.changes = []
            self.collections[name] = collection
        }
    }
}
