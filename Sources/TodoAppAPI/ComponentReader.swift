internal import JSON
internal import KubernetesAPI

/// Reads `spec.backend` and `spec.frontend`.
enum ComponentReader {
    static func readBackend(_ field: FieldReader) -> ComponentSpec? {
        field.object { fields in
            var component = Self.readCommon(field, &fields)
            component.port = (fields.field("port")?.integer(in: 1...65_535)).map(Int.init)
            component.healthPath = fields.field("healthPath")?.text(.httpPath)
            component.runAsUser = fields.field("runAsUser")?.integer(in: 1...2_147_483_647)
            component.secretKeys = fields.field("secretKeys").map(Self.readSecretKeys) ?? []
            return component
        }
    }

    static func readFrontend(_ field: FieldReader) -> ComponentSpec? {
        field.object { fields in
            Self.readCommon(field, &fields)
        }
    }

    private static func readCommon(_ field: FieldReader, _ fields: inout ObjectReader) -> ComponentSpec {
        ComponentSpec(
            image: fields.field("image")?.text(.image),
            imagePullPolicy: fields.field("imagePullPolicy")?.oneOf(),
            scaling: Self.readScaling(field, &fields),
            resources: fields.field("resources").flatMap(Self.readResources) ?? ResourcesSpec(),
            env: fields.field("env").map(Self.readEnv) ?? [],
            probes: fields.field("probes").flatMap(Self.readProbes) ?? ProbesSpec(),
            service: fields.field("service").flatMap(Self.readService) ?? ServiceSpec(),
            nodeSelector: fields.field("nodeSelector").map { Self.readLabels($0) } ?? [:],
            tolerations: fields.field("tolerations").map(SchedulingReader.readTolerations) ?? [],
            affinity: fields.field("affinity").flatMap(SchedulingReader.readAffinity),
            topologySpreadConstraints: fields.field("topologySpreadConstraints")
                .map(SchedulingReader.readSpreadConstraints) ?? [],
            podLabels: fields.field("podLabels").map { Self.readLabels($0, refusing: Self.isReservedLabel) } ?? [:],
            podAnnotations: fields.field("podAnnotations").map(Self.readAnnotations) ?? [:],
            readOnlyRootFilesystem: fields.flag("readOnlyRootFilesystem")
        )
    }

    // MARK: - Scaling and resources

    private static func readScaling(_ component: FieldReader, _ fields: inout ObjectReader) -> Scaling {
        let replicas = fields.field("replicas")
        let autoscaling = fields.field("autoscaling")
        if replicas != nil, autoscaling != nil {
            component.refuse(.conflict, "replicas and autoscaling exclude each other")
        }
        if let autoscaling = autoscaling.flatMap(Self.readAutoscaling) {
            return .automatic(autoscaling)
        }
        guard let count = replicas?.integer(in: 1...1000) else { return .byEnvironment }
        return .fixed(replicas: Int(count))
    }

    private static func readAutoscaling(_ field: FieldReader) -> Autoscaling? {
        field.object { fields in
            let least = fields.field("minReplicas")?.integer(in: 1...1000)
            let most = fields.required("maxReplicas")?.integer(in: 1...1000)
            let target = fields.field("targetCPUUtilizationPercentage")?.integer(in: 1...1000)
            if let least, let most, least > most {
                field.refuse(.conflict, "minReplicas must not be above maxReplicas")
            }
            guard let most else { return nil }
            var autoscaling = Autoscaling(minReplicas: least.map(Int.init), maxReplicas: Int(most))
            if let target {
                autoscaling.targetCPUUtilizationPercentage = Int(target)
            }
            return autoscaling
        }
    }

    private static func readResources(_ field: FieldReader) -> ResourcesSpec? {
        field.object { fields in
            ResourcesSpec(
                requests: fields.field("requests").map(Self.readQuantities) ?? [:],
                limits: fields.field("limits").map(Self.readQuantities) ?? [:]
            )
        }
    }

    private static func readQuantities(_ field: FieldReader) -> [String: Quantity] {
        let quantities = field.map(atMost: 16, names: .resourceName) { $0.quantity() }
        return Dictionary(quantities.map { ($0.name, $0.value) }) { $1 }
    }

    // MARK: - Configuration

    private static func readEnv(_ field: FieldReader) -> [EnvironmentVariable] {
        field.map(atMost: 128, names: .variableName) { $0.text(.text(maxLength: 32_768)) }
            .map { EnvironmentVariable(name: $0.name, value: $0.value) }
    }

    private static func readSecretKeys(_ field: FieldReader) -> [String] {
        var known: Set<String> = []
        return field.array(atMost: 32) { element in
            guard let key = element.text(.variableName) else { return nil }
            if !known.insert(key).inserted {
                element.refuse(.conflict, "comes twice")
            }
            return key
        }
    }

