import Foundation
import JSON
import KubernetesAPI
import KubernetesClient
import KubernetesTesting
import Testing
import YAML

/// The example in Examples/, on a real API server.
@Suite(.enabled(if: RealServer.isThere, RealServer.whatIsMissing), .timeLimit(.minutes(5)))
struct WebsiteOperatorTests {
    private static let website = ResourceType(group: "example.com", version: "v1", plural: "websites", kind: "Website")

    @Test func aWebsiteGetsWhatItConsistsOfAndKeepsIt() async throws {
        let server = try await RealServer.connect()
        try await server.apply(try Self.manifest("crd"), as: .customResourceDefinitions)
        #expect(await eventually { (try? await server.client.serves(Self.website)) == true })
        let example = try RunningExample("website-operator")
        defer { example.stop() }
        try await server.withNamespace("website") { namespace in
            let key = ObjectKey(namespace: namespace, name: "hello")
            let sample = try Self.manifest("sample")
            _ = try await server.client.apply(Self.website, key, sample, fieldManager: "integration-test")

            func page() async -> JSONValue? {
                try? await server.client.get(.configMaps, key)["data"]?["index.html"]
            }
            let wanted = sample["spec"]?["page"]
            #expect(await eventually { await page() == wanted })
            #expect(await eventually { (try? await server.client.get(.deployments, key)) != nil })
            #expect(
                await eventually {
                    (try? await server.client.get(Self.website, key))?["status"]?["readyReplicas"] == 0
                }
            )

            // A foreign edit is put back.
            _ = try await server.client.merge(
                .configMaps,
                key,
                ["data": ["index.html": "defaced"]],
                fieldManager: "somebody"
            )
            #expect(await eventually { await page() == wanted })

            // At rest nothing is written.
            let version = try await server.client.get(.configMaps, key)["metadata"]?["resourceVersion"]
            _ = try await server.client.merge(
                Self.website,
                key,
                ["metadata": ["labels": ["seen": "yes"]], "spec": ["replicas": 1]],
                fieldManager: "somebody"
            )
            #expect(
                await eventually {
                    (try? await server.client.get(.deployments, key))?["spec"]?["replicas"] == 1
                }
            )
            #expect(try await server.client.get(.configMaps, key)["metadata"]?["resourceVersion"] == version)
        }
    }

    private static func manifest(_ name: String) throws -> JSONValue {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = root.appending(path: "Examples/website-operator/\(name).yaml")
        let documents = try YAML.documents(in: [UInt8](Data(contentsOf: file)))
        return try #require(documents.first).value
    }
}
