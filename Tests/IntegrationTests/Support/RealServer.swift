import Foundation
import JSON
import KubernetesAPI
import KubernetesClient
import KubernetesTesting
import Testing

/// A real API server, as `eval "$(hack/cluster env)"` describes it; a control plane alone will do.
struct RealServer: Sendable {
    let client: KubernetesClient
    let endpoint: ConformanceEndpoint
    /// For example 20.
    let minorVersion: Int

    /// What whoever skips these tests is told.
    static let whatIsMissing: Comment = """
        no cluster: hack/cluster up --control-plane-only, eval "$(hack/cluster env)"
        """

    /// Whether there is one that was made for tests: nobody's own cluster is ever touched.
    static var isThere: Bool {
        let environment = ProcessInfo.processInfo.environment
        return environment["CLUSTER_NAME"] != nil && environment["AUDIT_LOG"] != nil && environment["KUBECONFIG"] != nil
    }

    /// Connects to it as its admin.
    static func connect() async throws -> RealServer {
        let connection = try ClusterConnection.find(
            .environment,
            context: nil,
            environment: ProcessInfo.processInfo.environment
        )
        let transport = try connection.makeTransport()
        let client = KubernetesClient(
            transport: transport,
            credential: connection.credential,
            options: KubernetesClient.Options(userAgent: "integration-test/1")
        )
        let digits = try await client.serverVersion().gitVersion.dropFirst("v1.".count).prefix(while: \.isNumber)
        let minorVersion = try #require(Int(digits))
        let endpoint = ConformanceEndpoint(
            transport: transport,
            headers: { try await connection.credential.headers() },
            abilities: [.controllers, minorVersion >= 34 ? .watchList : .noWatchList]
        )
        return RealServer(client: client, endpoint: endpoint, minorVersion: minorVersion)
    }

    /// Serves ``ConformanceScenario/widgets``.
    func serveWidgets() async throws {
        let type = ConformanceScenario.widgets
        let definition: JSONValue = [
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": ["name": .string("\(type.plural).\(type.group)")],
            "spec": [
                "group": .string(type.group), "scope": "Namespaced",
                "names": ["plural": .string(type.plural), "kind": .string(type.kind), "singular": "widget"],
                "versions": [
                    [
                        "name": .string(type.version), "served": true, "storage": true, "subresources": ["status": [:]],
                        "schema": [
                            "openAPIV3Schema": ["type": "object", "x-kubernetes-preserve-unknown-fields": true]
                        ],
                    ]
                ],
            ],
        ]
        try await self.apply(definition, as: .customResourceDefinitions)
        let isServed = await eventually { (try? await self.client.serves(type)) == true }
        #expect(isServed)
    }

    /// Creates or changes an object that lives in no namespace.
    func apply(_ manifest: JSONValue, as type: ResourceType) async throws {
        let key = ObjectKey(namespace: nil, name: manifest["metadata"]?["name"]?.string ?? "")
        _ = try await self.client.apply(type, key, manifest, fieldManager: "integration-test")
    }

    /// Makes a namespace, runs the body with its name, and deletes it; nobody waits until it is gone.
    func withNamespace(_ purpose: String, _ body: (String) async throws -> Void) async throws {
        let name = "\(purpose)-\(UUID().uuidString.lowercased().prefix(8))"
        let stored = try await self.client.create(
            .namespaces,
            namespace: nil,
            ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)]],
            fieldManager: "integration-test"
        )
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(name))
        } catch {
            result = .failure(error)
        }
        try await self.client.delete(.namespaces, ObjectKey(namespace: nil, name: name), uid: stored.metadata.uid)
        try result.get()
    }
}

extension ResourceType {
    static let customResourceDefinitions = ResourceType(
        group: "apiextensions.k8s.io",
        version: "v1",
        plural: "customresourcedefinitions",
        kind: "CustomResourceDefinition",
        isNamespaced: false
    )
}
