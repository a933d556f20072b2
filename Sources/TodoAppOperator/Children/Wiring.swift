public import TodoAppAPI

/// Where a Service's node port is reached from outside the cluster.
public struct NodePortAddress: Sendable, Hashable {
    /// A node's address or name.
    public var host: String
    /// The port on every node.
    public var port: Int

    /// A node's address and the port on it.
    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }
}

/// The URLs by which the two tiers and the world find each other.
public struct Wiring: Sendable, Hashable {
    /// Where the frontend finds the backend.
    public let backendURL: String
    /// Where a browser finds the front door, as far as that is known.
    public let frontDoorURL: String

    /// Follows the exposure.
    ///
    /// - Parameters:
    ///   - nodePort: Where the front door's node port is reached; while that is unknown, the Service's URL stands in.
    ///   - keptPorts: The ports of Services that stay as they are, whatever the contract says.
    public init(of app: EffectiveApp, nodePort: NodePortAddress?, keptPorts: [ComponentName: Int] = [:]) {
        self.backendURL = app.serviceURL(of: .backend, keptPort: keptPorts[.backend])
        let frontDoorService = app.serviceURL(of: app.spec.frontDoor, keptPort: keptPorts[app.spec.frontDoor])
        self.frontDoorURL =
            switch app.spec.effectiveExposure {
            case .ingress(let ingress): "\(ingress.tlsSecretName == nil ? "http" : "https")://\(ingress.host)"
            case .httpRoute(let route): route.url ?? frontDoorService
            case .nodePort: nodePort?.url ?? frontDoorService
            case .clusterIP, .byEnvironment: frontDoorService
            }
    }
}

extension EffectiveApp {
    /// The URL of a component's Service inside the cluster.
    ///
    /// - Parameter keptPort: The port of a Service that stays as it is; `nil` where it has the component's.
    public func serviceURL(of name: ComponentName, keptPort: Int? = nil) -> String {
        let port = (keptPort ?? self[name]?.port).map { ":\($0)" } ?? ""
        return "http://\(self.name)-\(name.rawValue).\(self.namespace).svc\(port)"
    }
}

extension HTTPRouteExposure {
    /// TLS is the Gateway's business, and only the listener's name tells of it here.
    fileprivate var url: String? {
        let scheme = self.gateway.sectionName?.hasPrefix("https") == true ? "https" : "http"
        return self.host.map { "\(scheme)://\($0)" }
    }
}

extension NodePortAddress {
    /// The URL of what is served there.
    var url: String {
        self.host.contains(":") ? "http://[\(self.host)]:\(self.port)" : "http://\(self.host):\(self.port)"
    }
}
