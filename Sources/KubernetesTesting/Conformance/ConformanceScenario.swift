public import HTTPTransport
internal import JSON
public import KubernetesAPI

/// A promise of the Kubernetes API: a sequence of requests, and what each must get.
///
/// The same scenarios run on ``SimulatedAPIServer`` and on a real API server, so that the one in process is never believed
/// on its word.
public struct ConformanceScenario: Sendable {
    /// What a server must be able to do for a scenario to make sense.
    public enum Need: Sendable, Hashable {
        /// Past states can be forgotten on demand.
        case compaction
        /// A watch can begin with all objects that are there.
        case watchList
        /// A watch that wants to begin so is refused.
        case noWatchList
        /// Garbage collector and namespace controller run.
        case controllers
    }

    /// What is promised, as a sentence.
    public let name: String
    /// Without what there is nothing to be seen.
    public let needs: Set<Need>
    let steps: [ConformanceStep]

    init(_ name: String, needs: Set<Need> = [], _ steps: [ConformanceStep]) {
        self.name = name
        self.needs = needs
        self.steps = steps
    }

    /// All promises that are checked.
    public static let all = objects + updates + patches + applies + deletions + lists + watches

    /// A custom resource with a status sub-resource; whoever runs the scenarios sees to it that it is served.
    public static let widgets = ResourceType(
        group: "testing.example.com",
        version: "v1",
        plural: "widgets",
        kind: "Widget"
    )

    /// Goes through the steps in a namespace.
    ///
    /// - Returns: What was not as promised, one line each; nothing if all was.
    /// - Throws: `HTTPTransportError` where the server cannot be reached.
    public func run(
        on endpoint: ConformanceEndpoint,
        namespace: String
    ) async throws(HTTPTransportError) -> [String] {
        var run = ConformanceRun(endpoint: endpoint, variables: ["ns": namespace])
        for (index, step) in self.steps.enumerated() {
            let complaints = try await run.perform(step)
            guard complaints.isEmpty else {
                return complaints.map { "\(self.name): step \(index + 1), \(step.method) \(step.path): \($0)" }
            }
        }
        return []
    }
}

/// A server that scenarios are run on.
public struct ConformanceEndpoint: Sendable {
    /// The way to it.
    public var transport: any HTTPTransport
    /// Who asks: the headers of each request.
    public var headers: @Sendable () async throws -> [(name: String, value: String)]
    /// What it can do.
    public var abilities: Set<ConformanceScenario.Need>
    /// Lets it forget its past, where it can be told to.
    public var compact: @Sendable () async -> Void

    /// A server by its parts.
    public init(
        transport: any HTTPTransport,
        headers: @escaping @Sendable () async throws -> [(name: String, value: String)] = { [] },
        abilities: Set<ConformanceScenario.Need>,
        compact: @escaping @Sendable () async -> Void = {}
    ) {
        self.transport = transport
        self.headers = headers
        self.abilities = abilities
        self.compact = compact
    }
}
