import JSON
import KubernetesAPI
import Testing
import TodoAppAPI

@testable import TodoAppOperator

/// The children that not every API server serves.
struct OptionalChildrenTests {
    /// A setting of which the optional children are kept in a golden file.
    enum Setting: String, CaseIterable, Sendable {
        case ingress
        case httpRoute = "http-route"
        case oldAutoscaler = "old-autoscaler"
        case oldestAutoscaler = "oldest-autoscaler"
        case oldBudgetAndRoute = "old-budget-and-route"

        var served: ServedAPIs {
            var served = ServedAPIs.everything
            switch self {
            case .ingress, .httpRoute: break
            case .oldAutoscaler: served[.horizontalPodAutoscalers] = .horizontalPodAutoscalersBeta
            case .oldestAutoscaler: served[.horizontalPodAutoscalers] = .horizontalPodAutoscalersOfCPU
            case .oldBudgetAndRoute:
                served[.podDisruptionBudgets] = .podDisruptionBudgetsBeta
                served[.httpRoutes] = .httpRoutesBeta
            }
            return served
        }

        func change(_ spec: inout TodoAppSpec) {
            spec.backend.scaling = .automatic(Autoscaling(minReplicas: 3, maxReplicas: 9))
            switch self {
            case .ingress:
                let ingress = IngressExposure(host: "todo.example.com", className: "nginx", tlsSecretName: "todo-tls")
                spec.exposure = .ingress(ingress)
            case .httpRoute, .oldBudgetAndRoute:
                let gateway = GatewayReference(name: "outside", namespace: "gateways", sectionName: "https")
                spec.exposure = .httpRoute(HTTPRouteExposure(host: "todo.example.com", gateway: gateway))
            case .oldAutoscaler, .oldestAutoscaler: break
            }
        }
    }

    @Test("The optional children are those of the golden file, byte by byte", arguments: Setting.allCases)
    func golden(setting: Setting) throws {
        let app = Sample.taskflow.app(in: .production, change: setting.change)
        var inputs = app.sampleInputs
        inputs.served = setting.served
        let types = Set(OptionalAPI.allCases.flatMap(\.versions))
        let manifests = children(of: app, inputs: inputs).filter { types.contains($0.resource) }.map(\.manifest)
        try GoldenRender.expect(yamlText(manifests), "optional-\(setting.rawValue)")
    }

    @Test("A component's own spreading, tolerations and folders are those of the golden file, byte by byte")
    func scheduling() throws {
        let app = Sample.taskflow.app(in: .production) { spec in
            spec.backend.topologySpreadConstraints = [
                ["maxSkew": 1, "topologyKey": "topology.kubernetes.io/zone", "whenUnsatisfiable": "DoNotSchedule"],
                [
                    "maxSkew": 2, "topologyKey": "kubernetes.io/hostname", "whenUnsatisfiable": "ScheduleAnyway",
                    "labelSelector": ["matchLabels": ["team": "blue"]],
                ],
            ]
            spec.backend.nodeSelector = ["kubernetes.io/os": "linux"]
            spec.backend.tolerations = [
                ["key": "dedicated", "operator": "Equal", "value": "todo", "effect": "NoSchedule"]
            ]
            spec.backend.affinity = [
                "podAntiAffinity": [
                    "requiredDuringSchedulingIgnoredDuringExecution": [
                        [
                            "topologyKey": "kubernetes.io/hostname",
                            "labelSelector": ["matchLabels": ["app": "taskflow-backend"]],
                        ]
                    ]
                ]
            ]
            spec.backend.podLabels = ["team": "blue"]
            spec.backend.podAnnotations = ["example.com/note": "spread out"]
            spec.backend.readOnlyRootFilesystem = true
            spec.imagePullSecrets = ["registry"]
        }
        let backend = app.sampleChildren.filter { $0.resource == .deployments && $0.component == .backend }
        try GoldenRender.expect(yamlText(backend.map(\.manifest)), "scheduling")
    }

