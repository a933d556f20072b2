import KubernetesAPI
import Testing

@Suite("ResourceType")
struct ResourceTypeTests {
    @Test(
        "A collection's path names group, version and namespace",
        arguments: [
            (ResourceType.pods, "shop", "/api/v1/namespaces/shop/pods"),
            (.pods, nil, "/api/v1/pods"),
            (.deployments, "shop", "/apis/apps/v1/namespaces/shop/deployments"),
            (.podDisruptionBudgetsBeta, nil, "/apis/policy/v1beta1/poddisruptionbudgets"),
            (.nodes, nil, "/api/v1/nodes"),
            (.namespaces, "shop", "/api/v1/namespaces"),
        ] as [(ResourceType, String?, String)]
    )
    func collections(_ type: ResourceType, _ namespace: String?, _ path: String) {
        #expect(type.path(namespace: namespace) == path)
    }

    @Test("An object's path ends with its name, or with a sub-resource behind that")
    func objects() {
        let key = ObjectKey(namespace: "shop", name: "web")
        #expect(ResourceType.deployments.path(key) == "/apis/apps/v1/namespaces/shop/deployments/web")
        #expect(
            ResourceType.deployments.path(key, subresource: "status")
                == "/apis/apps/v1/namespaces/shop/deployments/web/status"
        )
        #expect(ResourceType.nodes.path(ObjectKey(namespace: nil, name: "n1")) == "/api/v1/nodes/n1")
    }

    @Test("Manifests and RBAC have names of their own for a type")
    func names() {
        #expect(ResourceType.pods.apiVersion == "v1")
        #expect(ResourceType.pods.resourceName == "pods")
        #expect(ResourceType.deployments.apiVersion == "apps/v1")
        #expect(ResourceType.deployments.resourceName == "deployments.apps")
    }
}
