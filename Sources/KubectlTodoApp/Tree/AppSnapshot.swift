public import ControllerRuntime
public import JSON
public import KubernetesAPI
public import TodoAppOperator

/// What the cluster says of one TodoApp at one moment.
public struct AppSnapshot: Sendable {
    /// The TodoApp.
    public var app: TodoAppObject
    /// The ReplicaSets of its Deployments.
    public var revisions: [Revision]
    /// Their pods.
    public var pods: [Pod]
    /// What could not be read, a sentence each: the picture has gaps there.
    public var gaps: [String]

    /// A snapshot by its parts.
    public init(app: TodoAppObject, revisions: [Revision], pods: [Pod], gaps: [String] = []) {
        self.app = app
        self.revisions = revisions
        self.pods = pods
        self.gaps = gaps
    }
}

/// A ReplicaSet, as far as the picture shows it.
public struct Revision: StoredObject, Equatable {
    /// The metadata.
    public let metadata: ObjectMeta
    /// How many pods it is to have.
    public let desired: Int64
    /// How many it has.
    public let replicas: Int64
    /// How many of them take traffic.
    public let ready: Int64
    /// The image of its pods' first container.
    public let image: String

    /// Reads a ReplicaSet.
    ///
    /// - Throws: `ObjectReadError` where it has no name.
    public init(json: JSONValue) throws(ObjectReadError) {
        self.metadata = try ObjectMeta(of: json)
        self.desired = json["spec"]?["replicas"]?.integer ?? 1
        self.replicas = json["status"]?["replicas"]?.integer ?? 0
        self.ready = json["status"]?["readyReplicas"]?.integer ?? 0
        self.image = json["spec"]?["template"]?["spec"]?["containers"]?[0]?["image"]?.string ?? ""
    }

    /// The number that the Deployment controller gave it; 0 before that.
    public var number: Int64 {
        Int64(self.metadata.annotations["deployment.kubernetes.io/revision"] ?? "") ?? 0
    }

    /// The hash that its pods carry as a label.
    public var hash: String { self.metadata.labels["pod-template-hash"] ?? "" }

    /// The component that it belongs to; empty where no label says it.
    public var component: String { self.metadata.labels[ChildLabels.component] ?? "" }
}
