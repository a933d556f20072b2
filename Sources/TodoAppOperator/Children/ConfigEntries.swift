public import TodoAppAPI

/// A key of the app's ConfigMap with its value and the variable that carries it.
public struct ConfigEntry: Sendable, Hashable {
    /// The key in the ConfigMap.
    public let key: String
    /// The variable in the container.
    public let variable: String
    /// The value.
    public let value: String
}

extension EffectiveComponent {
    /// What the component reads from the ConfigMap: the contract's keys in their order, then the user's other
    /// variables by name.
    ///
    /// Both components share one ConfigMap, so a variable that no contract names has its component's name before it;
    /// the dot keeps such a key apart from every key of a contract.
    public func configEntries(wiring: Wiring, environment: AppEnvironment) -> [ConfigEntry] {
        var userValues: [String: String] = [:]
        for variable in self.spec.env {
            userValues[variable.name] = variable.value
        }
        var entries: [ConfigEntry] = []
        for key in self.contract.configKeys {
            let chosen = userValues.removeValue(forKey: key.variable)
            guard let value = chosen ?? key.value(wiring: wiring, environment: environment) else { continue }
            entries.append(ConfigEntry(key: key.key, variable: key.variable, value: value))
        }
        for (variable, value) in userValues.sorted(by: { $0.key < $1.key }) {
            entries.append(ConfigEntry(key: "\(self.name.rawValue).\(variable)", variable: variable, value: value))
        }
        return entries
    }
}

extension ConfigKey {
    fileprivate func value(wiring: Wiring, environment: AppEnvironment) -> String? {
        switch self.value {
        case .fixed(let value): value
        case .none: nil
        case .frontDoorURL: wiring.frontDoorURL
        case .backendURL: wiring.backendURL
        case .environmentName:
            switch environment {
            case .production: "production"
            case .minikube: "development"
            }
        }
    }
}
