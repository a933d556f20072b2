import JSON
import Testing

extension EndToEnd {
    /// The same trials for every kind of child, also those that few apps have.
    @Suite(.together)
    struct EveryKindTests {
        @Test("A child that lost its labels is found again; one under a former name is pruned, unless it holds data")
        func trials() async throws {
            try await TestNamespace.with("kinds") { namespace in
                for (manifest, children) in [
                    (Manifest.podless("taskflow", Self.production), Self.children),
                    (Manifest.podless("demo", Self.demo), Self.databaseChildren),
                ] {
                    // Not until it is applied: a database without a node is never ready, and the status says so.
                    _ = try await namespace.run(manifest)
                    for (kind, name) in children {
                        try await KindTrial(kind, name, in: namespace).play()
                    }
                }
            }
        }

        private static let production: JSONValue = [
            "environment": "Production",
            "exposure": ["type": "Ingress", "host": "todo.example.com"],
            "backend": ["autoscaling": ["minReplicas": 2, "maxReplicas": 5]],
        ]

        /// An embedded database is not for Production.
        private static let demo: JSONValue = [
            "database": ["embedded": ["storage": "64Mi"]],
            "secrets": [
                "from": [
                    ["secretName": .string(Credentials.secretName), "keys": ["OPENAI_API_KEY": "OPENAI_API_KEY"]]
                ]
            ],
        ]

        private static let children = [
            ("deployments.apps", "taskflow-backend"), ("services", "taskflow-backend"),
            ("secrets", "taskflow-secrets"), ("configmaps", "taskflow-config"), ("serviceaccounts", "taskflow"),
            ("poddisruptionbudgets.policy", "taskflow-backend"),
            ("networkpolicies.networking.k8s.io", "taskflow-backend"),
            ("ingresses.networking.k8s.io", "taskflow-frontend"),
            ("horizontalpodautoscalers.autoscaling", "taskflow-backend"),
        ]

        private static let databaseChildren = [
            ("statefulsets.apps", "demo-postgres"), ("persistentvolumeclaims", "demo-postgres"),
        ]
    }
}

/// What befalls one child of a settled app, whatever its kind; all that is known of the kind is its name.
struct KindTrial: Sendable {
    private let kind: String
    private let name: String
    private let namespace: TestNamespace

    init(_ kind: String, _ name: String, in namespace: TestNamespace) {
        self.kind = kind
        self.name = name
        self.namespace = namespace
    }

    /// What pods of an older revision may still be started with, and what users keep, goes with the app and not before.
    private static let data = ["secrets", "configmaps", "persistentvolumeclaims"]

    func play() async throws {
        try await self.until("is there") { try await self.isThere(self.name) }
        try await self.loseLabels()
        if !Self.data.contains(self.kind) { try await self.leaveFormerChild() }
    }

    /// Without its labels it is out of the operator's sight, who finds it by its name.
    private func loseLabels() async throws {
        let before = try await self.object(self.name)
        try await self.namespace.kubectl(
            "patch",
            self.kind,
            self.name,
            "-n",
            self.namespace.name,
            "--type",
            "json",
            "-p",
            #"[{"op": "remove", "path": "/metadata/labels"}]"#
        )
        try await self.until("has its labels again") {
            try await self.object(self.name).at("metadata.labels") == before.at("metadata.labels")
        }
        #expect(try await self.object(self.name).uid == before.uid)
    }

    /// One that an operator of another version might have made: all but the name is a child's.
    private func leaveFormerChild() async throws {
        var former = try await self.object(self.name)
        let metadata = former["metadata"]
        former["metadata"] = [
            "name": .string("\(self.name)-former"), "namespace": .string(self.namespace.name),
            "labels": metadata?["labels"] ?? [:], "annotations": metadata?["annotations"] ?? [:],
            "ownerReferences": metadata?["ownerReferences"] ?? [],
        ]
        former["status"] = nil
        // What belongs to one object alone.
        for field in ["clusterIP", "clusterIPs", "volumeName"] { former["spec"]?[field] = nil }
        if let ports = former["spec"]?["ports"]?.array, self.kind == "services" {
            former["spec"]?["ports"] = .array(
                ports.map { port in
                    var port = port
                    port["nodePort"] = nil
                    return port
                }
            )
        }
        try await self.namespace.kubectl("create", "--validate=false", "-f", "-", input: former.text())
        try await self.until("is pruned under its former name") {
            try await !self.isThere("\(self.name)-former")
        }
    }

    private func isThere(_ name: String) async throws -> Bool {
        let found = try await self.namespace.kubectl(
            "get",
            self.kind,
            name,
            "-n",
            self.namespace.name,
            "--ignore-not-found"
        )
        return !found.isEmpty
    }

    private func object(_ name: String) async throws -> JSONValue {
        try await self.namespace.kubectl.json("get", self.kind, name, "-n", self.namespace.name)
    }

    /// `kubectl` is asked, since not all kinds are watched here.
    private func until(_ what: String, _ isSo: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while try await !isSo() {
            guard ContinuousClock.now < deadline else {
                throw DidNotHappen(what: "\(self.kind)/\(self.name) \(what)", within: .seconds(60), lastSeen: "-")
            }
            try await Task.sleep(for: .milliseconds(200))
        }
    }
}
