import JSON
import KubernetesAPI
import Testing
import TodoAppAPI
import TodoAppOperator

/// What holds for the children of every app.
struct RendererTests {
    @Test("What pods need comes before the pods")
    func order() {
        let kinds = Sample.taskflow.app(in: .production).sampleChildren.map(\.resource.kind)
        #expect(
            kinds == [
                "ServiceAccount", "Secret", "ConfigMap", "Service", "Service", "NetworkPolicy", "NetworkPolicy",
                "Deployment", "Deployment", "PodDisruptionBudget", "PodDisruptionBudget",
            ]
        )
    }

    @Test("Every child belongs to its TodoApp, which is responsible for it", arguments: Sample.allCases)
    func owner(sample: Sample) throws {
        let app = sample.app(in: .production)
        for child in app.sampleChildren {
            let metadata = try ObjectMeta(of: child.manifest)
            #expect(metadata.controller?.uid == app.sampleInputs.ownerUID)
            #expect(metadata.controller?.kind == "TodoApp")
            #expect(child.manifest.at("metadata.ownerReferences[0].blockOwnerDeletion") == true)
            #expect(metadata.namespace == "todo-app")
            #expect(metadata.labels["app.kubernetes.io/managed-by"] == "todoapp-operator")
            #expect(metadata.labels["app.kubernetes.io/instance"] == app.name)
        }
    }

    @Test(
        "No value of the Secret stands anywhere but in the Secret",
        arguments: Sample.allCases,
        AppEnvironment.allCases
    )
    func secrecy(sample: Sample, environment: AppEnvironment) {
        let app = sample.app(in: environment)
        let values = app.sampleSecret.values.map { String(decoding: $0, as: UTF8.self) }
        let hidden = values + app.sampleSecret.values.map { Base64.encode($0) } + ["s3cret"]
        for child in app.sampleChildren where child.resource != .secrets {
            let strings = child.manifest.allStrings
            #expect(!strings.contains { text in hidden.contains { text.contains($0) } }, "\(child.name)")
        }
    }

    @Test("No field is null", arguments: Sample.allCases, AppEnvironment.allCases)
    func noNull(sample: Sample, environment: AppEnvironment) {
        for child in sample.app(in: environment).sampleChildren {
            #expect(!holdsNull(child.manifest), "\(child.name)")
        }
    }

    @Test("Pods have no more rights than they need", arguments: Sample.allCases)
    func security(sample: Sample) {
        for child in sample.app(in: .production).sampleChildren where child.resource == .deployments {
            let pod = child.manifest.at("spec.template.spec") ?? .null
            #expect(pod.at("automountServiceAccountToken") == false)
            #expect(pod.at("enableServiceLinks") == false)
            #expect(pod.at("securityContext.seccompProfile.type") == "RuntimeDefault")
            #expect(pod.at("containers[0].securityContext.allowPrivilegeEscalation") == false)
            #expect(pod.at("containers[0].securityContext.capabilities.drop") == ["ALL"])
            #expect(pod.at("terminationGracePeriodSeconds") == 30)
        }
    }

    @Test("A new Secret rolls the backend alone, and a restart that was asked for rolls both")
    func rolling() {
        let app = Sample.taskflow.app(in: .production)
        let before = annotations(children(of: app, inputs: app.sampleInputs))
        var inputs = app.sampleInputs
        inputs.secretRevision = ContentRevision(ofSecret: [:], key: [1])
        let withNewSecret = annotations(children(of: app, inputs: inputs))
        #expect(before["taskflow-backend"] != withNewSecret["taskflow-backend"])
        #expect(before["taskflow-frontend"] == withNewSecret["taskflow-frontend"])
        inputs = app.sampleInputs
        inputs.restartedAt = [.backend: "2026-01-01T00:00:00Z", .frontend: "2026-01-01T00:00:00Z"]
        let restarted = annotations(children(of: app, inputs: inputs))
        #expect(restarted.allSatisfy { $0.value[ChildAnnotation.restartedAt] == "2026-01-01T00:00:00Z" })
        #expect(restarted.count == 2)
    }

    @Test("The version is a label of the Deployment and no part of the pod template")
    func version() {
        let deployment = Sample.taskflow.app(in: .production).sampleChildren.manifest("Deployment", "taskflow-backend")
        let key = "app.kubernetes.io/version"
        #expect(deployment.at("metadata.labels")?[key] == "1.0.0")
        #expect(deployment.at("spec.template.metadata.labels")?[key] == nil)
        #expect(deployment.at("spec.selector.matchLabels") == ["app": "taskflow-backend"])
    }

    @Test("A user's labels stand beside the operator's and never in their place")
    func podLabels() {
        let app = Sample.taskflow.app(in: .production) { $0.backend.podLabels = ["team": "todo", "app": "other"] }
        let labels = app.sampleChildren.manifest("Deployment", "taskflow-backend").at("spec.template.metadata.labels")
        #expect(labels?["team"] == "todo")
        #expect(labels?["app"] == "taskflow-backend")
    }

    @Test("Replicas are the autoscaler's where there is one, and nobody's while the app is suspended")
    func replicas() {
        let scaling = Scaling.automatic(Autoscaling(minReplicas: 3, maxReplicas: 9))
        let scaled = Sample.taskflow.app(in: .production) { $0.backend.scaling = scaling }
        let suspended = Sample.taskflow.app(in: .production) { spec in
            spec.backend.scaling = scaling
            spec.suspended = true
        }
        let deployment = scaled.sampleChildren.manifest("Deployment", "taskflow-backend")
        #expect(deployment.at("spec.replicas") == nil)
        #expect(suspended.sampleChildren.allSatisfy { $0.resource.kind != "HorizontalPodAutoscaler" })
        #expect(scaled.sampleChildren.manifest("PodDisruptionBudget", "taskflow-backend") != .null)
        #expect(suspended.sampleChildren.manifest("Deployment", "taskflow-backend").at("spec.replicas") == 0)
        #expect(suspended.sampleChildren.allSatisfy { $0.resource.kind != "PodDisruptionBudget" })
    }

    @Test("A budget exists for two pods or more, in the version that is served")
    func budgets() {
        let app = Sample.taskflow.app(in: .production) { $0.frontend?.scaling = .fixed(replicas: 1) }
        var inputs = app.sampleInputs
        #expect(children(of: app, inputs: inputs).manifest("PodDisruptionBudget", "taskflow-frontend") == .null)
        inputs.served[.podDisruptionBudgets] = .podDisruptionBudgetsBeta
        let budget = children(of: app, inputs: inputs).manifest("PodDisruptionBudget", "taskflow-backend")
        #expect(budget.at("apiVersion") == "policy/v1beta1")
        #expect(budget.at("spec.maxUnavailable") == 1)
        inputs.served[.podDisruptionBudgets] = nil
        #expect(!children(of: app, inputs: inputs).contains { $0.resource.kind == "PodDisruptionBudget" })
    }

    @Test("A node port that is taken is left to Kubernetes, and the Service says so")
    func takenNodePort() {
        let app = Sample.cohere.app(in: .minikube)
        var inputs = app.sampleInputs
        inputs.takenNodePorts = [.backend]
        let service = children(of: app, inputs: inputs).manifest("Service", "todo-backend")
        #expect(service.at("spec.type") == "NodePort")
        #expect(service.at("spec.ports[0].nodePort") == nil)
        #expect(service.at("metadata.annotations")?[ChildAnnotation.nodePortTaken] == "30080")
    }

    @Test("A withheld component is left as it is, with every key that its pods read")
    func withheld() {
        let app = Sample.groq.app(in: .production)
        var inputs = app.sampleInputs
        inputs.withheld = [.backend]
        inputs.liveConfig = ["FRONTEND_URL": "http://old", "OF_ANOTHER_CONTRACT": "x", "NODE_ENV": "old"]
        let rendered = children(of: app, inputs: inputs)
        #expect(!rendered.contains { $0.role == .component(.backend) })
        #expect(rendered.manifest("Deployment", "groq-frontend") != .null)
        let data = rendered.manifest("ConfigMap", "groq-config").at("data")
        #expect(data?["FRONTEND_URL"] == "http://old")
        #expect(data?["OF_ANOTHER_CONTRACT"] == "x")
        #expect(data?["NODE_ENV"] == "production")
        #expect(data?["TEMPERATURE"] == nil)
    }

    @Test("The Service finds pods by the port's name, so that a change of contract loses none of either revision")
    func targetPort() {
        let service = Sample.groq.app(in: .production).sampleChildren.manifest("Service", "groq-backend")
        #expect(service.at("spec.ports[0].targetPort") == "http")
    }

    @Test("An app without Secret keys has no Secret, and an existing Secret is not rendered")
    func noSecret() {
        let bare = Sample.fastapi.app(in: .production) { $0.backend.secretKeys = [] }
        let foreign = Sample.taskflow.app(in: .production) { $0.secrets.source = .existing("mine") }
        #expect(!bare.sampleChildren.contains { $0.resource == .secrets })
        #expect(!foreign.sampleChildren.contains { $0.resource == .secrets })
        let deployment = foreign.sampleChildren.manifest("Deployment", "taskflow-backend")
        #expect(deployment.at("spec.template.spec.containers[0].env[0].valueFrom.secretKeyRef.name") == "mine")
    }

    /// The annotations of the pod templates, by Deployment.
    private func annotations(_ children: [Child]) -> [String: JSONValue] {
        var annotations: [String: JSONValue] = [:]
        for child in children where child.resource == .deployments {
            annotations[child.name] = child.manifest.at("spec.template.metadata.annotations")
        }
        return annotations
    }

    private func holdsNull(_ value: JSONValue) -> Bool {
        switch value {
        case .null: true
        case .bool, .integer, .number, .string: false
        case .array(let elements): elements.contains(where: holdsNull)
        case .object(let members): members.contains { holdsNull($0.value) }
        }
    }
}
