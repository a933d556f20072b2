public import TodoAppAPI

/// One component with every value decided: the user's, else the contract's, else the environment's.
public struct EffectiveComponent: Sendable, Equatable {
    /// Which component it is.
    public let name: ComponentName
    /// The name of its Deployment and Service, and its `app` label.
    public let childName: String
    /// What the contract says of it.
    public let contract: ComponentContract
    /// What the user says of it.
    public let spec: ComponentSpec
    /// The whole image reference.
    public let image: String
    /// When the kubelet pulls the image.
    public let imagePullPolicy: ImagePullPolicy
    /// How the container is called.
    public let containerName: String
    /// Where the app listens.
    public let port: Int
    /// How many pods there are.
    public let replicas: EffectiveReplicas
    /// The Service's type.
    public let serviceType: ServiceType
    /// The port on every node; `nil` where Kubernetes picks one or there is none.
    public let nodePort: Int?
    /// Requests and limits.
    public let resources: ResourcesSpec
    /// Whom the container runs as.
    public let user: ContainerUser
    /// When to restart.
    public let liveness: EffectiveProbe
    /// When to send requests.
    public let readiness: EffectiveProbe
    /// What guards the start; `nil` for nothing.
    public let startup: EffectiveProbe?
    /// The keys of the app's Secret that it reads.
    public let secretKeys: [EffectiveSecretKey]
}

/// How many pods a component has.
public enum EffectiveReplicas: Sendable, Hashable {
    /// This many.
    case fixed(Int)
    /// As many as a HorizontalPodAutoscaler finds right.
    case autoscaled(minimum: Int, maximum: Int, targetCPUUtilizationPercentage: Int)

    /// The fewest pods there are.
    public var minimum: Int {
        switch self {
        case .fixed(let count): count
        case .autoscaled(let minimum, _, _): minimum
        }
    }
}

/// A probe with every value decided.
public struct EffectiveProbe: Sendable, Hashable {
    /// What is asked.
    public let check: HealthCheck
    /// When; what is `nil` is left to Kubernetes.
    public let timings: ProbeTimings
}

/// A key of the app's Secret, and whether the container can do without.
public struct EffectiveSecretKey: Sendable, Hashable {
    /// The key.
    public let key: SecretKey
    /// Whether the container needs a value, the spec being as it is.
    public let isRequired: Bool
}

// MARK: - Deciding

extension EffectiveComponent {
    init(_ name: ComponentName, spec: ComponentSpec, of app: TodoAppSpec, called appName: String) {
        let rules = ContractRules.of(app.contract)
        let contract = Contract.named(app.contract)[name]
        let healthCheck = spec.healthPath.map { HealthCheck.http(path: $0) }
        let serviceType = app.effectiveServiceType(of: name, rules: rules)

        self.name = name
        self.childName = "\(appName)-\(name.rawValue)"
        self.contract = contract
        self.spec = spec
        self.image = spec.image ?? imageReference(contract.imageName.value, of: app)
        self.imagePullPolicy = spec.imagePullPolicy ?? contract.pullPolicy(in: app.environment)
        self.containerName =
            switch contract.containerName.value {
            case .component: name.rawValue
            case .deployment: "\(appName)-\(name.rawValue)"
            }
        self.port = spec.port ?? contract.port.value
        self.replicas = effectiveReplicas(of: spec, in: app)
        self.serviceType = serviceType
        self.nodePort = serviceType == .nodePort ? spec.service.nodePort ?? contract.nodePort(in: app.environment) : nil
        self.resources = spec.effectiveResources(rules: rules[name])
        self.user = spec.runAsUser.map { .nonRoot(uid: $0, gid: nil) } ?? contract.user.value
        self.liveness = EffectiveProbe(
            check: healthCheck ?? contract.liveness.check.value,
            timings: spec.probes.liveness.filled(from: contract.liveness.timings.value)
        )
        self.readiness = EffectiveProbe(
            check: healthCheck ?? contract.readiness.check.value,
            timings: spec.probes.readiness.filled(from: contract.readiness.timings.value)
        )
        self.startup = startupTimings(of: spec, contract: contract).map { [liveness] timings in
            EffectiveProbe(check: liveness.check, timings: timings)
        }
        self.secretKeys = (contract.secretKeys + userDefinedKeys(of: spec)).map { key in
            EffectiveSecretKey(key: key, isRequired: isRequired(key, by: spec, contract: contract))
        }
    }
}

extension ComponentContract {
    fileprivate func pullPolicy(in environment: AppEnvironment) -> ImagePullPolicy {
        switch environment {
        case .minikube: self.minikubePullPolicy.value
        case .production: self.productionPullPolicy.value
        }
    }

    fileprivate func nodePort(in environment: AppEnvironment) -> Int? {
        switch environment {
        case .minikube: self.minikubeNodePort.value
        case .production: nil
        }
    }
}

private func imageReference(_ name: String, of app: TodoAppSpec) -> String {
    let reference = "\(name):\(app.effectiveVersion)"
    return app.registry.map { "\($0)/\(reference)" } ?? reference
}

private func effectiveReplicas(of spec: ComponentSpec, in app: TodoAppSpec) -> EffectiveReplicas {
    // An autoscaler lets a Deployment be that somebody else scaled to zero.
    if app.suspended { return .fixed(0) }
    switch spec.scaling {
    case .automatic(let autoscaling):
        return .autoscaled(
            minimum: app.effectiveMinReplicas(of: autoscaling),
            maximum: autoscaling.maxReplicas,
            targetCPUUtilizationPercentage: autoscaling.targetCPUUtilizationPercentage
        )
    case .byEnvironment, .fixed:
        return .fixed(app.effectiveReplicas(of: spec))
    }
}

private func startupTimings(of spec: ComponentSpec, contract: ComponentContract) -> ProbeTimings? {
    switch contract.startup.value {
    case .asLiveness(let timings): spec.probes.startup.filled(from: timings)
    // Whoever sets timings for a probe wants it, even beside a contract that has none.
    case .none: spec.probes.startup == ProbeTimings() ? nil : spec.probes.startup
    }
}

extension ProbeTimings {
    fileprivate func filled(from contract: ProbeTimings) -> ProbeTimings {
        ProbeTimings(
            initialDelaySeconds: self.initialDelaySeconds ?? contract.initialDelaySeconds,
            periodSeconds: self.periodSeconds ?? contract.periodSeconds,
            timeoutSeconds: self.timeoutSeconds ?? contract.timeoutSeconds,
            successThreshold: self.successThreshold ?? contract.successThreshold,
            failureThreshold: self.failureThreshold ?? contract.failureThreshold
        )
    }
}

/// The keys that contract `fastapi` leaves to the spec; the two names that sign tokens elsewhere do so here.
private func userDefinedKeys(of spec: ComponentSpec) -> [SecretKey] {
    let signingKeys: Set<String> = ["BETTER_AUTH_SECRET", "JWT_SECRET"]
    return SecretKey.keys(
        spec.secretKeys.map { ContractSecretKey($0, isGenerated: signingKeys.contains($0)) },
        from: .silent("as the spec says")
    )
}

private func isRequired(_ key: SecretKey, by spec: ComponentSpec, contract: ComponentContract) -> Bool {
    switch key.need {
    case .always: return true
    case .when(let variable, let value):
        if let chosen = spec.env.first(where: { $0.name == variable }) {
            return chosen.value == value
        }
        return contract.configKeys.contains { $0.variable == variable && $0.value == .fixed(value) }
    }
}
