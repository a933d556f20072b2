/// A kind of object that the API server serves, and where it serves it.
public struct ResourceType: Sendable, Hashable {
    /// The API group; empty for the core group.
    public let group: String
    /// The version, for example `v1`.
    public let version: String
    /// The name in paths, for example `deployments`.
    public let plural: String
    /// The name in manifests, for example `Deployment`.
    public let kind: String
    /// Whether its objects live in namespaces.
    public let isNamespaced: Bool

    /// A type by its names.
    public init(group: String, version: String, plural: String, kind: String, isNamespaced: Bool = true) {
        self.group = group
        self.version = version
        self.plural = plural
        self.kind = kind
        self.isNamespaced = isNamespaced
    }

    /// Mixes in the name in paths alone: types are looked up many times in each pass, and few share it.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(self.plural)
    }

    /// What manifests call group and version: `v1`, `apps/v1`.
    public var apiVersion: String {
        self.group.isEmpty ? self.version : "\(self.group)/\(self.version)"
    }

    /// What people and RBAC call it: `deployments.apps`, `pods`.
    public var resourceName: String {
        self.group.isEmpty ? self.plural : "\(self.plural).\(self.group)"
    }

    /// The path of the type's objects in a namespace, or in all of them.
    public func path(namespace: String?) -> String {
        let root = self.group.isEmpty ? "/api/\(self.version)" : "/apis/\(self.group)/\(self.version)"
        guard self.isNamespaced, let namespace else { return "\(root)/\(self.plural)" }
        return "\(root)/namespaces/\(namespace)/\(self.plural)"
    }

    /// The path of one object, or of one of its sub-resources such as `status`.
    public func path(_ key: ObjectKey, subresource: String? = nil) -> String {
        let object = "\(self.path(namespace: key.namespace))/\(key.name)"
        return subresource.map { "\(object)/\($0)" } ?? object
    }
}

// MARK: - The types that come with Kubernetes

extension ResourceType {
    /// `v1` Pod.
    public static let pods = ResourceType(group: "", version: "v1", plural: "pods", kind: "Pod")
    /// `v1` Service.
    public static let services = ResourceType(group: "", version: "v1", plural: "services", kind: "Service")
    /// `v1` Secret.
    public static let secrets = ResourceType(group: "", version: "v1", plural: "secrets", kind: "Secret")
    /// `v1` ConfigMap.
    public static let configMaps = ResourceType(group: "", version: "v1", plural: "configmaps", kind: "ConfigMap")
    /// `v1` ServiceAccount..
    public static let serviceAccounts = ResourceType(
        group: "",
        version: "v1",
        plural: "serviceaccounts",
        kind: "ServiceAccount"
    )
    /// `v1` Node.
    public static let nodes = ResourceType(group: "", version: "v1", plural: "nodes", kind: "Node", isNamespaced: false)
    /// `v1` Namespace.
    public static let namespaces = ResourceType(
        group: "",
        version: "v1",
        plural: "namespaces",
        kind: "Namespace",
        isNamespaced: false
    )
    /// `apps/v1` Deployment.
    public static let deployments = ResourceType(
        group: "apps",
        version: "v1",
        plural: "deployments",
        kind: "Deployment"
    )
    /// `apps/v1` ReplicaSet.
    public static let replicaSets = ResourceType(
        group: "apps",
        version: "v1",
        plural: "replicasets",
        kind: "ReplicaSet"
    )
    /// `apps/v1` StatefulSet.
    public static let statefulSets = ResourceType(
        group: "apps",
        version: "v1",
        plural: "statefulsets",
        kind: "StatefulSet"
    )
    /// `v1` PersistentVolumeClaim.
    public static let persistentVolumeClaims = ResourceType(
        group: "",
        version: "v1",
        plural: "persistentvolumeclaims",
        kind: "PersistentVolumeClaim"
    )
    /// `apps/v1` ControllerRevision.
    public static let controllerRevisions = ResourceType(
        group: "apps",
        version: "v1",
        plural: "controllerrevisions",
        kind: "ControllerRevision"
    )
    /// `policy/v1` PodDisruptionBudget, served since Kubernetes 1.21.
    public static let podDisruptionBudgets = ResourceType(
        group: "policy",
        version: "v1",
        plural: "poddisruptionbudgets",
        kind: "PodDisruptionBudget"
    )
    /// `policy/v1beta1` PodDisruptionBudget, served until Kubernetes 1.24.
    public static let podDisruptionBudgetsBeta = ResourceType(
        group: "policy",
        version: "v1beta1",
        plural: "poddisruptionbudgets",
        kind: "PodDisruptionBudget"
    )
    /// `networking.k8s.io/v1` NetworkPolicy.
    public static let networkPolicies = ResourceType(
        group: "networking.k8s.io",
        version: "v1",
        plural: "networkpolicies",
        kind: "NetworkPolicy"
    )
    /// `networking.k8s.io/v1` Ingress, served since Kubernetes 1.19.
    public static let ingresses = ResourceType(
        group: "networking.k8s.io",
        version: "v1",
        plural: "ingresses",
        kind: "Ingress"
    )
    /// `autoscaling/v2` HorizontalPodAutoscaler, served since Kubernetes 1.23.
    public static let horizontalPodAutoscalers = ResourceType(
        group: "autoscaling",
        version: "v2",
        plural: "horizontalpodautoscalers",
        kind: "HorizontalPodAutoscaler"
    )
    /// `autoscaling/v2beta2` HorizontalPodAutoscaler, served until Kubernetes 1.25.
    public static let horizontalPodAutoscalersBeta = ResourceType(
        group: "autoscaling",
        version: "v2beta2",
        plural: "horizontalpodautoscalers",
        kind: "HorizontalPodAutoscaler"
    )
    /// `autoscaling/v1` HorizontalPodAutoscaler, which knows no measure but the CPU.
    public static let horizontalPodAutoscalersOfCPU = ResourceType(
        group: "autoscaling",
        version: "v1",
        plural: "horizontalpodautoscalers",
        kind: "HorizontalPodAutoscaler"
    )
    /// `gateway.networking.k8s.io/v1` HTTPRoute: of a CustomResourceDefinition that not every cluster has.
    public static let httpRoutes = ResourceType(
        group: "gateway.networking.k8s.io",
        version: "v1",
        plural: "httproutes",
        kind: "HTTPRoute"
    )
    /// `gateway.networking.k8s.io/v1beta1` HTTPRoute, all there was before the Gateway API's version 1.0.
    public static let httpRoutesBeta = ResourceType(
        group: "gateway.networking.k8s.io",
        version: "v1beta1",
        plural: "httproutes",
        kind: "HTTPRoute"
    )
    /// `v1` Event.
    public static let events = ResourceType(group: "", version: "v1", plural: "events", kind: "Event")
}
