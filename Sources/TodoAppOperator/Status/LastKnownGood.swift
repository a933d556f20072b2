internal import JSON
internal import KubernetesAPI
internal import TodoAppAPI

extension AppStatus {
    /// `status.lastKnownGood`: what ran when the app was last ready with a generation, since the first moment of that.
    static func lastKnownGood(_ facts: Facts, ready: Condition?) -> JSONValue? {
        let former = facts.former?["lastKnownGood"]
        guard ready?.status == .true, ready?.reason == StatusReason.allComponentsReady.rawValue else { return former }
        var components = JSONObject()
        for component in facts.components {
            var running: JSONValue = ["image": .string(component.image)]
            running["revision"] = component.revision.isEmpty ? nil : .string(component.revision)
            running["configuration"] = component.configuration.isEmpty ? nil : .string(component.configuration)
            components[component.name.rawValue] = running
        }
        let isKnown = former?["generation"]?.integer == facts.metadata.generation
        return [
            "generation": .integer(facts.metadata.generation),
            "time": isKnown ? former?["time"] ?? .null : .string(Timestamp.text(facts.now)),
            "components": .object(components),
        ]
    }
}
