public import KubernetesClient

/// What the plugin gets from the process it runs in; tests bring their own.
public struct PluginSurroundings: Sendable {
    /// A cluster, as the flags name it.
    public struct Connection: Sendable {
        /// The client.
        public var client: KubernetesClient
        /// The namespace that is meant where none is named.
        public var namespace: String

        /// A connection by its parts.
        public init(client: KubernetesClient, namespace: String) {
            self.client = client
            self.namespace = namespace
        }
    }

    /// Finds the cluster by `--kubeconfig` and `--context`; what it throws is told in one line.
    public var connect: @Sendable (_ kubeconfig: String?, _ context: String?) throws -> Connection
    /// Writes to standard output.
    public var write: @Sendable (String) -> Void
    /// Writes to standard error.
    public var writeError: @Sendable (String) -> Void
    /// The size of the terminal behind standard output, as it is now; `nil` where that is none.
    public var terminal: @Sendable () -> TerminalSize?
    /// The process's environment.
    public var environment: [String: String]
    /// Seconds since 1970.
    public var now: @Sendable () -> Double
    /// Waits; throws when the task is cancelled.
    public var sleep: @Sendable (Duration) async throws -> Void
    /// Returns when the user wants no more: SIGINT, SIGTERM.
    public var interrupted: @Sendable () async -> Void

    /// Surroundings by their parts.
    public init(
        connect: @escaping @Sendable (_ kubeconfig: String?, _ context: String?) throws -> Connection,
        write: @escaping @Sendable (String) -> Void,
        writeError: @escaping @Sendable (String) -> Void,
        terminal: @escaping @Sendable () -> TerminalSize?,
        environment: [String: String],
        now: @escaping @Sendable () -> Double,
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        interrupted: @escaping @Sendable () async -> Void
    ) {
        self.connect = connect
        self.write = write
        self.writeError = writeError
        self.terminal = terminal
        self.environment = environment
        self.now = now
        self.sleep = sleep
        self.interrupted = interrupted
    }

    /// The surroundings of the command that runs.
    @TaskLocal static var bound: PluginSurroundings?

    /// There are none outside ``KubectlTodoApp``.
    struct NotSet: Error {}

    /// The surroundings of the command that runs.
    static var current: PluginSurroundings {
        get throws {
            guard let bound else { throw NotSet() }
            return bound
        }
    }

    /// Runs the body until it is done or the user wants no more, whichever comes first.
    func untilInterrupted(_ body: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await body() }
            group.addTask { await self.interrupted() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}
