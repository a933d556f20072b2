public import JSON
public import KubernetesAPI
internal import Locks

/// A copy of a collection of the API server's, kept by one ``Informer`` and read by everybody.
///
/// Reads are cheap and never wait for the network. Objects can be looked up by name, and by their index keys (most often
/// the UID of their owner).
///
/// It consists of one part for the whole collection, or of one for each namespace that is watched: a part that cannot be
/// read takes nothing away from the others.
public final class Store<Object: StoredObject>: Sendable {
    /// An object as it is kept, with what the store itself asks of it.
    struct Entry: Sendable {
        fileprivate let uid: String
        fileprivate let version: ResourceVersion
        fileprivate let indexKeys: [String]
        fileprivate let kept: Object.Kept

        fileprivate var object: Object { Object(kept: self.kept) }

        /// Whether this is the same state of the same object, or a later state than that.
        fileprivate func isAtLeast(_ other: Entry) -> Bool { self.version.isAtLeast(other.version) }

        /// What an event is worth that comes when this is kept already.
        ///
        /// An echo is no news. What an answer has overtaken is: the answer shows it as well, and nobody was told.
        fileprivate func change(overtaking version: ResourceVersion) -> StoreChange<Object>? {
            self.version == version ? nil : StoreChange(old: self.kept, new: self.kept)
        }
    }

    private struct Content {
        var objects: [ObjectKey: Entry] = [:]
        var index: [String: Set<ObjectKey>] = [:]
        /// By namespace; the part without one is the whole collection.
        var parts: [String?: Part] = [:]

        mutating func advance(_ namespace: String?, to version: ResourceVersion) {
            // An event without a version says nothing about how far the store has come.
            if !version.isEmpty { self.parts[namespace, default: Part()].version = version }
        }

        /// Whether reads show this version of an object; `nil` where they could and do not yet.
        func shows(_ version: ResourceVersion, of key: ObjectKey) -> Bool? {
            guard let part = self.part(of: key.namespace), part.isSynced else { return false }
            // The watch was faster; what it has told since may be newer, or that the object is gone.
            if part.version.isAtLeast(version) { return true }
            guard version.isAtLeast(part.version) else { return false }
            return self.objects[key]?.version.isAtLeast(version) == true ? true : nil
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
        self.content.withLock { $0.objects[key] }?.object
    }

    /// The objects with this index key, in the order of their names.
    public func indexed(_ key: String) -> [Object] {
        let objects = self.content.withLock { content in
            (content.index[key] ?? []).compactMap { content.objects[$0] }
        }
        return objects.map { $0.object }.sorted { $0.metadata.name < $1.metadata.name }
    }

    /// What the objects with this index key are and in which state, in the order of their names: enough to see whether
    /// anything has changed.
    public func revisions(indexed key: String) -> [ObjectRevision] {
        let revisions = self.content.withLock { content in
            (content.index[key] ?? []).compactMap { key in
                content.objects[key].map { ObjectRevision(key: key, uid: $0.uid, version: $0.version) }
            }
        }
        return revisions.count > 1 ? revisions.sorted { $0.key.name < $1.key.name } : revisions
    }

