/// By which members the elements of a list are told apart, for the lists of Kubernetes' API that are merged element by
/// element and not replaced as a whole.
///
/// The table holds the list types `map` and `set` of the API server's OpenAPI document, as far as an operator's
/// children use them. A list that is not here is one value: each element counts, and so does their order.
public struct JSONMergeKeys: Sendable {
    /// How the elements of a list belong together.
    public enum Rule: Sendable, Equatable {
        /// Element by element in order; no more and no fewer.
        case atomic
        /// By these members.
        case keyed([String])
        /// As a set of simple values.
        case set
    }

    /// The rule for a list by the member it is in, and where that is not enough by the one above.
    public static func rule(member: String, parent: String) -> Rule {
        switch (parent, member) {
        // The ports of a network policy's rules are one value: a port too many there is a hole.
        case ("containers", "ports"), ("initContainers", "ports"), ("ephemeralContainers", "ports"):
            .keyed(["containerPort", "protocol"])
        case ("spec", "ports"):
            .keyed(["port", "protocol"])
        case ("metadata", "finalizers"):
            .set
        case ("metadata", "ownerReferences"):
            .keyed(["uid"])
        default:
            self.table[member].map(Rule.keyed) ?? .atomic
        }
    }

    private static let table: [String: [String]] = [
        "conditions": ["type"],
        "containers": ["name"],
        "env": ["name"],
        "ephemeralContainers": ["name"],
        "hostAliases": ["ip"],
        "imagePullSecrets": ["name"],
        "initContainers": ["name"],
        "resourceClaims": ["name"],
        "schedulingGates": ["name"],
        "secrets": ["name"],
        "topologySpreadConstraints": ["topologyKey", "whenUnsatisfiable"],
        "volumeDevices": ["devicePath"],
        "volumeMounts": ["mountPath"],
        "volumes": ["name"],
        "webhooks": ["name"],
    ]

    /// What the API server puts in place of a key that is absent.
    public static let defaults: [String: JSONValue] = ["protocol": "TCP"]
}
