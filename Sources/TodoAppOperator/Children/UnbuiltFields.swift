internal import TodoAppAPI

extension EffectiveApp {
    /// The fields of the spec that this release reads and checks but does nothing about yet, as the user wrote them.
    ///
    /// The user is told by an event: a field without effect must not look like one that works.
    var unbuiltFields: [String] {
        var fields: [String] = []
        for component in self.components {
            if case .automatic = component.spec.scaling { fields.append("spec.\(component.name.rawValue).autoscaling") }
        }
        switch self.spec.exposure {
        case .ingress, .httpRoute: fields.append("spec.exposure")
        case .byEnvironment, .clusterIP, .nodePort: break
        }
        if self.spec.networkPolicy == .enabled { fields.append("spec.networkPolicy") }
        if self.spec.database != .external { fields.append("spec.database.embedded") }
        if self.spec.secrets.deletionPolicy == .retain { fields.append("spec.secrets.deletionPolicy") }
        if self.spec.rollout.order != .parallel { fields.append("spec.rollout.order") }
        if self.spec.rollout.onFailure != .hold { fields.append("spec.rollout.onFailure") }
        return fields
    }
}
