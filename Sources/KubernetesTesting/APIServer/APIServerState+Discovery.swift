internal import JSON
internal import KubernetesAPI

extension APIServerState {
    /// A document about the server.
    func document(_ path: String) throws(APIFailure) -> JSONValue {
        let steps = path.split(separator: "/").map(String.init)
        switch (steps.first, steps.count) {
        case ("version", 1):
            return [
                "major": "1", "minor": .string("\(self.options.minorVersion)"),
                "gitVersion": .string("v1.\(self.options.minorVersion).0"), "platform": "linux/amd64",
            ]
        case ("livez", 1), ("readyz", 1), ("healthz", 1):
            return "ok"
        case ("api", 1):
            return ["kind": "APIVersions", "versions": ["v1"]]
        case ("api", 2) where steps[1] == "v1":
            return self.resourceList(group: "", version: "v1")
        case ("apis", 1):
            return ["kind": "APIGroupList", "apiVersion": "v1", "groups": .array(self.groups.map(self.group))]
        case ("apis", 2) where self.groups.contains(steps[1]):
            var document = self.group(steps[1])
            document["kind"] = "APIGroup"
            document["apiVersion"] = "v1"
            return document
        case ("apis", 3) where self.versions(of: steps[1]).contains(steps[2]):
            return self.resourceList(group: steps[1], version: steps[2])
        default:
            throw .noSuchPath
        }
    }

    private var groups: [String] {
        Set(self.resources.map(\.type.group)).filter { !$0.isEmpty }.sorted()
    }

    private func versions(of group: String) -> [String] {
        Set(self.resources.filter { $0.type.group == group }.map(\.type.version)).sorted()
    }

    private func group(_ name: String) -> JSONValue {
        let versions = self.versions(of: name).map { version -> JSONValue in
            ["groupVersion": .string("\(name)/\(version)"), "version": .string(version)]
        }
        return ["name": .string(name), "versions": .array(versions), "preferredVersion": versions.first ?? [:]]
    }

    private func resourceList(group: String, version: String) -> JSONValue {
        let served = self.resources.filter { $0.type.group == group && $0.type.version == version }
        let entries = served.flatMap { resource -> [JSONValue] in
            let verbs: JSONValue = [
                "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch",
            ]
            func entry(_ name: String, _ verbs: JSONValue) -> JSONValue {
                [
                    "name": .string(name), "singularName": "", "namespaced": .bool(resource.type.isNamespaced),
                    "kind": .string(resource.type.kind), "verbs": verbs,
                ]
            }
            let whole = entry(resource.type.plural, verbs)
            return resource.hasStatus
                ? [whole, entry("\(resource.type.plural)/status", ["get", "patch", "update"])] : [whole]
        }
        return [
            "kind": "APIResourceList", "apiVersion": "v1",
            "groupVersion": .string(group.isEmpty ? version : "\(group)/\(version)"), "resources": .array(entries),
        ]
    }
}
