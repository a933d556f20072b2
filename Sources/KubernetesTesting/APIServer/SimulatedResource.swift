public import KubernetesAPI

/// A type that a ``SimulatedAPIServer`` serves, and by which rules.
public struct SimulatedResource: Sendable, Hashable {
    /// The type.
    public var type: ResourceType
    /// Whether the status is written through a sub-resource of its own, and by nothing else.
    public var hasStatus: Bool
    /// Whether `metadata.generation` counts the changes of what is wanted.
    public var countsGenerations: Bool
    /// Whether it comes from a CustomResourceDefinition: then a PUT must say which version it was made from, and the items of
    /// a list name their type.
    public var isCustom: Bool

    /// A type by its rules.
    ///
    /// - Parameters:
    ///   - type: Where it is served, and under which names.
    ///   - hasStatus: Defaults to `true`.
    ///   - countsGenerations: Defaults to `true`.
    ///   - isCustom: Defaults to `true`.
    public init(
        _ type: ResourceType,
        hasStatus: Bool = true,
        countsGenerations: Bool = true,
        isCustom: Bool = true
    ) {
        self.type = type
        self.hasStatus = hasStatus
        self.countsGenerations = countsGenerations
        self.isCustom = isCustom
    }

    /// What a field selector may name: everything has a name and a namespace, and a few types have something more.
    ///
    /// From the conversions of Kubernetes' `pkg/apis/core/v1`.
    var selectableFields: Set<String> {
        let common: Set = ["metadata.name", "metadata.namespace"]
        return switch self.type.kind {
        case "Pod": common.union(["spec.nodeName", "status.phase"])
        case "Secret": common.union(["type"])
        case "Event" where self.type.group.isEmpty:
            common.union(["type", "reason", "involvedObject.kind", "involvedObject.name", "involvedObject.namespace"])
        default: common
        }
    }

    /// By which objects of all its versions are stored: `deployments.apps`.
    var name: String { self.type.resourceName }

    /// Namespaces cannot do without it.
    static let namespaces = SimulatedResource(.namespaces, countsGenerations: false, isCustom: false)

    /// The types that come with Kubernetes 1.20, as far as operators use them, with `policy/v1` beside `policy/v1beta1`.
    public static let builtIn: [SimulatedResource] = [
        .namespaces,
        plain(.configMaps), plain(.secrets), plain(.serviceAccounts), plain(.events), plain(.controllerRevisions),
        counted("discovery.k8s.io", "v1beta1", "endpointslices", "EndpointSlice", hasStatus: false),
        SimulatedResource(.services, countsGenerations: false, isCustom: false),
        SimulatedResource(.pods, countsGenerations: false, isCustom: false),
        SimulatedResource(.nodes, countsGenerations: false, isCustom: false),
        SimulatedResource(
            ResourceType(group: "", version: "v1", plural: "persistentvolumeclaims", kind: "PersistentVolumeClaim"),
            countsGenerations: false,
            isCustom: false
        ),
        SimulatedResource(.deployments, isCustom: false),
        SimulatedResource(.replicaSets, isCustom: false),
        counted("apps", "v1", "statefulsets", "StatefulSet"),
        counted("apps", "v1", "daemonsets", "DaemonSet"),
        counted("batch", "v1", "jobs", "Job"),
        SimulatedResource(.podDisruptionBudgets, isCustom: false),
        SimulatedResource(.podDisruptionBudgetsBeta, isCustom: false),
        counted("networking.k8s.io", "v1", "ingresses", "Ingress"),
        counted("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", hasStatus: false),
        SimulatedResource(
            ResourceType(
                group: "autoscaling",
                version: "v1",
                plural: "horizontalpodautoscalers",
                kind: "HorizontalPodAutoscaler"
            ),
            countsGenerations: false,
            isCustom: false
        ),
        plain(ResourceType(group: "coordination.k8s.io", version: "v1", plural: "leases", kind: "Lease")),
        plain(ResourceType(group: "events.k8s.io", version: "v1", plural: "events", kind: "Event")),
    ]

    /// A type without status and generation.
    private static func plain(_ type: ResourceType) -> SimulatedResource {
        SimulatedResource(type, hasStatus: false, countsGenerations: false, isCustom: false)
    }

    private static func counted(
        _ group: String,
        _ version: String,
        _ plural: String,
        _ kind: String,
        hasStatus: Bool = true
    ) -> SimulatedResource {
        SimulatedResource(
            ResourceType(group: group, version: version, plural: plural, kind: kind),
            hasStatus: hasStatus,
            isCustom: false
        )
    }
}