    @Test("What a rollback returns to is kept as the golden file has it, byte by byte")
    func goodRevision() throws {
        let app = Sample.taskflow.app(in: .production)
        var inputs = app.sampleInputs
        let spec: JSONValue = ["version": "0.9.0", "backend": ["replicas": 3], "frontend": [:]]
        inputs.good = GoodRevision(
            spec: spec,
            generation: 3,
            failed: GoodRevision.Failed(generation: 4, isReplaced: true)
        )
        let kept = children(of: app, inputs: inputs).filter { $0.resource == .controllerRevisions }
        try GoldenRender.expect(yamlText(kept.map(\.manifest)), "rollback")
    }

    @Test("What the API server does not serve is not made, and the user is told by the field that asks for it")
    func missing() {
        let app = Sample.taskflow.app(in: .production, change: Setting.httpRoute.change)
        var inputs = app.sampleInputs
        inputs.served = ServedAPIs()
        let kinds = Set(children(of: app, inputs: inputs).map(\.resource.kind))
        #expect(kinds == ["ServiceAccount", "Secret", "ConfigMap", "Service", "Deployment"])
        let problems = app.problems(withMissing: app.missingAPIs(in: inputs.served))
        #expect(problems.allSatisfy { $0.reason == .optionalAPIMissing })
        #expect(
            problems.map(\.message) == [
                "spec.networkPolicy asks for NetworkPolicy (networking.k8s.io/v1), which the API server does not serve",
                "spec.exposure asks for HTTPRoute (gateway.networking.k8s.io/v1, gateway.networking.k8s.io/v1beta1), "
                    + "which the API server does not serve",
                "spec.backend.autoscaling asks for HorizontalPodAutoscaler (autoscaling/v2, autoscaling/v2beta2, "
                    + "autoscaling/v1), which the API server does not serve",
            ]
        )
        #expect(app.problems(withMissing: app.missingAPIs(in: .everything)) == [])
        #expect(Sample.taskflow.app(in: .minikube).missingAPIs(in: ServedAPIs()) == [])
    }

    @Test(
        "The backend is fenced in behind a frontend, and open at its port where it is the front door or has a node port"
    )
    func fence() {
        func sources(_ app: EffectiveApp, _ name: String) -> JSONValue? {
            app.sampleChildren.manifest("NetworkPolicy", name).at("spec.ingress[0].from")
        }
        let behind = Sample.taskflow.app(in: .production)
        #expect(
            sources(behind, "taskflow-backend") == [["podSelector": ["matchLabels": ["app": "taskflow-frontend"]]]]
        )
        #expect(sources(behind, "taskflow-frontend") == nil)
        #expect(sources(Sample.openai.app(in: .production), "openai-backend") == nil)
        let open = Sample.taskflow.app(in: .production) { $0.backend.service.type = .nodePort }
        #expect(open.sampleChildren.manifest("NetworkPolicy", "taskflow-backend") != .null)
        #expect(sources(open, "taskflow-backend") == nil)
        let without = Sample.taskflow.app(in: .production) { $0.networkPolicy = .disabled }
        #expect(!without.sampleChildren.contains { $0.resource.kind == "NetworkPolicy" })
    }

    @Test(
        "A Deployment begins with a number of pods of which the autoscaler decides then; the fields' shape stays the same"
    )
    func firstReplicas() {
        let app = Sample.taskflow.app(in: .production, change: Setting.ingress.change)
        var inputs = app.sampleInputs
        let later = children(of: app, inputs: inputs).manifest("Deployment", "taskflow-backend")
        inputs.firstReplicas = [.backend: 3, .frontend: 7]
        let first = children(of: app, inputs: inputs).manifest("Deployment", "taskflow-backend")
        #expect(first.at("spec.replicas") == 3)
        #expect(later.at("spec.replicas") == nil)
        #expect(first.at("metadata.annotations") == later.at("metadata.annotations"))
        let frontend = children(of: app, inputs: inputs).manifest("Deployment", "taskflow-frontend")
        #expect(frontend.at("spec.replicas") == 2)
    }
}
