internal import JSON
internal import KubernetesAPI
internal import TodoAppAPI

extension ChildHead {
    /// The fence around a component's pods: what may come in, and what may go out.
    ///
    /// Seed 001 names what goes out: names (53), PostgreSQL (5432) and the providers' HTTPS (443). A kubelet's probes come
    /// from the pod's own node, which no NetworkPolicy keeps out.
    func networkPolicy(of component: EffectiveComponent, resource: ResourceType) -> Child {
        self.child(
            resource,
            name: component.childName,
            component: component,
            body: [
                "spec": [
                    "podSelector": ["matchLabels": JSONValue(ChildLabels.selector(of: component))],
                    "policyTypes": ["Ingress", "Egress"],
                    "ingress": [self.ingressRule(of: component)],
                    "egress": .array(self.egressRules(of: component)),
                ]
            ]
        )
    }

    // To what is reached from outside the cluster anybody may come, since nobody knows who stands before it: a node, a load
    // balancer, an Ingress controller. To anything else the frontend alone.
    private func ingressRule(of component: EffectiveComponent) -> JSONValue {
        // By name, so that pods of an older revision that listen on another port are let in too.
        let ports: JSONValue = [["protocol": "TCP", "port": .string(httpPortName)]]
        let isReachedFromOutside = component.name == self.app.spec.frontDoor || component.serviceType == .nodePort
        guard !isReachedFromOutside, let frontend = self.app[.frontend] else { return ["ports": ports] }
        return ["from": [podPeer(frontend)], "ports": ports]
    }

    private func egressRules(of component: EffectiveComponent) -> [JSONValue] {
        let names: JSONValue = ["ports": [port(53, "UDP"), port(53, "TCP")]]
        switch component.name {
        case .backend:
            return [names, ["ports": [port(5432, "TCP"), port(443, "TCP")]]]
        case .frontend:
            // Which ports of the backend, the backend's own fence says.
            let backend = self.app[.backend].map { ["to": [podPeer($0)]] as JSONValue }
            return [names] + [backend].compactMap { $0 } + [["ports": [port(443, "TCP")]]]
        }
    }
}

private func podPeer(_ component: EffectiveComponent) -> JSONValue {
    ["podSelector": ["matchLabels": JSONValue(ChildLabels.selector(of: component))]]
}

private func port(_ number: Int, _ networkProtocol: String) -> JSONValue {
    ["protocol": .string(networkProtocol), "port": JSONValue(number)]
}
