public import KubernetesAPI

/// What the validator must know of a contract: the keys there are, the values these may have, and the bounds.
///
/// Stated here once, since the contracts of the operator and the validator, which also runs offline, both need it.
public struct ContractRules: Sendable, Equatable {
    /// Which contract this is.
    public let contract: ContractName
    /// What holds for the backend.
    public let backend: ComponentRules
    /// What holds for the frontend; seed 002's frontend stands beside every contract that names none.
    public let frontend: ComponentRules

    /// What holds for a component.
    public subscript(component: ComponentName) -> ComponentRules {
        switch component {
        case .backend: self.backend
        case .frontend: self.frontend
        }
    }

    /// The rules of a contract.
    public static func of(_ contract: ContractName) -> ContractRules {
        switch contract {
        case .taskflow: .taskflow
        case .openai: .openai
        case .groq: .groq
        case .cohere: .cohere
        case .fastapi: .fastapi
        }
    }
}

/// What holds for one component of a contract.
public struct ComponentRules: Sendable, Equatable {
    /// The port the app listens on.
    public var port: Int
    /// Whether the user sets port, health path, user and Secret keys, as contract `fastapi` lets them.
    public var isUserDefined = false
    /// Whether the contract names an image; the user must where it does not.
    public var namesImage = true
    /// The Secret's keys, which go to this component.
    public var secretKeys: [ContractSecretKey] = []
    /// The configuration keys whose values are bound to a rule; all others may hold any text.
    public var configValues: [ConfigKeyRule] = []
    /// Requests and limits where the user says nothing.
    public var resources: ResourcesSpec
    /// The least that may be requested, by resource.
    public var smallestRequests: [String: Quantity] = [:]
    /// The most that may be allowed, by resource.
    public var largestLimits: [String: Quantity] = [:]
    /// Whether the app writes to its root file system, so that it cannot be read-only.
    public var writesToRootFilesystem = false
    /// The port on every node that the contract asks for in Minikube.
    public var minikubeNodePort: Int?
}

/// A key of the app's Secret and the variable that carries it.
public struct ContractSecretKey: Sendable, Hashable {
    /// The key in the Secret.
    public let key: String
    /// The variable in the container.
    public let environmentVariable: String
    /// Whether the operator may make up a value that nobody supplied.
    public let isGenerated: Bool

    /// A key whose variable has the same name, where no other is said.
    public init(_ key: String, environmentVariable: String? = nil, isGenerated: Bool = false) {
        self.key = key
        self.environmentVariable = environmentVariable ?? key
        self.isGenerated = isGenerated
    }
}

/// A configuration key and what its value must be.
public struct ConfigKeyRule: Sendable, Hashable {
    /// What a value must be.
    public enum Value: Sendable, Hashable {
        /// One of these texts.
        case oneOf([String])
        /// A whole number from 1 up.
        case positiveInteger
        /// A number from 0 up, with or without a fraction.
        case number
    }

    /// The variable.
    public let name: String
    /// What its value must be.
    public let value: Value

    /// A key with its rule.
    public init(_ name: String, _ value: Value) {
        self.name = name
        self.value = value
    }
}

// MARK: - The five contracts

extension ContractRules {
    /// Seed 002.
    private static let taskflow = ContractRules(
        contract: .taskflow,
        backend: ComponentRules(
            port: 8000,
            secretKeys: [
                ContractSecretKey("DATABASE_URL"),
                ContractSecretKey("BETTER_AUTH_SECRET", isGenerated: true),
                ContractSecretKey("OPENAI_API_KEY"),
            ],
            resources: .taskflowBackend
        ),
        frontend: .taskflowFrontend
    )

    /// Seed 000; silent on resources, so seed 002's backend stands in.
    private static let openai = ContractRules(
        contract: .openai,
        backend: ComponentRules(
            port: 8000,
            secretKeys: [
                ContractSecretKey("DATABASE_URL"),
                ContractSecretKey("OPENAI_API_KEY"),
                ContractSecretKey("BETTER_AUTH_SECRET", isGenerated: true),
            ],
            configValues: [ConfigKeyRule("WORKERS", .positiveInteger)],
            resources: .taskflowBackend
        ),
        frontend: .taskflowFrontend
    )

    /// Seed 001, which alone has bounds.
    private static let groq = ContractRules(
        contract: .groq,
        backend: ComponentRules(
            port: 8001,
            secretKeys: [
                ContractSecretKey("DATABASE_URL"),
                ContractSecretKey("BETTER_AUTH_SECRET", isGenerated: true),
                ContractSecretKey("GROQ_API_KEY"),
            ],
            configValues: [
                ConfigKeyRule("LLM_PROVIDER", .oneOf(["GROQ", "OPENROUTER"])),
                ConfigKeyRule("JWT_EXPIRATION_DAYS", .positiveInteger),
                ConfigKeyRule("MAX_TOKENS", .positiveInteger),
                ConfigKeyRule("TEMPERATURE", .number),
                ConfigKeyRule("LOG_LEVEL", .oneOf(["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"])),
            ],
            resources: ResourcesSpec(
                requests: ["cpu": .milliCPU(200), "memory": .mebibytes(256)],
                limits: ["cpu": .milliCPU(1000), "memory": .gibibytes(1)]
            ),
            smallestRequests: ["cpu": .milliCPU(100), "memory": .mebibytes(128)],
            largestLimits: ["cpu": .milliCPU(1000), "memory": .gibibytes(1)],
            writesToRootFilesystem: true
        ),
        frontend: .taskflowFrontend
    )

    /// Seed 004.
    private static let cohere = ContractRules(
        contract: .cohere,
        backend: ComponentRules(
            port: 8000,
            secretKeys: [
                ContractSecretKey("database-url", environmentVariable: "DATABASE_URL"),
                ContractSecretKey("cohere-api-key", environmentVariable: "COHERE_API_KEY"),
                ContractSecretKey("jwt-secret", environmentVariable: "JWT_SECRET", isGenerated: true),
            ],
            resources: ResourcesSpec(
                requests: ["cpu": .milliCPU(250), "memory": .mebibytes(256)],
                limits: ["cpu": .milliCPU(500), "memory": .mebibytes(512)]
            ),
            minikubeNodePort: 30_080
        ),
        frontend: .taskflowFrontend
    )

    /// Seed 003, which leaves nearly everything to the user; silent on resources, so seed 002's backend stands in.
    private static let fastapi = ContractRules(
        contract: .fastapi,
        backend: ComponentRules(
            port: 8000,
            isUserDefined: true,
            namesImage: false,
            resources: .taskflowBackend
        ),
        frontend: .taskflowFrontend
    )
}

extension ComponentRules {
    /// Seed 002.
    fileprivate static let taskflowFrontend = ComponentRules(
        port: 3000,
        configValues: [ConfigKeyRule("NODE_ENV", .oneOf(["production", "development"]))],
        resources: ResourcesSpec(
            requests: ["cpu": .milliCPU(100), "memory": .mebibytes(128)],
            limits: ["cpu": .milliCPU(250), "memory": .mebibytes(256)]
        )
    )
}

extension ResourcesSpec {
    /// Seed 002.
    fileprivate static let taskflowBackend = ResourcesSpec(
        requests: ["cpu": .milliCPU(250), "memory": .mebibytes(256)],
        limits: ["cpu": .milliCPU(500), "memory": .mebibytes(512)]
    )
}
