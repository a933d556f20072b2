internal import TodoAppAPI

/// A key of the app's Secret and the variable that holds its value in the container.
public struct SecretKey: Sendable, Hashable {
    /// What a value is for.
    public enum Kind: String, Sendable, Hashable {
        /// Signs tokens; generated where nobody supplies it.
        case signingKey
        /// Where the database is and who may use it.
        case databaseURL
        /// A credential that only somebody else can give.
        case credential
    }

    /// When the container needs a value.
    public enum Need: Sendable, Hashable {
        /// Always.
        case always
        /// Only while a variable of the ConfigMap has this value.
        case when(variable: String, is: String)
    }

    /// The key in the Secret.
    public var key: String
    /// The variable's name.
    public var variable: String
    /// What the value is for.
    public var kind: Kind
    /// When the container needs it.
    public var need: Need
    /// What the value must be.
    public var rule: SecretRule
    /// Where all this comes from.
    public var source: FigureSource

    /// What holds for the keys of a component, beyond what the validator knows of them.
    ///
    /// - Parameters:
    ///   - keys: The keys and their variables, in order.
    ///   - databaseRequiresTLS: Whether the database's URL must ask for an encrypted connection.
    ///   - signingKeyLength: The fewest characters of a signing key.
    ///   - needs: By variable, when a value is needed; always where nothing is said.
    ///   - source: Where all this comes from.
    static func keys(
        _ keys: [ContractSecretKey],
        databaseRequiresTLS: Bool = false,
        signingKeyLength: Int = 1,
        needs: [String: Need] = [:],
        from source: FigureSource
    ) -> [SecretKey] {
        keys.map { key in
            let variable = key.environmentVariable
            let isDatabaseURL = variable == "DATABASE_URL"
            let kind: Kind = key.isGenerated ? .signingKey : isDatabaseURL ? .databaseURL : .credential
            let rule: SecretRule =
                switch kind {
                case .signingKey: signingKeyLength > 1 ? .minimumLength(signingKeyLength) : .notEmpty
                case .databaseURL: .postgresURL(requiresTLS: databaseRequiresTLS)
                case .credential: .notEmpty
                }
            return SecretKey(
                key: key.key,
                variable: variable,
                kind: kind,
                need: needs[variable] ?? .always,
                rule: rule,
                source: source
            )
        }
    }
}

/// A key of the app's ConfigMap and the variable that holds its value in the container.
public struct ConfigKey: Sendable, Hashable {
    /// Where the value comes from while the user does not set the variable.
    public enum Value: Sendable, Hashable {
        /// From here.
        case fixed(String)
        /// There is none, and the app does without.
        case none
        /// The URL of the front door, as a browser needs it.
        case frontDoorURL
        /// The URL of the backend's Service, as the frontend needs it.
        case backendURL
        /// `production` or `development`.
        case environmentName
    }

    /// The key in the ConfigMap.
    public var key: String
    /// The variable's name.
    public var variable: String
    /// The value while the user does not set the variable.
    public var value: Value
    /// Where all this comes from.
    public var source: FigureSource

    /// A key of the ConfigMap; without a variable's name it is the key.
    init(_ key: String, variable: String? = nil, _ value: Value, from source: FigureSource) {
        self.key = key
        self.variable = variable ?? key
        self.value = value
        self.source = source
    }
}
