public import JSON
public import KubernetesAPI

/// An object that a store can hold.
public protocol StoredObject: Sendable {
    /// The form in which a store keeps it: what is read seldom and held in thousands is kept small.
    ///
    /// Defaults to the object itself.
    associatedtype Kept: Sendable = Self

    /// The object's metadata.
    var metadata: ObjectMeta { get }
    /// The object as a store keeps it.
    var kept: Kept { get }

    /// The object that was kept.
    init(kept: Kept)
}

extension StoredObject where Kept == Self {
    /// The object itself.
    public var kept: Self { self }

    /// The object itself.
    public init(kept: Self) {
        self = kept
    }
}

extension Pod: StoredObject {}
extension PodEvent: StoredObject {}
extension ReplicaSet: StoredObject {}

/// As bytes a child takes a quarter of what its tree takes, and is a tree again in a few microseconds.
extension DynamicObject: StoredObject {
    /// Its document's bytes.
    public typealias Kept = PackedJSON

    /// The object without its tree.
    public var kept: PackedJSON { PackedJSON(self.value) }

    /// The object with its tree.
    public init(kept: PackedJSON) {
        self.init(reading: kept.value)
    }
}

/// A change of a store: what was there before and what is there now; never both `nil`.
public struct StoreChange<Object: StoredObject>: Sendable {
    private let keptOld: Object.Kept?
    private let keptNew: Object.Kept?
    /// Whether it was found when the collection was read for the first time: nothing has happened to it just now.
    public let isOfFirstList: Bool

    /// The former state; `nil` if the object is new.
    public var old: Object? { self.keptOld.map(Object.init(kept:)) }
    /// The present state; `nil` if the object is gone.
    public var new: Object? { self.keptNew.map(Object.init(kept:)) }

    init(old: Object.Kept?, new: Object.Kept?, isOfFirstList: Bool = false) {
        self.keptOld = old
        self.keptNew = new
        self.isOfFirstList = isOfFirstList
    }
}
