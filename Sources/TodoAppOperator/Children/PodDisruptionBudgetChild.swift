internal import JSON
internal import KubernetesAPI

extension ChildHead {
    /// A component's budget: a drained node takes one pod at a time.
    ///
    /// A maximum of missing pods holds for any number of replicas; a minimum of present ones would forbid every drain as
    /// soon as somebody scales down to it.
    func podDisruptionBudget(of component: EffectiveComponent, resource: ResourceType) -> Child {
        self.child(
            resource,
            name: component.childName,
            component: component,
            body: [
                "spec": json([
                    "maxUnavailable": 1,
                    "selector": ["matchLabels": JSONValue(ChildLabels.selector(of: component))],
                ])
            ]
        )
    }
}
