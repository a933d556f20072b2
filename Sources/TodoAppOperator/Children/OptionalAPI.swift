public import KubernetesAPI
internal import TodoAppAPI

/// A kind of child that not every API server serves, or not all in the same version.
public enum OptionalAPI: Sendable, Hashable, CaseIterable {
    /// What a drained node may take at a time.
    case podDisruptionBudgets
    /// The fence around the app.
    case networkPolicies
    /// A front door with a host name.
    case ingresses
    /// A front door on a Gateway.
    case httpRoutes
    /// What decides how many pods there are.
    case horizontalPodAutoscalers

    /// The versions that the operator can write, the best first.
    public var versions: [ResourceType] {
        switch self {
        case .podDisruptionBudgets: [.podDisruptionBudgets, .podDisruptionBudgetsBeta]
        case .networkPolicies: [.networkPolicies]
        case .ingresses: [.ingresses]
        case .httpRoutes: [.httpRoutes, .httpRoutesBeta]
        case .horizontalPodAutoscalers:
            [.horizontalPodAutoscalers, .horizontalPodAutoscalersBeta, .horizontalPodAutoscalersOfCPU]
        }
    }

    /// What people call it: `Ingress (networking.k8s.io/v1)`.
    public var title: String {
        let versions = self.versions.map(\.apiVersion).joined(separator: ", ")
        return "\(self.versions.first?.kind ?? "") (\(versions))"
    }
}

/// The version in which an API server serves each of the optional APIs; none for those that it does not serve.
public struct ServedAPIs: Sendable, Equatable {
    private var types: [OptionalAPI: ResourceType]

    /// An API server that serves these.
    public init(_ types: [OptionalAPI: ResourceType] = [:]) {
        self.types = types
    }

    /// An API server of today, which has everything: what is assumed where none is asked.
    public static let everything = ServedAPIs(
        Dictionary(uniqueKeysWithValues: OptionalAPI.allCases.map { ($0, $0.versions[0]) })
    )

    /// The version of an API; `nil` where it is not served.
    public subscript(api: OptionalAPI) -> ResourceType? {
        get { self.types[api] }
        set { self.types[api] = newValue }
    }
}

extension EffectiveApp {
    /// The optional APIs that the spec asks for, with the field that does.
    ///
    /// A PodDisruptionBudget is asked for by nobody: where there is none, nothing is said.
    var optionalAPIs: [(api: OptionalAPI, field: String)] {
        var wanted: [(api: OptionalAPI, field: String)] = []
        if self.spec.isNetworkPolicyEnabled { wanted.append((.networkPolicies, "spec.networkPolicy")) }
        switch self.spec.effectiveExposure {
        case .ingress: wanted.append((.ingresses, "spec.exposure"))
        case .httpRoute: wanted.append((.httpRoutes, "spec.exposure"))
        case .byEnvironment, .clusterIP, .nodePort: break
        }
        for component in self.components {
            guard case .autoscaled = component.replicas else { continue }
            wanted.append((.horizontalPodAutoscalers, "spec.\(component.name.rawValue).autoscaling"))
        }
        return wanted
    }

    /// The optional APIs that the spec asks for and that are not served.
    func missingAPIs(in served: ServedAPIs) -> Set<OptionalAPI> {
        Set(self.optionalAPIs.map(\.api)).filter { served[$0] == nil }
    }

    /// What the user is told of the APIs that are not there, once for each field that asks for one.
    func problems(withMissing missing: Set<OptionalAPI>) -> [SyncProblem] {
        self.optionalAPIs.filter { missing.contains($0.api) }.map { api, field in
            SyncProblem(.optionalAPIMissing, "\(field) asks for \(api.title), which the API server does not serve")
        }
    }
}
