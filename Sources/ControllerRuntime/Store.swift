public import KubernetesAPI
internal import Locks

/// An object that a store can hold.
public protocol StoredObject: Sendable {
    /// The object's metadata.
    var metadata: ObjectMeta { get }
}

extension DynamicObject: StoredObject {}
extension Pod: StoredObject {}
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
/// Reads are cheap and never wait for the network. Objects can be looked up by name, and by one index key each (most often
/// the UID of their owner).
public final class Store<Object: StoredObject>: Sendable {
    private struct Content {
        var objects: [ObjectKey: Object] = [:]
        var index: [String: Set<ObjectKey>] = [:]
        var version = ResourceVersion("")
        var isSynced = false
        var isDenied = false

        /// An event without a version says nothing about how far the store has come.
        mutating func advance(to version: ResourceVersion) {
            if !version.isEmpty { self.version = version }
        }
    }

    private let content = Locked(Content())
    private let indexKey: @Sendable (Object) -> String?

    /// A store that is empty.
    ///
    /// - Parameter indexKey: Under what an object is found by ``indexed(_:)``; `nil` for not at all.
    public init(indexKey: @escaping @Sendable (Object) -> String? = { _ in nil }) {
        self.indexKey = indexKey
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

    /// Whether the collection has been read whole at least once.
    public var isSynced: Bool {
        self.content.withLock { $0.isSynced }
    }

    /// Whether the collection cannot be read: the API server refuses it, or does not serve it.
    ///
    /// Turns false when it can.
    public var isDenied: Bool {
        self.content.withLock { $0.isDenied }
    }

    /// The version up to which all changes are in the store.
    public var version: ResourceVersion {
        self.content.withLock { $0.version }
    }

    // MARK: Writing, for whoever fills it: an informer, or a program that looks once

    /// Puts a complete collection in the place of the old one; what is no longer there counts as deleted.
    ///
    /// - Returns: What is new, changed or gone by that.
    public func replace(with objects: [ObjectKey: Object], version: ResourceVersion) -> [StoreChange<Object>] {
        self.content.withLock { content in
            var changes: [StoreChange<Object>] = []
            for (key, old) in content.objects where objects[key]?.metadata.uid != old.metadata.uid {
                // Also an object that was deleted and created anew while nobody looked: its dependants hear of both.
                changes.append(StoreChange(old: old, new: nil))
            }
            for (key, new) in objects {
                let old = content.objects[key].flatMap { $0.metadata.uid == new.metadata.uid ? $0 : nil }
                if old?.metadata.resourceVersion != new.metadata.resourceVersion {
                    changes.append(StoreChange(old: old, new: new))
                }
            }
            if !content.isSynced {
                changes = changes.map { StoreChange(old: $0.old, new: $0.new, isOfFirstList: true) }
            }
            content.objects = objects
            content.index = [:]
            for (key, object) in objects {
                if let indexKey = self.indexKey(object) {
                    content.index[indexKey, default: []].insert(key)
                }
            }
            content.version = version
            content.isSynced = true
            content.isDenied = false
            return changes
        }
    }

    /// Takes a new or changed object; `nil` if it is what the store has already.
    func update(_ object: Object) -> StoreChange<Object>? {
        self.content.withLock { content in
            let key = object.metadata.key
            content.advance(to: object.metadata.resourceVersion)
            let old = content.objects[key]
            if let old, old.metadata.uid == object.metadata.uid,
                old.metadata.resourceVersion == object.metadata.resourceVersion
            {
                return nil
            }
            self.unindex(old, in: &content)
            content.objects[key] = object
            if let indexKey = self.indexKey(object) {
                content.index[indexKey, default: []].insert(key)
            }
            return StoreChange(old: old, new: object)
        }
    }

    /// Drops an object.
    func remove(_ key: ObjectKey, version: ResourceVersion) -> StoreChange<Object>? {
        self.content.withLock { content in
            content.advance(to: version)
            guard let old = content.objects.removeValue(forKey: key) else { return nil }
            self.unindex(old, in: &content)
            return StoreChange(old: old, new: nil)
        }
    }

    /// Notes that nothing changed up to a version.
    func advance(to version: ResourceVersion) {
        self.content.withLock { $0.advance(to: version) }
    }

    /// Notes that the API server refused the collection.
    func deny() {
        self.content.withLock { $0.isDenied = true }
    }

    private func unindex(_ object: Object?, in content: inout Content) {
        guard let object, let indexKey = self.indexKey(object) else { return }
        content.index[indexKey]?.remove(object.metadata.key)
        if content.index[indexKey]?.isEmpty == true {
            content.index[indexKey] = nil
        }
    }
}
