import JSON

extension JSONValue {
    /// The value at a path of names and indices, as in `spec.ports[0].port`; a name with dots stands in brackets.
    func at(_ path: String) -> JSONValue? {
        var value: JSONValue? = self
        for step in steps(path) {
            value = Int(step).map { value?[$0] } ?? value?[step]
        }
        return value
    }

    /// `metadata.name`.
    var name: String { self.at("metadata.name")?.string ?? "" }

    /// `metadata.namespace`.
    var namespace: String { self.at("metadata.namespace")?.string ?? "" }

    /// `metadata.uid`.
    var uid: String { self.at("metadata.uid")?.string ?? "" }

    /// `metadata.resourceVersion`, which orders all that is kept in one etcd.
    var revision: Int { self.at("metadata.resourceVersion")?.string.flatMap { Int($0) } ?? 0 }

    /// Whether it is being deleted.
    var isGoing: Bool { self.at("metadata.deletionTimestamp") != nil }

    /// A condition of its status by its type.
    func condition(_ type: String) -> JSONValue? {
        self.at("status.conditions")?.array?.first { $0["type"]?.string == type }
    }

    /// Whether a condition is True.
    func isTrue(_ type: String) -> Bool { self.condition(type)?["status"]?.string == "True" }
}

private func steps(_ path: String) -> [String] {
    var steps = [""]
    var isInBrackets = false
    for character in path {
        switch character {
        case "[", "]":
            isInBrackets = character == "["
            steps.append("")
        case "." where !isInBrackets: steps.append("")
        default: steps[steps.count - 1].append(character)
        }
    }
    return steps.filter { !$0.isEmpty }
}
