internal import JSON
internal import KubernetesAPI
internal import TodoAppAPI

extension ChildHead {
    /// A component's Service.
    func service(of component: EffectiveComponent, inputs: RenderInputs) -> Child {
        let isNodePortTaken = inputs.takenNodePorts.contains(component.name)
        let hasPodsOfTwoPorts = inputs.changingPorts.contains(component.name)
        let port = json([
            "name": .string(httpPortName),
            "protocol": "TCP",
            "port": JSONValue(component.port),
            // A number would find the pods of one revision only, and nobody at all while a rollout does not get on.
            "targetPort": hasPodsOfTwoPorts ? .string(httpPortName) : component.targetPort,
            "nodePort": isNodePortTaken ? .none : component.nodePort.map { JSONValue($0) },
        ])
        var annotations: [String: String] = [:]
        if isNodePortTaken, let nodePort = component.nodePort {
            annotations[ChildAnnotation.nodePortTaken] = "\(nodePort)"
        }
        return self.child(
            .services,
            name: component.childName,
            component: component,
            annotations: annotations,
            body: [
                "spec": json([
                    "type": .string(component.serviceType.rawValue),
                    "selector": JSONValue(ChildLabels.selector(of: component)),
                    "ports": [port],
                ])
            ]
        )
    }
}

/// The name of the one port of containers and Services.
let httpPortName = "http"

extension EffectiveComponent {
    fileprivate var targetPort: JSONValue {
        switch self.contract.targetPort.value {
        case .name: .string(httpPortName)
        case .number: JSONValue(self.port)
        }
    }
}