    private static func readProbes(_ field: FieldReader) -> ProbesSpec? {
        field.object { fields in
            ProbesSpec(
                liveness: fields.field("liveness").flatMap { Self.readTimings($0) } ?? ProbeTimings(),
                readiness: fields.field("readiness").flatMap(Self.readReadinessTimings) ?? ProbeTimings(),
                startup: fields.field("startup").flatMap { Self.readTimings($0) } ?? ProbeTimings()
            )
        }
    }

    private static func readTimings(_ field: FieldReader) -> ProbeTimings? {
        field.object { fields in
            Self.readTimings(&fields)
        }
    }

    private static func readReadinessTimings(_ field: FieldReader) -> ProbeTimings? {
        field.object { fields in
            var timings = Self.readTimings(&fields)
            timings.successThreshold = (fields.field("successThreshold")?.integer(in: 1...1000)).map(Int.init)
            return timings
        }
    }

    private static func readTimings(_ fields: inout ObjectReader) -> ProbeTimings {
        ProbeTimings(
            initialDelaySeconds: (fields.field("initialDelaySeconds")?.integer(in: 0...3600)).map(Int.init),
            periodSeconds: (fields.field("periodSeconds")?.integer(in: 1...3600)).map(Int.init),
            timeoutSeconds: (fields.field("timeoutSeconds")?.integer(in: 1...3600)).map(Int.init),
            failureThreshold: (fields.field("failureThreshold")?.integer(in: 1...1000)).map(Int.init)
        )
    }

    private static func readService(_ field: FieldReader) -> ServiceSpec? {
        field.object { fields in
            ServiceSpec(
                type: fields.field("type")?.oneOf(),
                nodePort: (fields.field("nodePort")?.integer(in: 30_000...32_767)).map(Int.init)
            )
        }
    }

    // MARK: - Labels and annotations

    private static func readLabels(
        _ field: FieldReader,
        refusing isReserved: (String) -> Bool = { _ in false }
    ) -> [String: String] {
        let labels = field.map(atMost: 64, names: .labelKey) { $0.text(.labelValue) }
        if labels.contains(where: { isReserved($0.name) }) {
            field.refuse(
                .reserved,
                "app, pod-template-hash and labels of kubernetes.io, k8s.io and todo.taskflow.dev are the system's own"
            )
        }
        return Dictionary(labels.map { ($0.name, $0.value) }) { $1 }
    }

    private static func readAnnotations(_ field: FieldReader) -> [String: String] {
        let annotations = field.map(atMost: 64, names: .labelKey) { $0.text(.text(maxLength: 16_384)) }
        if annotations.contains(where: { Self.isReservedAnnotation($0.name) }) {
            field.refuse(
                .reserved,
                "annotations of kubernetes.io, app.kubernetes.io, kubectl.kubernetes.io, k8s.io and "
                    + "todo.taskflow.dev are the system's own"
            )
        }
        if annotations.contains(where: { Self.choosesSecurityProfile($0.name) }) {
            field.refuse(
                .reserved,
                "annotations that choose a security profile (seccomp, AppArmor) are the system's own"
            )
        }
        return Dictionary(annotations.map { ($0.name, $0.value) }) { $1 }
    }

    private static func isReservedLabel(_ name: String) -> Bool {
        guard let domain = Self.domain(of: name) else { return name == "app" || name == "pod-template-hash" }
        return ["kubernetes.io", "k8s.io", "todo.taskflow.dev"].contains { domain == $0 || domain.hasSuffix(".\($0)") }
    }

    /// Unlike labels, annotations of Kubernetes' subdomains are how users steer autoscalers and other add-ons.
    private static func isReservedAnnotation(_ name: String) -> Bool {
        let reserved = [
            "kubernetes.io", "app.kubernetes.io", "kubectl.kubernetes.io", "k8s.io", "todo.taskflow.dev",
        ]
        return Self.domain(of: name).map { reserved.contains(String($0)) } ?? false
    }

    /// Kubernetes before 1.30 takes a pod's AppArmor profile, and before 1.27 its seccomp profile, from annotations of domains
    /// such as `container.apparmor.security.beta.kubernetes.io`: `unconfined` there would undo what the operator asks for.
    private static func choosesSecurityProfile(_ name: String) -> Bool {
        guard let domain = Self.domain(of: name) else { return false }
        return ["security.alpha.kubernetes.io", "security.beta.kubernetes.io"].contains {
            domain == $0 || domain.hasSuffix(".\($0)")
        }
    }

    private static func domain(of name: String) -> Substring? {
        name.firstIndex(of: "/").map { name[..<$0] }
    }
}
