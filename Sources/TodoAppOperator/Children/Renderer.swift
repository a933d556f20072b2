internal import KubernetesAPI
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
    /// The last request to rotate the signing key that was acted upon; `nil` while there was none.
    public var rotatedSigningKey: String?
    /// Where the front door's node port is reached; `nil` while that is unknown or there is none.
    public var nodePort: NodePortAddress?
    /// The components whose fixed node port belongs to somebody else: Kubernetes picks another for these.
    public var takenNodePorts: Set<ComponentName>
    /// Which of the optional APIs the API server serves.
    public var served: ServedAPIs
    /// How many pods a Deployment is to have to begin with, of which an autoscaler decides from then on: while there is no
    /// Deployment, or while it has none left from a suspension.
    public var firstReplicas: [ComponentName: Int]
    /// How many pods a component had when it was suspended.
    public var formerReplicas: [ComponentName: Int]
    /// When a restart was asked for last, by component; nothing while nobody asked.
    public var restartedAt: [ComponentName: String]
    /// The components that must stay as they are, since their Secret or configuration is incomplete.
    public var withheld: Set<ComponentName>
    /// The live ConfigMap's data, of which the pods of withheld components may still read any key.
    public var liveConfig: [String: String]
    /// The ports of the live Services, at which withheld components are still reached.
    public var servedPorts: [ComponentName: Int]
    /// The components with pods that listen on another port than the wanted one: their Services must find both.
    public var changingPorts: Set<ComponentName>
    /// What to return to when a change fails; `nil` where there is nothing, or where nobody wants to return.
    public var good: GoodRevision?
    /// What opens the embedded database; `nil` renders no Secret for it, as offline.
    public var database: DatabaseCredentials?
    /// The embedded database's image.
    public var databaseImage: String
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
        rotatedSigningKey: String? = nil,
        nodePort: NodePortAddress? = nil,
        takenNodePorts: Set<ComponentName> = [],
        served: ServedAPIs = .everything,
        firstReplicas: [ComponentName: Int] = [:],
        formerReplicas: [ComponentName: Int] = [:],
        restartedAt: [ComponentName: String] = [:],
        withheld: Set<ComponentName> = [],
        liveConfig: [String: String] = [:],
        servedPorts: [ComponentName: Int] = [:],
        changingPorts: Set<ComponentName> = [],
        good: GoodRevision? = nil,
        database: DatabaseCredentials? = nil,
        databaseImage: String = defaultDatabaseImage,
        keptConfig: [String: String] = [:],
        keptSecret: [String: [UInt8]] = [:]
    ) {
        self.ownerUID = ownerUID
        self.ownSecret = ownSecret
        self.secretRevision = secretRevision
        self.secretSources = secretSources
        self.rotatedSigningKey = rotatedSigningKey
        self.nodePort = nodePort
        self.takenNodePorts = takenNodePorts
        self.served = served
        self.firstReplicas = firstReplicas
        self.formerReplicas = formerReplicas
        self.restartedAt = restartedAt
        self.withheld = withheld
        self.liveConfig = liveConfig
        self.servedPorts = servedPorts
        self.changingPorts = changingPorts
        self.good = good
        self.database = database
        self.databaseImage = databaseImage
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
    var children = [inputs.good.map(head.goodRevision)].compactMap { $0 } + [head.serviceAccount()]

    if app.ownsSecret, let content = inputs.ownSecret {
        children.append(head.secret(inputs.keptSecret.merging(content) { $1 }, inputs: inputs))
    }

    var config = inputs.withheld.isEmpty ? inputs.keptConfig : inputs.liveConfig
    for entry in components.flatMap({ $0.configEntries(wiring: wiring, environment: app.spec.environment) }) {
        config[entry.key] = entry.value
    }
    children.append(head.configMap(config))

    if case .embedded(let database) = app.spec.database {
        children += head.database(database, inputs: inputs)
    }
    for component in components {
        children.append(head.service(of: component, inputs: inputs))
    }
    if let resource = inputs.served[.networkPolicies], app.spec.isNetworkPolicyEnabled {
        children += components.map { head.networkPolicy(of: $0, resource: resource) }
    }
    for component in components {
        let config = component.configEntries(wiring: wiring, environment: app.spec.environment)
        children.append(head.deployment(of: component, config: config, inputs: inputs))
    }
    for component in components {
        if let resource = inputs.served[.podDisruptionBudgets], component.replicas.minimum >= 2 {
            children.append(head.podDisruptionBudget(of: component, resource: resource))
        }
        if let resource = inputs.served[.horizontalPodAutoscalers] {
            children += [head.autoscaler(of: component, resource: resource)].compactMap { $0 }
        }
        if component.name == app.spec.frontDoor {
            children += [head.frontDoor(of: component, served: inputs.served)].compactMap { $0 }
        }
    }
    return children
}
