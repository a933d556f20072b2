import JSON

/// The kinds that the tests watch, as `kubectl` calls them.
enum WatchedKind: String, CaseIterable, Sendable {
    case todoApps = "todoapps.todo.taskflow.dev"
    case deployments = "deployments.apps"
    case replicaSets = "replicasets.apps"
    case pods
    case services
    case secrets
    case configMaps = "configmaps"
    case serviceAccounts = "serviceaccounts"
    case podDisruptionBudgets = "poddisruptionbudgets.policy"
    case networkPolicies = "networkpolicies.networking.k8s.io"
    case ingresses = "ingresses.networking.k8s.io"
    case horizontalPodAutoscalers = "horizontalpodautoscalers.autoscaling"
    case statefulSets = "statefulsets.apps"
    case persistentVolumeClaims = "persistentvolumeclaims"
    case namespaces
    case events

    /// The kinds that a TodoApp brings with it, down to the pods.
    static let childKinds: [WatchedKind] = [
        .deployments, .replicaSets, .pods, .services, .secrets, .configMaps, .serviceAccounts, .podDisruptionBudgets,
        .networkPolicies, .ingresses, .horizontalPodAutoscalers,
        .statefulSets, .persistentVolumeClaims,
    ]
}

/// One change of one object, as the API server told it.
struct ObjectEvent: Sendable {
    let kind: WatchedKind
    /// When it was heard of here.
    let time: ContinuousClock.Instant
    let isDeletion: Bool
    let object: JSONValue

    var revision: Int { self.object.revision }
}

/// What happened to one object, oldest first.
extension [ObjectEvent] {
    /// The object as it was at a revision of the API server's; `nil` where it was not there.
    func object(at revision: Int) -> JSONValue? {
        guard let event = self.last(where: { $0.revision <= revision }), !event.isDeletion else { return nil }
        return event.object
    }
}
