internal import JSON
internal import KubernetesAPI

/// The rules of the contract for one component: its bounds, and what its variables may hold.
struct ComponentValidator {
    let name: ComponentName
    let component: ComponentSpec
    let contract: ContractName
    let rules: ComponentRules
    let secretKeys: [ContractSecretKey]
    let log: CrossFieldLog

    func check() {
        self.checkEnv()
        self.checkResources()
        if self.component.readOnlyRootFilesystem, self.rules.writesToRootFilesystem {
            self.refuse(
                ["readOnlyRootFilesystem"],
                .contract,
                "readOnlyRootFilesystem is refused by contract \(self.contract.rawValue), "
                    + "whose app writes to its root file system"
            )
        }
    }

    private func refuse(_ steps: [JSONPath.Step], _ rule: Violation.Rule, _ message: String) {
        self.log.add(JSONPath(["spec", .member(self.name.rawValue)] + steps), rule, message)
    }

    // MARK: - Variables

    private func checkEnv() {
        let secretVariables = Set(self.secretKeys.map(\.environmentVariable))
        let port = self.component.effectivePort(rules: self.rules)
        for variable in self.component.env {
            if secretVariables.contains(variable.name) {
                self.refuse(
                    ["env", .member(variable.name)],
                    .contract,
                    "the contract's credentials come through secrets; env goes into a ConfigMap"
                )
            } else if variable.name == "PORT", variable.value != "\(port)" {
                self.refuse(["env", "PORT"], .contract, "PORT must be the port on which the app listens")
            } else if let rule = self.rules.configValues.first(where: { $0.name == variable.name }),
                let wanted = rule.value.refusal(of: variable.value)
            {
                self.refuse(["env", .member(variable.name)], .contract, "\(variable.name) must be \(wanted)")
            }
        }
    }

    // MARK: - Resources

    private func checkResources() {
        let effective = self.component.effectiveResources(rules: self.rules)
        for (resource, request) in self.component.resources.requests.sorted(by: { $0.key < $1.key }) {
            if let least = self.rules.smallestRequests[resource], request < least {
                self.refuse(
                    ["resources", "requests", .member(resource)],
                    .contract,
                    "must be at least \(least), as contract \(self.contract.rawValue) asks"
                )
            }
        }
        for (resource, limit) in self.component.resources.limits.sorted(by: { $0.key < $1.key }) {
            if let most = self.rules.largestLimits[resource], limit > most {
                self.refuse(
                    ["resources", "limits", .member(resource)],
                    .contract,
                    "must be at most \(most), as contract \(self.contract.rawValue) asks"
                )
            }
        }
        for (resource, request) in effective.requests.sorted(by: { $0.key < $1.key }) {
            guard let limit = effective.limits[resource], request > limit else { continue }
            if self.component.resources.requests[resource] != nil {
                self.refuse(
                    ["resources", "requests", .member(resource)],
                    .conflict,
                    "must not be above the limit, which is \(limit)"
                )
            } else {
                self.refuse(
                    ["resources", "limits", .member(resource)],
                    .conflict,
                    "must not be below the request, which is \(request)"
                )
            }
        }
    }
}

extension ConfigKeyRule.Value {
    /// What a value must be that is not so; `nil` for one that is.
    func refusal(of text: String) -> String? {
        switch self {
        case .oneOf(let allowed):
            allowed.contains(text) ? nil : "one of \(allowed.joined(separator: ", "))"
        case .positiveInteger:
            Self.isPositiveInteger(text) ? nil : "a whole number from 1 up"
        case .number:
            Self.isNumber(text) ? nil : "a number such as 0.7"
        }
    }

    private static func isPositiveInteger(_ text: String) -> Bool {
        guard (1...18).contains(text.utf8.count), text.utf8.first != UInt8(ascii: "0") else { return false }
        return text.utf8.allSatisfy(\.isDigit)
    }

    private static func isNumber(_ text: String) -> Bool {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        return text.utf8.count <= 18 && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(\.isDigit) }
    }
}
