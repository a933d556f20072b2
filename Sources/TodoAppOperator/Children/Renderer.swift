public import KubernetesAPI
public import TodoAppAPI

/// What the children depend on beside the spec: what other objects hold and what the cluster serves.
public struct RenderInputs: Sendable, Equatable {
    /// The TodoApp's uid; `nil` offline, which leaves the owner references out.
    public var ownerUID: String?
    /// The content of the app's own Secret; `nil` renders none, as offline or beside an existing Secret.
    public var ownSecret: [String: [UInt8]]?
    /// The revision of what the pods read from the Secret; see ``EffectiveApp/secretRevision(of:secretUID:)``.
    public var secretRevision: ContentRevision?
    /// What the own Secret was put together from, as a mark on it; `nil` leaves the mark out.
    public var secretSources: String?
    /// Where the front door's node port is reached; `nil` while that is unknown or there is none.
    public var nodePort: NodePortAddress?
    /// The components whose fixed node port belongs to somebody else: Kubernetes picks another for these.
    public var takenNodePorts: Set<ComponentName>
    /// Which PodDisruptionBudget the API server serves; `nil` for none.
    public var podDisruptionBudgets: ResourceType?
    /// When a restart was asked for, as the TodoApp says it; `nil` while nobody did.
    public var restartedAt: String?
    /// The components that must stay as they are, since their Secret or configuration is incomplete.
    public var withheld: Set<ComponentName>
    /// The live ConfigMap's data, of which the pods of withheld components may still read any key.
    public var liveConfig: [String: String]
    /// The ports of the live Services, at which withheld components are still reached.
    public var servedPorts: [ComponentName: Int]
    /// The components with pods that listen on another port than the wanted one: their Services must find both.
    public var changingPorts: Set<ComponentName>
    /// Keys of the live ConfigMap, with their values, that pods of an older revision still need to be started once more.
    public var keptConfig: [String: String]
    /// The same of the app's own Secret.
    public var keptSecret: [String: [UInt8]]

    /// Inputs of a TodoApp that nothing is known of beyond its spec.
    public init(
        ownerUID: String? = nil,
        ownSecret: [String: [UInt8]]? = nil,
        secretRevision: ContentRevision? = nil,
        secretSources: String? = nil,
        nodePort: NodePortAddress? = nil,
        takenNodePorts: Set<ComponentName> = [],
        podDisruptionBudgets: ResourceType? = .podDisruptionBudgets,
        restartedAt: String? = nil,
        withheld: Set<ComponentName> = [],
        liveConfig: [String: String] = [:],
        servedPorts: [ComponentName: Int] = [:],
        changingPorts: Set<ComponentName> = [],
        keptConfig: [String: String] = [:],
        keptSecret: [String: [UInt8]] = [:]
    ) {
        self.ownerUID = ownerUID
        self.ownSecret = ownSecret
        self.secretRevision = secretRevision
        self.secretSources = secretSources
        self.nodePort = nodePort
        self.takenNodePorts = takenNodePorts
        self.podDisruptionBudgets = podDisruptionBudgets
        self.restartedAt = restartedAt
        self.withheld = withheld
        self.liveConfig = liveConfig
        self.servedPorts = servedPorts
        self.changingPorts = changingPorts
        self.keptConfig = keptConfig
        self.keptSecret = keptSecret
    }
}

/// The children of an app, in the order in which they are created: what pods need comes before the pods.
///
/// A pure function: the same app and inputs give the same bytes.
public func children(of app: EffectiveApp, inputs: RenderInputs) -> [Child] {
    let head = ChildHead(app: app, ownerUID: inputs.ownerUID)
    let keptPorts = inputs.servedPorts.filter { inputs.withheld.contains($0.key) }
    let wiring = Wiring(of: app, nodePort: inputs.nodePort, keptPorts: keptPorts)
    let components = app.components.filter { !inputs.withheld.contains($0.name) }
    var children = [head.serviceAccount()]

    if app.ownsSecret, let content = inputs.ownSecret {
        children.append(head.secret(inputs.keptSecret.merging(content) { $1 }, inputs: inputs))
    }

    var config = inputs.withheld.isEmpty ? inputs.keptConfig : inputs.liveConfig
    for entry in components.flatMap({ $0.configEntries(wiring: wiring, environment: app.spec.environment) }) {
        config[entry.key] = entry.value
    }
    children.append(head.configMap(config))

    for component in components {
        children.append(head.service(of: component, inputs: inputs))
    }
    for component in components {
        let config = component.configEntries(wiring: wiring, environment: app.spec.environment)
        children.append(head.deployment(of: component, config: config, inputs: inputs))
    }
    if let resource = inputs.podDisruptionBudgets {
        for component in components where component.replicas.minimum >= 2 {
            children.append(head.podDisruptionBudget(of: component, resource: resource))
        }
    }
    return children
}
