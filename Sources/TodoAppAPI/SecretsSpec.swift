/// Where the app's credentials come from and what becomes of them.
public struct SecretsSpec: Sendable, Hashable {
    /// The Secrets that the user named.
    public enum Source: Sendable, Hashable {
        /// None: the app's own Secret holds what can be generated and what the embedded database brings.
        case none
        /// This Secret is used as it is, and the operator makes none.
        case existing(String)
        /// The app's own Secret is fed from these, the first that has a key gives it.
        case from([SecretSource])
    }

    /// What happens to the app's own Secret when the TodoApp is deleted.
    public enum DeletionPolicy: String, Sendable, Hashable, CaseIterable {
        /// It goes with the TodoApp.
        case delete = "Delete"
        /// It stays.
        case retain = "Retain"
    }

    /// The Secrets that the user named.
    public var source: Source
    /// What happens to the app's own Secret with the TodoApp; it is deleted by default.
    public var deletionPolicy: DeletionPolicy

    /// No Secrets, and deletion with the TodoApp, where nothing else is said.
    public init(source: Source = .none, deletionPolicy: DeletionPolicy = .delete) {
        self.source = source
        self.deletionPolicy = deletionPolicy
    }
}

/// One Secret that feeds the app's own.
public struct SecretSource: Sendable, Hashable {
    /// Which keys are taken.
    public enum Keys: Sendable, Hashable {
        /// Every key of the contract that the Secret has, under the same name.
        case sameNames
        /// These, and no others.
        case mapped([Mapping])
    }

    /// A key of the contract and the key of the source that holds its value.
    public struct Mapping: Sendable, Hashable {
        /// The key in the app's own Secret.
        public var contractKey: String
        /// The key in the source.
        public var sourceKey: String

        /// A key of the contract and where its value stands.
        public init(contractKey: String, sourceKey: String) {
            self.contractKey = contractKey
            self.sourceKey = sourceKey
        }
    }

    /// The Secret's name, in the TodoApp's namespace.
    public var secretName: String
    /// Which of its keys are taken.
    public var keys: Keys

    /// A Secret and the keys that are taken from it.
    public init(secretName: String, keys: Keys = .sameNames) {
        self.secretName = secretName
        self.keys = keys
    }
}
