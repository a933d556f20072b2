public import KubernetesAPI
internal import Locks

/// An object that a store can hold.
public protocol StoredObject: Sendable {
    /// The object's metadata.
    var metadata: ObjectMeta { get }
}

extension DynamicObject: StoredObject {}
extension Pod: StoredObject {}
extension PodEvent: StoredObject {}
extension ReplicaSet: StoredObject {}

/// A change of a store: what was there before and what is there now; never both `nil`.
public struct StoreChange<Object: StoredObject>: Sendable {
    /// The former state; `nil` if the object is new.
    public var old: Object?
    /// The present state; `nil` if the object is gone.
    public var new: Object?
    /// Whether it was found when the collection was read for the first time: nothing has happened to it just now.
    public var isOfFirstList = false
}

/// A copy of a collection of the API server's, kept by one ``Informer`` and read by everybody.
///
/// Reads are cheap and never wait for the network. Objects can be looked up by name, and by their index keys (most often
/// the UID of their owner).
///
/// It consists of one part for the whole collection, or of one for each namespace that is watched: a part that cannot be
/// read takes nothing away from the others.
public final class Store<Object: StoredObject>: Sendable {
    private struct Content {
        var objects: [ObjectKey: Object] = [:]
        var index: [String: Set<ObjectKey>] = [:]
        /// By namespace; the part without one is the whole collection.
        var parts: [String?: Part] = [:]

        mutating func advance(_ namespace: String?, to version: ResourceVersion) {
            // An event without a version says nothing about how far the store has come.
            if !version.isEmpty { self.parts[namespace, default: Part()].version = version }
        }

        /// The part in which a namespace's objects are.
        func part(of namespace: String?) -> Part? {
            self.parts[namespace] ?? self.parts[nil]
        }
    }

    private struct Part {
        var version = ResourceVersion("")
        var isSynced = false
        var isDenied = false
    }

    private let content = Locked(Content())
    private let indexKeys: @Sendable (Object) -> [String]

    /// A store that is empty.
    ///
    /// - Parameter indexKey: Under what an object is found by ``indexed(_:)``; `nil` for not at all.
    public init(indexKey: @escaping @Sendable (Object) -> String? = { _ in nil }) {
        self.indexKeys = { object in indexKey(object).map { [$0] } ?? [] }
    }

    /// A store that is empty, whose objects are each found under several keys.
    ///
    /// - Parameter indexKeys: Under what an object is found by ``indexed(_:)``; no key twice.
    public init(indexKeys: @escaping @Sendable (Object) -> [String]) {
        self.indexKeys = indexKeys
    }

    // MARK: Reading

    /// The object of that name.
    public subscript(key: ObjectKey) -> Object? {
        self.content.withLock { $0.objects[key] }
    }

    /// The objects with this index key, in the order of their names.
    public func indexed(_ key: String) -> [Object] {
        let objects = self.content.withLock { content in
            (content.index[key] ?? []).compactMap { content.objects[$0] }
        }
        return objects.sorted { $0.metadata.name < $1.metadata.name }
    }

    /// The names of all objects.
    public var keys: [ObjectKey] {
        self.content.withLock { Array($0.objects.keys) }
    }

    /// How many objects there are.
    public var count: Int {
        self.content.withLock { $0.objects.count }
    }

    /// Whether the collection has been read whole at least once, but for those parts that are denied.
    public var isSynced: Bool {
        self.content.withLock { content in
            let parts = content.parts.values
            return parts.contains(where: \.isSynced) && parts.allSatisfy { $0.isSynced || $0.isDenied }
        }
    }

    /// Whether a part of the collection cannot be read: the API server refuses it, or does not serve it.
    ///
    /// Turns false when it can.
    public var isDenied: Bool {
        self.content.withLock { $0.parts.values.contains(where: \.isDenied) }
    }

    /// Whether a namespace's objects have been read at least once; what is decided there must wait for that.
    public func isSynced(in namespace: String?) -> Bool {
        self.content.withLock { $0.part(of: namespace)?.isSynced == true }
    }

    /// The version up to which all changes are in the store, for objects in a namespace.
    ///
    /// - Parameter namespace: May be `nil` where the collection is not watched by namespace.
    public func version(in namespace: String?) -> ResourceVersion {
        self.content.withLock { $0.part(of: namespace)?.version ?? ResourceVersion("") }
    }

    /// The version up to which all changes are in a store that consists of one part.
    public var version: ResourceVersion {
        self.version(in: nil)
    }

    // MARK: Writing, for whoever fills it: an informer, or a program that looks once

    /// Says of which parts the store will consist, so that it does not count as synced before all of them are.
    func expect(_ namespaces: [String?]) {
        self.content.withLock { content in
            for namespace in namespaces where content.parts[namespace] == nil {
                content.parts[namespace] = .some(Part())
            }
        }
    }

