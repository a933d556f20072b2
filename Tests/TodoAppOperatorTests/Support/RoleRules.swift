import JSON
import KubernetesTesting
import TestFiles
import YAML

/// What a Role allows, as RBAC reads it; without names of resources, which the operator's have none of.
struct RoleRules: Sendable {
    private struct Rule: Sendable {
        var groups: [String]
        var resources: [String]
        var verbs: [String]
    }

    private var rules: [Rule] = []

    /// The rules of the first Role, or ClusterRole, of a file.
    init(file: String) throws {
        let documents = try YAML.documents(in: TestFolder.read(file)).map(\.value)
        let role = documents.first { ["Role", "ClusterRole"].contains($0["kind"]?.string) }
        func texts(_ list: JSONValue?) -> [String] { (list?.array ?? []).compactMap(\.string) }
        self.rules = (role?["rules"]?.array ?? []).map { rule in
            Rule(groups: texts(rule["apiGroups"]), resources: texts(rule["resources"]), verbs: texts(rule["verbs"]))
        }
    }

    /// Whether a request for objects is allowed, wherever the Role is bound.
    func allow(_ request: SimulatedRequest) -> Bool {
        // `deployments.apps` and `pods`: the group is behind the first dot.
        let parts = request.resource.split(separator: ".", maxSplits: 1).map(String.init)
        let (plural, group) = (parts[0], parts.count > 1 ? parts[1] : "")
        let resource = request.subresource.isEmpty ? plural : "\(plural)/\(request.subresource)"
        return self.rules.contains { rule in
            rule.groups.contains(group) && rule.resources.contains(resource)
                && rule.verbs.contains(request.verb.rawValue)
        }
    }

    /// Every single right: `get deployments.apps`.
    var rights: Set<String> {
        Set(
            self.rules.flatMap { rule in
                rule.groups.flatMap { group in
                    rule.resources.flatMap { resource in
                        rule.verbs.map { group.isEmpty ? "\($0) \(resource)" : "\($0) \(resource).\(group)" }
                    }
                }
            }
        )
    }
}
