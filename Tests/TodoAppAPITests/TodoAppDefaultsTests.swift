import KubernetesAPI
import Testing
import TodoAppAPI

@Suite("What becomes of values that are left out")
struct TodoAppDefaultsTests {
    @Test("Production pulls, has two replicas and a fence, and stays inside the cluster")
    func production() {
        let spec = TodoAppSpec(version: "1.0.0", frontend: ComponentSpec())
        #expect(spec.effectiveImagePullPolicy(of: spec.backend) == .ifNotPresent)
        #expect(spec.effectiveReplicas(of: spec.backend) == 2)
        #expect(spec.isNetworkPolicyEnabled)
        #expect(spec.effectiveExposure == .clusterIP)
        #expect(spec.effectiveVersion == "1.0.0")
    }

    @Test("Minikube never pulls, has one replica and no fence, and is reached by a node's port")
    func minikube() {
        let spec = TodoAppSpec(environment: .minikube)
        #expect(spec.effectiveImagePullPolicy(of: spec.backend) == .never)
        #expect(spec.effectiveReplicas(of: spec.backend) == 1)
        #expect(!spec.isNetworkPolicyEnabled)
        #expect(spec.effectiveExposure == .nodePort)
        #expect(spec.effectiveVersion == "latest")
    }

    @Test("What the user says wins over the environment")
    func explicit() {
        var spec = TodoAppSpec(environment: .minikube, networkPolicy: .enabled)
        spec.backend.imagePullPolicy = .always
        spec.backend.scaling = .fixed(replicas: 5)
        #expect(spec.effectiveImagePullPolicy(of: spec.backend) == .always)
        #expect(spec.effectiveReplicas(of: spec.backend) == 5)
        #expect(spec.isNetworkPolicyEnabled)
    }

    @Test("Autoscaling starts at the environment's number, but never above its own most")
    func autoscaling() {
        let spec = TodoAppSpec()
        #expect(spec.effectiveMinReplicas(of: Autoscaling(maxReplicas: 6)) == 2)
        #expect(spec.effectiveMinReplicas(of: Autoscaling(maxReplicas: 1)) == 1)
        #expect(spec.effectiveMinReplicas(of: Autoscaling(minReplicas: 4, maxReplicas: 6)) == 4)
    }

    @Test("The front door has the exposure's type, and what is behind it stays inside the cluster")
    func serviceTypes() {
        let rules = ContractRules.of(.taskflow)
        let alone = TodoAppSpec(environment: .minikube)
        #expect(alone.frontDoor == .backend)
        #expect(alone.effectiveServiceType(of: .backend, rules: rules) == .nodePort)

        let both = TodoAppSpec(environment: .minikube, frontend: ComponentSpec())
        #expect(both.frontDoor == .frontend)
        #expect(both.effectiveServiceType(of: .backend, rules: rules) == .clusterIP)
        #expect(both.effectiveServiceType(of: .frontend, rules: rules) == .nodePort)

        let ingress = TodoAppSpec(environment: .minikube, exposure: .ingress(IngressExposure(host: "a.example")))
        #expect(ingress.effectiveServiceType(of: .backend, rules: rules) == .clusterIP)
    }

    @Test("The front door's own Service type says how it is exposed where exposure is left out")
    func exposureFollowsService() {
        var spec = TodoAppSpec(frontend: ComponentSpec(service: ServiceSpec(type: .nodePort)))
        #expect(spec.effectiveExposure == .nodePort)
        spec.exposure = .httpRoute(HTTPRouteExposure(gateway: GatewayReference(name: "public")))
        #expect(spec.effectiveExposure == spec.exposure)
    }

    @Test("Contract cohere keeps its node's port in Minikube behind a frontend, and loses it in Production")
    func cohere() {
        let rules = ContractRules.of(.cohere)
        var spec = TodoAppSpec(contract: .cohere, environment: .minikube, frontend: ComponentSpec())
        #expect(spec.effectiveServiceType(of: .backend, rules: rules) == .nodePort)
        spec.environment = .production
        #expect(spec.effectiveServiceType(of: .backend, rules: rules) == .clusterIP)
    }

    @Test("Resources are taken from the user by name, and all others from the contract")
    func resources() {
        let component = ComponentSpec(resources: ResourcesSpec(limits: ["cpu": .milliCPU(800)]))
        let effective = component.effectiveResources(rules: ContractRules.of(.taskflow).backend)
        #expect(effective.requests == ["cpu": .milliCPU(250), "memory": .mebibytes(256)])
        #expect(effective.limits == ["cpu": .milliCPU(800), "memory": .mebibytes(512)])
    }
}