    /// Puts a complete collection in the place of the old one; what is no longer there counts as deleted.
    ///
    /// - Parameters:
    ///   - namespace: The part that was read; `nil` for the whole collection.
    ///   - unreadable: What is there but cannot be read: its last readable state stays.
    /// - Returns: What is new, changed or gone by that.
    public func replace(
        with objects: [ObjectKey: Object],
        version: ResourceVersion,
        in namespace: String? = nil,
        keeping unreadable: Set<ObjectKey> = []
    ) -> [StoreChange<Object>] {
        self.content.withLock { content in
            var changes: [StoreChange<Object>] = []
            let isOfPart = { (key: ObjectKey) in namespace == nil || key.namespace == namespace }
            for (key, old) in content.objects where isOfPart(key) && !unreadable.contains(key) {
                // Also an object that was deleted and created anew while nobody looked: its dependants hear of both.
                guard objects[key]?.metadata.uid != old.metadata.uid else { continue }
                changes.append(StoreChange(old: old, new: nil))
            }
            for (key, new) in objects {
                let old = content.objects[key].flatMap { $0.metadata.uid == new.metadata.uid ? $0 : nil }
                if old?.metadata.resourceVersion != new.metadata.resourceVersion {
                    changes.append(StoreChange(old: old, new: new))
                }
            }
            if content.parts[namespace]?.isSynced != true {
                changes = changes.map { StoreChange(old: $0.old, new: $0.new, isOfFirstList: true) }
            }
            for change in changes {
                guard change.new == nil, let old = change.old else { continue }
                self.unindex(old, in: &content)
                content.objects[old.metadata.key] = nil
            }
            for (key, new) in objects {
                self.put(new, inPlaceOf: content.objects[key], in: &content)
            }
            content.parts[namespace] = Part(version: version, isSynced: true)
            return changes
        }
    }

    /// Takes a new or changed object; `nil` if it is what the store has already, or older than that.
    func update(_ object: Object, in namespace: String? = nil) -> StoreChange<Object>? {
        self.content.withLock { content in
            let key = object.metadata.key
            content.advance(namespace, to: object.metadata.resourceVersion)
            let old = content.objects[key]
            if let old, old.metadata.resourceVersion.isAtLeast(object.metadata.resourceVersion) { return nil }
            self.put(object, inPlaceOf: old, in: &content)
            return StoreChange(old: old, new: object)
        }
    }

    /// Takes an object as the answer to a write shows it, ahead of the watch, which then has nothing new to tell.
    ///
    /// - Returns: Whether reads show the write from now on. Not so while the collection has not been read, and where versions
    ///   cannot be compared: then the watch must be waited for.
    public func anticipate(_ object: Object) -> Bool {
        self.content.withLock { content in
            let (version, key) = (object.metadata.resourceVersion, object.metadata.key)
            guard let part = content.part(of: key.namespace), part.isSynced else { return false }
            // The watch was faster; what it has told since may be newer, or that the object is gone.
            if part.version.isAtLeast(version) { return true }
            guard version.isAtLeast(part.version) else { return false }
            let old = content.objects[key]
            if let old, old.metadata.resourceVersion.isAtLeast(version) { return true }
            self.put(object, inPlaceOf: old, in: &content)
            return true
        }
    }

    /// Drops an object.
    func remove(_ key: ObjectKey, version: ResourceVersion, in namespace: String? = nil) -> StoreChange<Object>? {
        self.content.withLock { content in
            content.advance(namespace, to: version)
            // One that was made anew since is known already, by the answer to that.
            guard let known = content.objects[key]?.metadata.resourceVersion,
                known == version || !known.isAtLeast(version)
            else { return nil }
            guard let old = content.objects.removeValue(forKey: key) else { return nil }
            self.unindex(old, in: &content)
            return StoreChange(old: old, new: nil)
        }
    }

    /// Notes that nothing changed up to a version.
    func advance(to version: ResourceVersion, in namespace: String? = nil) {
        self.content.withLock { $0.advance(namespace, to: version) }
    }

    /// Notes that the API server refused a part.
    func deny(in namespace: String? = nil) {
        self.content.withLock { $0.parts[namespace, default: Part()].isDenied = true }
    }

    private func put(_ object: Object, inPlaceOf old: Object?, in content: inout Content) {
        self.unindex(old, in: &content)
        content.objects[object.metadata.key] = object
        self.index(object, in: &content)
    }

    private func index(_ object: Object, in content: inout Content) {
        for indexKey in self.indexKeys(object) {
            content.index[indexKey, default: []].insert(object.metadata.key)
        }
    }

    private func unindex(_ object: Object?, in content: inout Content) {
        guard let object else { return }
        for indexKey in self.indexKeys(object) {
            content.index[indexKey]?.remove(object.metadata.key)
            if content.index[indexKey]?.isEmpty == true {
                content.index[indexKey] = nil
            }
        }
    }
}
