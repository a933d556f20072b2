/// What becomes of the values that the user left out.
///
/// Pure functions of the spec and of the contract's rules. The operator writes what they yield to `status.effective`,
/// and never to the spec, so that a GitOps tool finds its manifest as it wrote it.
extension TodoAppSpec {
    /// The component that people reach first.
    public var frontDoor: ComponentName {
        self.frontend == nil ? .backend : .frontend
    }

    /// The components that are deployed, the backend first.
    public var components: [(name: ComponentName, spec: ComponentSpec)] {
        var components: [(name: ComponentName, spec: ComponentSpec)] = [(.backend, self.backend)]
        if let frontend = self.frontend {
            components.append((.frontend, frontend))
        }
        return components
    }

    /// The tag of the images that the user does not name whole; `latest` where there is none, which only Minikube allows.
    public var effectiveVersion: String {
        self.version ?? "latest"
    }

    /// Whether there is a NetworkPolicy.
    public var isNetworkPolicyEnabled: Bool {
        switch self.networkPolicy {
        case .enabled: true
        case .disabled: false
        case .byEnvironment: self.environment == .production
        }
    }

    /// When the kubelet pulls a component's image.
    public func effectiveImagePullPolicy(of component: ComponentSpec) -> ImagePullPolicy {
        component.imagePullPolicy ?? self.environment.imagePullPolicy
    }

    /// How many pods a component has; with autoscaling, how many it has at least.
    public func effectiveReplicas(of component: ComponentSpec) -> Int {
        switch component.scaling {
        case .byEnvironment: self.environment.replicas
        case .fixed(let replicas): replicas
        case .automatic(let autoscaling): self.effectiveMinReplicas(of: autoscaling)
        }
    }

    /// How many pods autoscaling leaves at least.
    public func effectiveMinReplicas(of autoscaling: Autoscaling) -> Int {
        autoscaling.minReplicas ?? min(self.environment.replicas, autoscaling.maxReplicas)
    }

    /// How the front door is reached; never ``ExposureSpec/byEnvironment``.
    ///
    /// Where `exposure` is left out, the front door's own Service type says it, and then the environment.
    public var effectiveExposure: ExposureSpec {
        guard case .byEnvironment = self.exposure else { return self.exposure }
        let frontDoor = self.frontend ?? self.backend
        return switch frontDoor.service.type ?? self.environment.serviceType {
        case .clusterIP: .clusterIP
        case .nodePort: .nodePort
        }
    }

    /// The type of a component's Service.
    ///
    /// A component behind the front door is reached inside the cluster only, unless its contract asks for a node's port.
    public func effectiveServiceType(of name: ComponentName, rules: ContractRules) -> ServiceType {
        let component = name == .backend ? self.backend : self.frontend
        if let type = component?.service.type {
            return type
        }
        if name == self.frontDoor {
            return self.effectiveExposure == .nodePort ? .nodePort : .clusterIP
        }
        let asksForNodePort = self.environment == .minikube && rules[name].minikubeNodePort != nil
        return asksForNodePort ? .nodePort : .clusterIP
    }
}

extension ComponentSpec {
    /// Requests and limits: the user's, and for each resource that the user does not name, the contract's.
    public func effectiveResources(rules: ComponentRules) -> ResourcesSpec {
        ResourcesSpec(
            requests: rules.resources.requests.merging(self.resources.requests) { $1 },
            limits: rules.resources.limits.merging(self.resources.limits) { $1 }
        )
    }

    /// The port the app listens on.
    public func effectivePort(rules: ComponentRules) -> Int {
        self.port ?? rules.port
    }
}

extension AppEnvironment {
    /// When the kubelet pulls: seed 002's rule for images in the cloud and for images that were loaded into the node.
    public var imagePullPolicy: ImagePullPolicy {
        switch self {
        case .production: .ifNotPresent
        case .minikube: .never
        }
    }

    /// How many pods a component has.
    public var replicas: Int {
        switch self {
        case .production: 2
        case .minikube: 1
        }
    }

    /// The type of the front door's Service.
    public var serviceType: ServiceType {
        switch self {
        case .production: .clusterIP
        case .minikube: .nodePort
        }
    }
}
