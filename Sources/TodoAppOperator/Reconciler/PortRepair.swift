internal import JSON

/// Puts back ports whose number somebody has changed.
///
/// The API server knows an entry of a list of ports by its number, so that to an apply a changed number is a foreign entry
/// beside which it adds the wanted one; both have the same name then, and the object is refused for ever.
enum PortRepair {
    /// The patch that puts the wanted entry in the place of the changed one; `nil` where no number was changed.
    ///
    /// It only holds for the version that was looked at.
    static func patch(for live: JSONValue, wanted: JSONValue) -> JSONPatch? {
        guard let version = live["metadata"]?["resourceVersion"] else { return nil }
        let servicePorts: [String] = ["spec", "ports"]
        var operations = Self.operations(
            live: value(live, servicePorts),
            wanted: value(wanted, servicePorts),
            at: servicePorts
        )
        let containers: [String] = ["spec", "template", "spec", "containers"]
        for container in value(wanted, containers)?.array ?? [] {
            let candidates = value(live, containers)?.array ?? []
            guard let index = candidates.firstIndex(where: { $0["name"] == container["name"] }) else { continue }
            // With the operator's own number still there, it is the contract that has changed: an apply does that, port and
            // all else at once. A template with nothing but a new port would be rolled out, and nobody would serve it.
            guard !hasOwnPort(live, container: container["name"]?.string ?? "") else { continue }
            operations += Self.operations(
                live: candidates[index]["ports"],
                wanted: container["ports"],
                at: containers + ["\(index)", "ports"]
            )
        }
        guard !operations.isEmpty else { return nil }
        return JSONPatch([.test(JSONPointer(["metadata", "resourceVersion"]), version)] + operations)
    }

    private static func operations(live: JSONValue?, wanted: JSONValue?, at path: [String]) -> [JSONPatch.Operation] {
        let live = live?.array ?? []
        return (wanted?.array ?? []).compactMap { port in
            guard !live.contains(where: { number($0) == number(port) }) else { return nil }
            guard let index = live.firstIndex(where: { $0["name"] == port["name"] }) else { return nil }
            var replacement = port
            if replacement["nodePort"] == nil {
                // Picked by Kubernetes, and known to whoever uses it.
                replacement["nodePort"] = live[index]["nodePort"]
            }
            return .replace(JSONPointer(path + ["\(index)"]), replacement)
        }
    }

    /// Whether a container still has a port that the operator gave it, by the API server's books.
    private static func hasOwnPort(_ live: JSONValue, container: String) -> Bool {
        let entries = value(live, ["metadata", "managedFields"])?.array ?? []
        return entries.contains { entry in
            guard entry["manager"]?.string == ChildWriter.fieldManager else { return false }
            let containers = value(entry, ["fieldsV1", "f:spec", "f:template", "f:spec", "f:containers"])
            let name = JSONValue.object(JSONObject(uniqueMembers: [.init(key: "name", value: .string(container))]))
            let ports = containers?["k:\(name.text())"]?["f:ports"]?.object ?? JSONObject()
            return ports.contains { $0.key.hasPrefix("k:") }
        }
    }

    private static func number(_ port: JSONValue) -> JSONValue? {
        port["containerPort"] ?? port["port"]
    }

    private static func value(_ root: JSONValue, _ path: [String]) -> JSONValue? {
        path.reduce(root) { $0?[$1] }
    }
}
