internal import JSON
internal import KubernetesAPI
internal import TodoAppAPI

extension ChildHead {
    /// The Ingress or HTTPRoute before the front door; `nil` where the spec asks for neither, or where the API server does
    /// not serve it.
    func frontDoor(of component: EffectiveComponent, served: ServedAPIs) -> Child? {
        switch self.app.spec.effectiveExposure {
        case .ingress(let exposure):
            served[.ingresses].map { self.ingress(exposure, to: component, resource: $0) }
        case .httpRoute(let exposure):
            served[.httpRoutes].map { self.httpRoute(exposure, to: component, resource: $0) }
        case .byEnvironment, .clusterIP, .nodePort:
            nil
        }
    }

    private func ingress(_ exposure: IngressExposure, to component: EffectiveComponent, resource: ResourceType) -> Child
    {
        // By the port's name: its number may change, and the Service knows.
        let service: JSONValue = ["name": .string(component.childName), "port": ["name": .string(httpPortName)]]
        let path: JSONValue = ["path": "/", "pathType": "Prefix", "backend": ["service": service]]
        let certificate = exposure.tlsSecretName.map { name in
            [["hosts": [.string(exposure.host)], "secretName": .string(name)]] as JSONValue
        }
        return self.child(
            resource,
            name: component.childName,
            component: component,
            body: [
                "spec": json([
                    "ingressClassName": exposure.className.map { .string($0) },
                    "tls": certificate,
                    "rules": [["host": .string(exposure.host), "http": ["paths": [path]]]],
                ])
            ]
        )
    }

    private func httpRoute(
        _ exposure: HTTPRouteExposure,
        to component: EffectiveComponent,
        resource: ResourceType
    ) -> Child {
        let gateway = json([
            "name": .string(exposure.gateway.name),
            "namespace": exposure.gateway.namespace.map { .string($0) },
            "sectionName": exposure.gateway.sectionName.map { .string($0) },
        ])
        let service: JSONValue = ["name": .string(component.childName), "port": JSONValue(component.port)]
        return self.child(
            resource,
            name: component.childName,
            component: component,
            body: [
                "spec": json([
                    "parentRefs": [gateway],
                    "hostnames": exposure.host.map { [.string($0)] },
                    "rules": [["backendRefs": [service]]],
                ])
            ]
        )
    }
}
