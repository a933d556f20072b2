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
    public var kept: PackedJSON { self.packed }

    /// The object with its tree.
    public init(kept: PackedJSON) {
        self.init(reading: kept.value)
    }
}

/// A change of a store: what was there before and what is there now; never both `nil`.
public struct StoreChange<Object: StoredObject>: Sendable {
    private let keptOld: Object.Kept?
    private let present: Present
    /// Whether it was found when the collection was read for the first time: nothing has happened to it just now.
    public let isOfFirstList: Bool

    /// What is there now: as it came, where it came alone, and as it is kept, where it is one of a whole collection.
    private enum Present {
        case nothing
        case whole(Object)
        case kept(Object.Kept)
    }

    /// The former state; `nil` if the object is new.
    public var old: Object? { self.keptOld.map(Object.init(kept:)) }
    /// The present state; `nil` if the object is gone.
    public var new: Object? {
        switch self.present {
        case .nothing: nil
        case .whole(let object): object
        case .kept(let kept): Object(kept: kept)
        }
    }

    init(old: Object.Kept?, new: Object.Kept?, isOfFirstList: Bool = false) {
        self.keptOld = old
        self.present = new.map { .kept($0) } ?? .nothing
        self.isOfFirstList = isOfFirstList
    }

    /// A change to an object that somebody has at hand: who hears of it need not make it anew from what is kept.
    init(old: Object.Kept?, whole object: Object) {
        self.keptOld = old
        self.present = .whole(object)
        self.isOfFirstList = false
    }
}
