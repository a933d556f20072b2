/// How the front door is reached: the frontend, or the backend where there is no frontend.
public enum ExposureSpec: Sendable, Hashable {
    /// The user did not say: inside the cluster in Production, by a node's port in Minikube.
    case byEnvironment
    /// Inside the cluster only.
    case clusterIP
    /// By a port of every node.
    case nodePort
    /// Under a host name, through an Ingress.
    case ingress(IngressExposure)
    /// Through a Gateway.
    case httpRoute(HTTPRouteExposure)
}

/// What an Ingress needs.
public struct IngressExposure: Sendable, Hashable {
    /// The host name under which the app answers.
    public var host: String
    /// The IngressClass; the cluster's default where there is none.
    public var className: String?
    /// The Secret with the certificate; plain HTTP where there is none.
    public var tlsSecretName: String?

    /// An Ingress for a host.
    public init(host: String, className: String? = nil, tlsSecretName: String? = nil) {
        self.host = host
        self.className = className
        self.tlsSecretName = tlsSecretName
    }
}

/// What an HTTPRoute needs.
public struct HTTPRouteExposure: Sendable, Hashable {
    /// The host name under which the app answers; any that the gateway takes where there is none.
    public var host: String?
    /// The Gateway that carries the route; TLS is its business.
    public var gateway: GatewayReference

    /// A route on a gateway.
    public init(host: String? = nil, gateway: GatewayReference) {
        self.host = host
        self.gateway = gateway
    }
}

/// Which Gateway, and which of its listeners.
public struct GatewayReference: Sendable, Hashable {
    /// The Gateway's name.
    public var name: String
    /// Its namespace; the TodoApp's where there is none.
    public var namespace: String?
    /// The name of one of its listeners; all of them where there is none.
    public var sectionName: String?

    /// A Gateway by name.
    public init(name: String, namespace: String? = nil, sectionName: String? = nil) {
        self.name = name
        self.namespace = namespace
        self.sectionName = sectionName
    }
}
