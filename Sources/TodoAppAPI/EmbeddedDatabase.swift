public import KubernetesAPI

/// A PostgreSQL that the operator runs beside the app.
public struct EmbeddedDatabase: Sendable, Hashable {
    /// What its volume asks for; `1Gi` where the user does not say.
    public var storage: Quantity

    /// A database with a volume of this size.
    public init(storage: Quantity) {
        self.storage = storage
    }
}
