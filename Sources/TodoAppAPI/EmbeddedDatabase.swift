public import KubernetesAPI

/// A PostgreSQL that the operator runs beside the app.
public struct EmbeddedDatabase: Sendable, Hashable {
    /// What its volume asks for; `1Gi` where the user does not say.
    public var storage: Quantity
    /// What happens to its volume and its credentials with the TodoApp; they are deleted by default.
    public var deletionPolicy: SecretsSpec.DeletionPolicy

    /// A database with a volume of this size.
    public init(storage: Quantity, deletionPolicy: SecretsSpec.DeletionPolicy = .delete) {
        self.storage = storage
        self.deletionPolicy = deletionPolicy
    }
}
