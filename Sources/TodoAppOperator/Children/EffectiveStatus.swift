public import JSON
internal import TodoAppAPI

extension EffectiveApp {
    /// What the defaults became, as `status.effective` shows it; the CustomResourceDefinition has these fields.
    public var effectiveStatus: JSONValue {
        var status = json([
            "contract": .string(self.spec.contract.rawValue),
            "environment": .string(self.spec.environment.rawValue),
            "version": .string(self.shownVersion),
            "exposure": .string(self.spec.effectiveExposure.typeName),
            "networkPolicy": .bool(self.spec.isNetworkPolicyEnabled),
        ])
        for component in self.components {
            status[component.name.rawValue] = component.effectiveStatus
        }
        return status
    }
}

extension EffectiveApp {
    /// The tag of the images; where the spec names none, that of the front door's own image.
    private var shownVersion: String {
        self.spec.version ?? self.frontDoor.flatMap { ImageReference($0.image)?.tag } ?? self.spec.effectiveVersion
    }
}

extension EffectiveComponent {
    fileprivate var effectiveStatus: JSONValue {
        json([
            "image": .string(self.image),
            "imagePullPolicy": .string(self.imagePullPolicy.rawValue),
            "replicas": JSONValue(self.replicas.minimum),
            "port": JSONValue(self.port),
            "serviceType": .string(self.serviceType.rawValue),
            "nodePort": self.nodePort.map { JSONValue($0) },
            "runAsUser": self.user.uid.map { .integer($0) },
            "resources": self.resources.json,
        ])
    }
}

extension ContainerUser {
    fileprivate var uid: Int64? {
        switch self {
        case .nonRoot(let uid, _): uid
        case .image: nil
        }
    }
}

extension ExposureSpec {
    fileprivate var typeName: String {
        switch self {
        case .byEnvironment: "ByEnvironment"
        case .clusterIP: "ClusterIP"
        case .nodePort: "NodePort"
        case .ingress: "Ingress"
        case .httpRoute: "HTTPRoute"
        }
    }
}
