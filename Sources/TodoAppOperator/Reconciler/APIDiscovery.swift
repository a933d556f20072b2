internal import ControllerRuntime
internal import KubernetesAPI
internal import KubernetesClient
internal import Locks

/// Asks the API server for the optional APIs: for all of them when the operator starts, and later for one that a TodoApp
/// wants and that was not there the last time.
final class APIDiscovery: Sendable {
    /// How long an answer holds, however many TodoApps want the API.
    static let patience = Duration.seconds(20)

    private let client: KubernetesClient
    private let registry: APIRegistry
    private let time: TimeSource
    private let looks = Locked<[OptionalAPI: ContinuousClock.Instant]>([:])

    init(client: KubernetesClient, registry: APIRegistry, time: TimeSource = .system) {
        self.client = client
        self.registry = registry
        self.time = time
    }

    /// What an API server serves.
    static func served(by client: KubernetesClient) async throws(KubernetesClientError) -> ServedAPIs {
        var served = ServedAPIs()
        for api in OptionalAPI.allCases {
            served[api] = try await Self.version(of: api, client)
        }
        return served
    }

    /// Of these APIs, those that are not served.
    ///
    /// Steady state asks nothing: only where one is missing, and not more often than ``patience`` allows.
    func missing(of wanted: Set<OptionalAPI>) async -> Set<OptionalAPI> {
        var missing = wanted.filter { self.registry.served[$0] == nil }
        for api in missing where self.mayLook(at: api) {
            do throws(KubernetesClientError) {
                guard let type = try await Self.version(of: api, self.client) else { continue }
                self.registry.note(api, type)
                missing.remove(api)
            } catch {
                // As missing as it was before; whoever wants it looks again.
            }
        }
        return missing
    }

    private func mayLook(at api: OptionalAPI) -> Bool {
        let now = self.time.now()
        return self.looks.withLock { looks in
            if let last = looks[api], now - last < Self.patience { return false }
            looks[api] = now
            return true
        }
    }

    private static func version(
        of api: OptionalAPI,
        _ client: KubernetesClient
    ) async throws(KubernetesClientError) -> ResourceType? {
        for type in api.versions where try await client.serves(type) {
            return type
        }
        return nil
    }
}
