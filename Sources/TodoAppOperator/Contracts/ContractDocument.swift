public import JSON
internal import KubernetesAPI
internal import TodoAppAPI

extension Contract {
    /// The contract with the source of each figure, as `todoapp-operator contracts NAME` prints it.
    public var document: JSONValue {
        let rules = ContractRules.of(self.name)
        return json([
            "contract": .string(self.name.rawValue),
            "backend": self.backend.document(rules: rules.backend),
            "frontend": self.frontend.document(rules: rules.frontend),
        ])
    }
}

extension ComponentContract {
    fileprivate func document(rules: ComponentRules) -> JSONValue {
        json([
            "image": self.imageName.document { .string($0) },
            "tags": self.exampleTags.document(stringsJSON),
            "containerName": self.containerName.document { .string($0.rawValue) },
            "port": self.port.document { JSONValue($0) },
            "targetPort": self.targetPort.document { .string($0.rawValue) },
            "user": self.user.document { .string($0.text) },
            "liveness": self.liveness.document,
            "readiness": self.readiness.document,
            "startup": self.startup.document(startupJSON),
            "startupExpectedSeconds": self.startupExpectedSeconds.document(numberJSON),
            "startupAllowedSeconds": self.startupAllowedSeconds.document(numberJSON),
            "secretKeys": self.secretKeys.map(\.document).jsonUnlessEmpty,
            "configKeys": self.configKeys.map { $0.document(rules: rules) }.jsonUnlessEmpty,
            "resources": self.resources.document(resourcesJSON),
            "smallestRequests": self.smallestRequests.document(amountsJSON),
            "largestLimits": self.largestLimits.document(amountsJSON),
            "imagePullPolicyInMinikube": self.minikubePullPolicy.document { .string($0.rawValue) },
            "imagePullPolicyInProduction": self.productionPullPolicy.document { .string($0.rawValue) },
            "nodePortInMinikube": self.minikubeNodePort.document(numberJSON),
            "stopSeconds": self.stopSeconds.document { JSONValue($0) },
            "imageSizeLimit": self.imageSizeLimit.document(sizeLimitJSON),
            "writesToRootFilesystem": self.writesToRootFilesystem.document { .bool($0) },
            "droppedCapabilities": self.droppedCapabilities.document(stringsJSON),
            "writablePaths": self.writablePaths.document(stringsJSON),
            "remarks": self.remarks.map { $0.document { .string($0) } }.jsonUnlessEmpty,
        ])
    }
}

extension Figure {
    fileprivate func document(_ json: (Value) -> JSONValue) -> JSONValue {
        ["value": json(self.value), "source": .string(self.source.text)]
    }
}

extension ContractProbe {
    fileprivate var document: JSONValue {
        ["check": self.check.document(checkJSON), "timings": self.timings.document(\.json)]
    }
}

extension SecretKey {
    fileprivate var document: JSONValue {
        let need: String =
            switch self.need {
            case .always: "always"
            case .when(let variable, let value): "when \(variable) is \(value)"
            }
        return json([
            "key": .string(self.key),
            "variable": .string(self.variable),
            "needed": .string(need),
            "generated": self.kind == .signingKey ? .some("where nobody supplies it") : .none,
            "rule": .string(self.rule.text),
            "source": .string(self.source.text),
        ])
    }
}

extension ConfigKey {
    fileprivate func document(rules: ComponentRules) -> JSONValue {
        json([
            "key": .string(self.key),
            "variable": .string(self.variable),
            "value": self.value.document,
            "rule": rules.configValues.first { $0.name == self.variable }.map { .string($0.value.text) },
            "source": .string(self.source.text),
        ])
    }
}

extension ConfigKey.Value {
    fileprivate var document: JSONValue {
        switch self {
        case .fixed(let value): .string(value)
        case .none: "none, unless the spec sets it"
        case .frontDoorURL: "the front door's URL"
        case .backendURL: "the backend's URL"
        case .environmentName: "production in Production, development in Minikube"
        }
    }
}

extension ConfigKeyRule.Value {
    fileprivate var text: String {
        switch self {
        case .oneOf(let values): "one of \(values.joined(separator: ", "))"
        case .positiveInteger: "a whole number from 1 up"
        case .number: "a number from 0 up"
        }
    }
}

// MARK: - Values

extension ContainerUser {
    /// `1000`, `1001:1001`, or `the image's`.
    fileprivate var text: String {
        switch self {
        case .nonRoot(let uid, .some(let gid)): "\(uid):\(gid)"
        case .nonRoot(let uid, .none): "\(uid)"
        case .image: "the image's"
        }
    }
}

private func stringsJSON(_ values: [String]) -> JSONValue {
    .array(values.map { .string($0) })
}

private func numberJSON(_ value: Int?) -> JSONValue {
    value.map { JSONValue($0) } ?? .null
}

private func amountsJSON(_ values: [String: Quantity]) -> JSONValue {
    JSONValue(values.mapValues(\.text))
}

/// As the seed spells the amounts, and not as the API server does.
private func resourcesJSON(_ resources: ResourcesSpec) -> JSONValue {
    ["requests": amountsJSON(resources.requests), "limits": amountsJSON(resources.limits)]
}

private func sizeLimitJSON(_ limit: ImageSizeLimit?) -> JSONValue {
    limit.map { .string("\($0.megabytes) MB\($0.excludesBase ? " beyond the base image" : "")") } ?? .null
}

private func checkJSON(_ check: HealthCheck) -> JSONValue {
    switch check {
    case .http(let path): .string("GET \(path)")
    case .tcp: "TCP connect"
    }
}

private func startupJSON(_ probe: StartupProbe) -> JSONValue {
    switch probe {
    case .none: "none"
    case .asLiveness(let timings): timings.json
    }
}
