import JSON
import KubernetesAPI
import TodoAppOperator

extension JSONValue {
    /// The value at a path of names and indices, as in `spec.ports[0].port`; a name with dots stands in brackets.
    func at(_ path: String) -> JSONValue? {
        var value: JSONValue? = self
        for step in steps(path) {
            if let index = Int(step) {
                value = value?[index]
            } else {
                value = value?[step]
            }
        }
        return value
    }

    /// Every string in it, keys among them.
    var allStrings: [String] {
        switch self {
        case .null, .bool, .integer, .number: []
        case .string(let text): [text]
        case .array(let elements): elements.flatMap(\.allStrings)
        case .object(let members): members.flatMap { [$0.key] + $0.value.allStrings }
        }
    }
}

private func steps(_ path: String) -> [String] {
    var steps: [String] = []
    var step = ""
    var isInBrackets = false
    for character in path {
        switch character {
        case "[":
            if !step.isEmpty { steps.append(step) }
            step = ""
            isInBrackets = true
        case "]":
            steps.append(step)
            step = ""
            isInBrackets = false
        case "." where !isInBrackets:
            if !step.isEmpty { steps.append(step) }
            step = ""
        default: step.append(character)
        }
    }
    if !step.isEmpty { steps.append(step) }
    return steps
}

extension [Child] {
    /// The manifest of a child; `null` where there is none.
    func manifest(_ kind: String, _ name: String) -> JSONValue {
        self.first { $0.resource.kind == kind && $0.name == name }?.manifest ?? .null
    }

    /// The variables of the one container of a Deployment, in order.
    func variables(of deployment: String) -> [String] {
        let container = self.manifest("Deployment", deployment).at("spec.template.spec.containers[0]")
        return container?["env"]?.array?.compactMap { $0["name"]?.string } ?? []
    }
}
