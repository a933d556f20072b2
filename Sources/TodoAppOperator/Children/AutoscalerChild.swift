internal import JSON
internal import KubernetesAPI

extension ChildHead {
    /// A component's HorizontalPodAutoscaler; `nil` where the number of pods is fixed.
    func autoscaler(of component: EffectiveComponent, resource: ResourceType) -> Child? {
        guard case .autoscaled(let minimum, let maximum, let target) = component.replicas else { return nil }
        let deployment = ResourceType.deployments
        let measure: JSONValue = [
            "type": "Resource",
            "resource": [
                "name": "cpu", "target": ["type": "Utilization", "averageUtilization": JSONValue(target)],
            ],
        ]
        let knowsMeasures = resource != .horizontalPodAutoscalersOfCPU
        return self.child(
            resource,
            name: component.childName,
            component: component,
            body: [
                "spec": json([
                    "scaleTargetRef": [
                        "apiVersion": .string(deployment.apiVersion), "kind": .string(deployment.kind),
                        "name": .string(component.childName),
                    ],
                    "minReplicas": JSONValue(minimum),
                    "maxReplicas": JSONValue(maximum),
                    "metrics": knowsMeasures ? .some([measure]) : .none,
                    "targetCPUUtilizationPercentage": knowsMeasures ? .none : .some(JSONValue(target)),
                ])
            ]
        )
    }
}
