import JSON

/// A child of a taskflow app, and how somebody might spoil it.
struct Child: Sendable, CustomStringConvertible {
    let kind: WatchedKind
    let name: String
    /// A field that the operator owns, as a JSON pointer and as a path.
    let pointer: String
    let path: String
    /// What somebody else writes there.
    let spoilt: JSONValue

    var description: String { "\(self.kind.rawValue)/\(self.name)" }

    /// What status messages call it.
    var kindName: String {
        switch self.kind {
        case .deployments: "Deployment"
        case .services: "Service"
        case .secrets: "Secret"
        case .configMaps: "ConfigMap"
        case .serviceAccounts: "ServiceAccount"
        case .podDisruptionBudgets: "PodDisruptionBudget"
        case .networkPolicies: "NetworkPolicy"
        default: self.kind.rawValue
        }
    }

    /// The children of an app with two components; budgets and NetworkPolicies are there in Production only.
    static func all(of app: String = "taskflow", isProduction: Bool = false) -> [Child] {
        var children: [Child] = []
        for component in ["backend", "frontend"] {
            let name = "\(app)-\(component)"
            children += [
                Child(.deployments, name, "/spec/template/spec/containers/0/image", "nobody/nothing:9"),
                Child(.deployments, name, "/spec/replicas", 5),
                Child(.services, name, "/spec/ports/0/port", 9999),
                Child(.services, name, "/spec/selector/app", "nobody"),
            ]
            if isProduction {
                children.append(Child(.podDisruptionBudgets, name, "/spec/maxUnavailable", 7))
                children.append(Child(.networkPolicies, name, "/spec/egress/0/ports/0/port", 9999))
            }
        }
        return children + [
            Child(.secrets, "\(app)-secrets", "/data/BETTER_AUTH_SECRET", "c3BvaWx0"),
            Child(.secrets, "\(app)-secrets", "/data/OPENAI_API_KEY", "c3BvaWx0"),
            Child(.configMaps, "\(app)-config", "/data/BACKEND_URL", "http://spoilt"),
            Child(.serviceAccounts, app, "/automountServiceAccountToken", true),
        ]
    }

    /// The same, each object once.
    static func objects(of app: String = "taskflow", isProduction: Bool = false) -> [Child] {
        var seen: Set<String> = []
        return Self.all(of: app, isProduction: isProduction).filter { seen.insert($0.description).inserted }
    }

    private init(_ kind: WatchedKind, _ name: String, _ pointer: String, _ spoilt: JSONValue) {
        self.kind = kind
        self.name = name
        self.pointer = pointer
        self.path = pointer.dropFirst().split(separator: "/").joined(separator: ".")
        self.spoilt = spoilt
    }
}
