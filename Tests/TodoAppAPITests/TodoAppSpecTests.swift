import JSON
import KubernetesAPI
import Testing
import TodoAppAPI

@Suite("Reading a TodoApp's spec")
struct TodoAppSpecTests {
    @Test("The smallest spec is at its defaults")
    func smallest() throws {
        let spec = try TodoAppSpec.read(["version": "1.0.0", "backend": [:]], name: "todo")
        #expect(spec == TodoAppSpec(version: "1.0.0"))
    }

    @Test("Every field comes to its place")
    func everything() throws {
        let value: JSONValue = [
            "contract": "fastapi",
            "environment": "Minikube",
            "version": "v1.2.3",
            "registry": "registry.example.com",
            "backend": [
                "image": "api:1",
                "imagePullPolicy": "Always",
                "autoscaling": ["minReplicas": 2, "maxReplicas": 4, "targetCPUUtilizationPercentage": 60],
                "resources": ["requests": ["cpu": "100m"], "limits": ["memory": "1Gi"]],
                "env": ["B": "2", "A": "1"],
                "probes": ["readiness": ["initialDelaySeconds": 1, "successThreshold": 2]],
                "service": ["type": "NodePort", "nodePort": 30_001],
                "nodeSelector": ["disk": "fast"],
                "tolerations": [["operator": "Exists"]],
                "affinity": ["nodeAffinity": [:]],
                "topologySpreadConstraints": [
                    ["maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule"]
                ],
                "podLabels": ["team": "todo"],
                "podAnnotations": ["note": "x"],
                "readOnlyRootFilesystem": true,
                "port": 9000,
                "healthPath": "/up",
                "runAsUser": 1234,
                "secretKeys": ["DATABASE_URL", "TOKEN"],
            ],
            "frontend": ["replicas": 3],
            "secrets": [
                "from": [["secretName": "a", "keys": ["TOKEN": "t"]], ["secretName": "b"]], "deletionPolicy": "Retain",
            ],
            "exposure": ["type": "Ingress", "host": "todo.example.com", "className": "nginx", "tlsSecretName": "tls"],
            "networkPolicy": ["enabled": true],
            "rollout": ["order": "BackendFirst", "progressDeadlineSeconds": 60, "onFailure": "Rollback"],
            "imagePullSecrets": [["name": "pull"]],
            "paused": true,
            "suspended": true,
        ]
        let backend = ComponentSpec(
            image: "api:1",
            imagePullPolicy: .always,
            scaling: .automatic(Autoscaling(minReplicas: 2, maxReplicas: 4, targetCPUUtilizationPercentage: 60)),
            resources: ResourcesSpec(requests: ["cpu": .milliCPU(100)], limits: ["memory": .gibibytes(1)]),
            env: [EnvironmentVariable(name: "B", value: "2"), EnvironmentVariable(name: "A", value: "1")],
            probes: ProbesSpec(readiness: ProbeTimings(initialDelaySeconds: 1, successThreshold: 2)),
            service: ServiceSpec(type: .nodePort, nodePort: 30_001),
            nodeSelector: ["disk": "fast"],
            tolerations: [["operator": "Exists"]],
            affinity: ["nodeAffinity": [:]],
            topologySpreadConstraints: [
                ["maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule"]
            ],
            podLabels: ["team": "todo"],
            podAnnotations: ["note": "x"],
            readOnlyRootFilesystem: true,
            port: 9000,
            healthPath: "/up",
            runAsUser: 1234,
            secretKeys: ["DATABASE_URL", "TOKEN"]
        )
        let expected = TodoAppSpec(
            contract: .fastapi,
            environment: .minikube,
            version: "v1.2.3",
            registry: "registry.example.com",
            backend: backend,
            frontend: ComponentSpec(scaling: .fixed(replicas: 3)),
            secrets: SecretsSpec(
                source: .from([
                    SecretSource(
                        secretName: "a",
                        keys: .mapped([SecretSource.Mapping(contractKey: "TOKEN", sourceKey: "t")])
                    ),
                    SecretSource(secretName: "b"),
                ]),
                deletionPolicy: .retain
            ),
            exposure: .ingress(IngressExposure(host: "todo.example.com", className: "nginx", tlsSecretName: "tls")),
            networkPolicy: .enabled,
            rollout: RolloutSpec(order: .backendFirst, progressDeadlineSeconds: 60, onFailure: .rollback),
            imagePullSecrets: ["pull"],
            paused: true,
            suspended: true
        )
        #expect(try TodoAppSpec.read(value, name: "todo") == expected)
    }

    @Test("An embedded database has a volume of 1Gi where nothing else is said")
    func embeddedDatabase() throws {
        let spec = try TodoAppSpec.read(
            ["environment": "Minikube", "backend": [:], "database": ["embedded": [:]]],
            name: "todo"
        )
        #expect(spec.database == .embedded(EmbeddedDatabase(storage: .gibibytes(1))))
    }

    @Test("A spec that is missing is told as such")
    func missing() {
        let error = #expect(throws: InvalidTodoApp.self) { try TodoAppSpec.read(nil, name: "todo") }
        #expect(error?.description == "spec: is required")
    }

    @Test("Every violation carries its kind of rule")
    func kindsOfRules() throws {
        let value: JSONValue = [
            "version": "latest", "backend": ["port": 1, "replicas": "2", "imagePullPolicy": "x", "nope": 1],
        ]
        let error = #expect(throws: InvalidTodoApp.self) { try TodoAppSpec.read(value, name: "todo") }
        let rules = try #require(error).violations.map(\.rule)
        #expect(
            rules.sorted { $0.rawValue < $1.rawValue } == [
                .contract, .environment, .notAllowed, .unknownField, .wrongType,
            ]
        )
    }

    @Test(
        "A spec of any wrong shape is refused and never traps",
        arguments: [
            nil, true, 1, 0.5, "x", [], ["x"], ["backend": []], ["backend": ["env": [1], "secretKeys": [[]]]],
            ["secrets": ["from": [nil, 1, [:]]], "exposure": 1, "rollout": [], "database": ["embedded": "x"]],
        ] as [JSONValue]
    )
    func wrongShapes(_ value: JSONValue) {
        #expect(throws: InvalidTodoApp.self) { try TodoAppSpec.read(value, name: "") }
    }
}
