/// What a user wants of one todo app, read and found valid.
///
/// A value the user left out is `nil` (or a case that says so) where its default depends on the contract or on the
/// environment; `TodoAppDefaults.swift` fills these in. All other defaults are in place already.
public struct TodoAppSpec: Sendable, Equatable {
    /// Which contract the app's images keep; `taskflow` where the user names none.
    public var contract: ContractName
    /// Where the app runs; `Production` where the user does not say.
    public var environment: AppEnvironment
    /// The tag of both images; `nil` only in Minikube, or where each image brings its own.
    public var version: String?
    /// The prefix of both images, without a slash at its end.
    public var registry: String?
    /// The API server of the app.
    public var backend: ComponentSpec
    /// The web server of the app; `nil` where it is not deployed.
    public var frontend: ComponentSpec?
    /// Where the app's credentials come from.
    public var secrets: SecretsSpec
    /// Who runs the app's database.
    public var database: DatabaseSpec
    /// How the front door is reached.
    public var exposure: ExposureSpec
    /// Whether the app's traffic is fenced in.
    public var networkPolicy: NetworkPolicySpec
    /// How a change comes to the pods.
    public var rollout: RolloutSpec
    /// The names of the Secrets that open the image registry, in order.
    public var imagePullSecrets: [String]
    /// While true, nothing is written but the status.
    public var paused: Bool
    /// While true, all pods are gone and everything else stays.
    public var suspended: Bool

    /// A spec with nothing but what it must have; everything else is at its default.
    public init(
        contract: ContractName = .taskflow,
        environment: AppEnvironment = .production,
        version: String? = nil,
        registry: String? = nil,
        backend: ComponentSpec = ComponentSpec(),
        frontend: ComponentSpec? = nil,
        secrets: SecretsSpec = SecretsSpec(),
        database: DatabaseSpec = .external,
        exposure: ExposureSpec = .byEnvironment,
        networkPolicy: NetworkPolicySpec = .byEnvironment,
        rollout: RolloutSpec = RolloutSpec(),
        imagePullSecrets: [String] = [],
        paused: Bool = false,
        suspended: Bool = false
    ) {
        self.contract = contract
        self.environment = environment
        self.version = version
        self.registry = registry
        self.backend = backend
        self.frontend = frontend
        self.secrets = secrets
        self.database = database
        self.exposure = exposure
        self.networkPolicy = networkPolicy
        self.rollout = rollout
        self.imagePullSecrets = imagePullSecrets
        self.paused = paused
        self.suspended = suspended
    }
}

/// The contracts there are; what each of them holds is data of the operator.
public enum ContractName: String, Sendable, Hashable, CaseIterable {
    /// Seed 002: backend and frontend.
    case taskflow
    /// Seed 000: a backend with paths of its own for liveness and readiness.
    case openai
    /// Seed 001: a backend on port 8001, with bounds for its resources.
    case groq
    /// Seed 004: a backend for Minikube, with names and a node's port of its own.
    case cohere
    /// Seed 003: any FastAPI backend; port, path, user and keys are the user's.
    case fastapi
}

/// Where an app runs, which decides most of its defaults.
public enum AppEnvironment: String, Sendable, Hashable, CaseIterable {
    /// A cluster that pulls versioned images and serves people.
    case production = "Production"
    /// A demo on one machine, with images that were loaded into the node.
    case minikube = "Minikube"
}

/// The two parts an app may have.
public enum ComponentName: String, Sendable, Hashable, CaseIterable {
    /// The API server.
    case backend
    /// The web server.
    case frontend
}

/// Whether there is a NetworkPolicy around the app.
public enum NetworkPolicySpec: Sendable, Hashable {
    /// The user did not say: yes in Production, no in Minikube.
    case byEnvironment
    /// There is one.
    case enabled
    /// There is none.
    case disabled
}

/// Who runs the database.
public enum DatabaseSpec: Sendable, Equatable {
    /// Somebody else; a DATABASE_URL comes with the app's secrets.
    case external
    /// The operator, for demos: one PostgreSQL with this much storage.
    case embedded(EmbeddedDatabase)
}

/// How a change comes to the pods.
public struct RolloutSpec: Sendable, Hashable {
    /// Which component goes first.
    public enum Order: String, Sendable, Hashable, CaseIterable {
        /// Both at once.
        case parallel = "Parallel"
        /// The frontend waits until the backend is fully rolled out.
        case backendFirst = "BackendFirst"
    }

    /// What happens when a change does not become ready in time.
    public enum FailureAction: String, Sendable, Hashable, CaseIterable {
        /// The old pods go on serving and the status says what is wrong.
        case hold = "Hold"
        /// Image and configuration go back together to what was last good.
        case rollback = "Rollback"
    }

    /// Which component goes first; both at once by default.
    public var order: Order
    /// After how many seconds without progress a change has failed; 600, as Kubernetes' Deployments.
    public var progressDeadlineSeconds: Int
    /// What happens then; nothing is taken back by default.
    public var onFailure: FailureAction

    /// A rollout at its defaults where nothing else is said.
    public init(order: Order = .parallel, progressDeadlineSeconds: Int = 600, onFailure: FailureAction = .hold) {
        self.order = order
        self.progressDeadlineSeconds = progressDeadlineSeconds
        self.onFailure = onFailure
    }
}
