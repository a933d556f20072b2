/// The name of an object among those of its type.
public struct ObjectKey: Sendable, Hashable {
    /// The namespace; `nil` for objects that live in none.
    public let namespace: String?
    /// The object's name.
    public let name: String

    /// A key by its parts.
    public init(namespace: String?, name: String) {
        self.namespace = namespace
        self.name = name
    }
}

extension ObjectKey: CustomStringConvertible {
    /// `namespace/name`, or the name alone.
    public var description: String {
        self.namespace.map { "\($0)/\(self.name)" } ?? self.name
    }
}