    /// The names of the objects with this index key, in no order: enough where most of the objects are not looked at.
    public func keys(indexed key: String) -> Set<ObjectKey> {
        self.content.withLock { $0.index[key] ?? [] }
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

    /// An object in the form in which it will be kept.
    func entry(of object: Object) -> Entry {
        Entry(
            uid: object.metadata.uid,
            version: object.metadata.resourceVersion,
            indexKeys: self.indexKeys(object),
            kept: object.kept
        )
    }

    /// Puts a complete collection in the place of the old one; what is no longer there counts as deleted.
    ///
    /// - Parameters:
    ///   - objects: All that is there and can be read.
    ///   - version: The collection's state that was read.
    ///   - namespace: The part that was read; `nil` for the whole collection.
    ///   - unreadable: What is there but cannot be read: its last readable state stays.
    /// - Returns: What is new, changed or gone by that.
    public func replace(
        with objects: [ObjectKey: Object],
        version: ResourceVersion,
        in namespace: String? = nil,
        keeping unreadable: Set<ObjectKey> = []
    ) -> [StoreChange<Object>] {
        self.replace(withEntries: objects.mapValues(self.entry), version: version, in: namespace, keeping: unreadable)
    }

    /// The same with objects that have their form already: a whole collection is never held in any other.
    func replace(
        withEntries entries: [ObjectKey: Entry],
        version: ResourceVersion,
        in namespace: String? = nil,
        keeping unreadable: Set<ObjectKey> = []
    ) -> [StoreChange<Object>] {
        self.content.withLock { content in
            var changes: [StoreChange<Object>] = []
            let isFirst = content.parts[namespace]?.isSynced != true
            let isOfPart = { (key: ObjectKey) in namespace == nil || key.namespace == namespace }
            for (key, old) in content.objects where isOfPart(key) && !unreadable.contains(key) {
                // Also an object that was deleted and created anew while nobody looked: its dependants hear of both.
                guard entries[key]?.uid != old.uid else { continue }
                changes.append(StoreChange(old: old.kept, new: nil, isOfFirstList: isFirst))
                self.put(nil, at: key, in: &content)
            }
            for (key, new) in entries {
                let old = content.objects[key]
                guard old?.version != new.version else { continue }
                changes.append(StoreChange(old: old?.kept, new: new.kept, isOfFirstList: isFirst))
                self.put(new, at: key, in: &content)
            }
            content.parts[namespace] = Part(version: version, isSynced: true)
            return changes
        }
    }

    /// Whether this very state of an object is there.
    func holds(_ key: ObjectKey, _ version: ResourceVersion) -> Bool {
        self.content.withLock { $0.objects[key]?.version == version }
    }

    /// Takes a new or changed object; `nil` if it is what the store has already.
    func update(_ object: Object, in namespace: String? = nil) -> StoreChange<Object>? {
        let (key, version) = (object.metadata.key, object.metadata.resourceVersion)
        // Most changes are the echo of what was written here: those are not worth packing.
        let overtaker = self.content.withLock { content -> Entry? in
            guard let old = content.objects[key], old.version.isAtLeast(version) else { return nil }
            content.advance(namespace, to: version)
            return old
        }
        if let overtaker { return overtaker.change(overtaking: version) }
        let new = self.entry(of: object)
        return self.content.withLock { content in
            content.advance(namespace, to: version)
            let old = content.objects[key]
            // An answer may have come while this was packed.
            if let old, old.isAtLeast(new) { return old.change(overtaking: version) }
            self.put(new, at: key, in: &content)
            return StoreChange(old: old?.kept, whole: object)
        }
    }

    /// Takes an object as the answer to a write shows it, ahead of the watch, which then has nothing new to tell.
    ///
    /// An answer also shows what others changed just before. Nobody is woken for that: whoever writes compares the answer with
    /// what it went by.
    ///
    /// - Returns: Whether reads show the write from now on. Not so while the collection has not been read, and where versions
    ///   cannot be compared: then the watch must be waited for.
    public func anticipate(_ object: Object) -> Bool {
        self.anticipate(object.metadata.key, at: object.metadata.resourceVersion) { object }
    }

    /// The same with an object that is read only where the watch was not faster, as it is most often.
    public func anticipate<Failure: Error>(
        _ key: ObjectKey,
        at version: ResourceVersion,
        _ object: () throws(Failure) -> Object
    ) throws(Failure) -> Bool {
        if let isShown = self.content.withLock({ $0.shows(version, of: key) }) { return isShown }
        let new = self.entry(of: try object())
        return self.content.withLock { content in
            if let isShown = content.shows(version, of: key) { return isShown }
            self.put(new, at: key, in: &content)
            return true
        }
    }

    /// Drops an object.
    func remove(_ key: ObjectKey, version: ResourceVersion, in namespace: String? = nil) -> StoreChange<Object>? {
        self.content.withLock { content in
            content.advance(namespace, to: version)
            guard let old = content.objects[key] else { return nil }
            // One that was made anew since is known already, by the answer to that.
            if old.version != version, old.version.isAtLeast(version) { return nil }
            self.put(nil, at: key, in: &content)
            return StoreChange(old: old.kept, new: nil)
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

    /// Puts an entry in the place of the one that is there, or takes that away.
    private func put(_ new: Entry?, at key: ObjectKey, in content: inout Content) {
        let old = content.objects[key]
        content.objects[key] = new
        guard old?.indexKeys != new?.indexKeys else { return }
        for indexKey in old?.indexKeys ?? [] {
            content.index[indexKey]?.remove(key)
            if content.index[indexKey]?.isEmpty == true {
                content.index[indexKey] = nil
            }
        }
        for indexKey in new?.indexKeys ?? [] {
            content.index[indexKey, default: []].insert(key)
        }
    }
}

extension Store where Object == DynamicObject {
    /// The object of that name with the parts that the outline names: of a large one that is much quicker than all.
    public subscript(key: ObjectKey, within outline: JSONOutline) -> DynamicObject? {
        let entry = self.content.withLock { $0.objects[key] }
        return entry.map { DynamicObject(reading: $0.kept.value(within: outline)) }
    }
}
