import Foundation
import HTTPTransport
import JSON
import KubernetesAPI
import KubernetesClient
import KubernetesTesting
import Testing
import YAML

/// Every child in the golden files, sent to a real API server as an apply that is only tried out: it knows all fields and all rules
/// of the types that come with Kubernetes, and refuses what is not in its schema.
@Suite(.enabled(if: RealServer.isThere, RealServer.whatIsMissing), .timeLimit(.minutes(5)))
struct GoldenChildrenTests {
    private struct Golden {
        var file: String
        var manifest: JSONValue
        var title: String {
            let name = self.manifest["metadata"]?["name"]?.string ?? ""
            return "\(self.manifest["kind"]?.string ?? "") \(name) of \(self.file)"
        }
    }

    /// All types that a child may be of.
    private static let types: [ResourceType] = [
        .deployments, .services, .secrets, .configMaps, .serviceAccounts, .statefulSets, .persistentVolumeClaims,
        .controllerRevisions, .podDisruptionBudgets, .podDisruptionBudgetsBeta, .networkPolicies, .ingresses,
        .httpRoutes,
        .httpRoutesBeta, .horizontalPodAutoscalers, .horizontalPodAutoscalersBeta, .horizontalPodAutoscalersOfCPU,
    ]

    /// The files of the last render revision.
    private static func goldens() throws -> [Golden] {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let renders = tests.appending(path: "TodoAppOperatorTests/Golden/renders")
        let revisions = try FileManager.default.contentsOfDirectory(atPath: renders.path())
        let last = try #require(revisions.max { (Int($0.dropFirst()) ?? 0) < (Int($1.dropFirst()) ?? 0) })
        let folder = renders.appending(path: last)
        return try FileManager.default.contentsOfDirectory(atPath: folder.path()).sorted().flatMap { file in
            let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
            return try YAML.documents(in: text).map { Golden(file: file, manifest: $0.value) }
        }
    }

    @Test("The API server's own schemas and rules take every child, field by field")
    func taken() async throws {
        let server = try await RealServer.connect()
        let goldens = try Self.goldens()
        #expect(goldens.count > 100)
        var served: [ResourceType: Bool] = [:]
        var tried: [String: Int] = [:]
        try await server.withNamespace("golden") { namespace in
            for golden in goldens {
                let type = try #require(
                    Self.types.first { type in
                        type.kind == golden.manifest["kind"]?.string
                            && type.apiVersion == golden.manifest["apiVersion"]?.string
                    },
                    "\(golden.title)"
                )
                if served[type] == nil {
                    let isServed = try await server.client.serves(type)
                    served[type] = isServed
                    if !isServed {
                        print("skipped on Kubernetes 1.\(server.minorVersion): \(type.apiVersion) \(type.kind)")
                    }
                }
                guard served[type] == true else { continue }
                var manifest = golden.manifest
                manifest["metadata"]?["namespace"] = .string(namespace)
                let answer = try await server.tryOut(manifest, as: type, in: namespace)
                #expect(answer == nil, "\(golden.title): \(answer ?? "")")
                tried[type.kind, default: 0] += 1
            }
        }
        print("tried out: \(tried.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", "))")
        #expect(tried.values.reduce(0, +) > 100)
    }

    @Test("What has a field that there is not is refused, so that the test above means something")
    func refused() async throws {
        let server = try await RealServer.connect()
        let deployment = try #require(try Self.goldens().first { $0.manifest["kind"] == "Deployment" })
        try await server.withNamespace("golden") { namespace in
            var manifest = deployment.manifest
            manifest["metadata"]?["namespace"] = .string(namespace)
            manifest["spec"]?["template"]?["spec"]?["nodeSelectors"] = [:]
            let answer = try await server.tryOut(manifest, as: .deployments, in: namespace)
            #expect(answer?.contains("nodeSelectors") == true, "\(answer ?? "was taken")")
        }
    }
}

extension RealServer {
    /// Has the API server do everything but store an object.
    ///
    /// - Returns: Why it refuses; `nil` if it does not.
    fileprivate func tryOut(_ manifest: JSONValue, as type: ResourceType, in namespace: String) async throws -> String?
    {
        let key = ObjectKey(namespace: namespace, name: manifest["metadata"]?["name"]?.string ?? "")
        let response = try await self.endpoint.transport.send(
            HTTPRequest(
                method: "PATCH",
                target: type.path(key) + "?dryRun=All&fieldManager=integration-test&force=true&fieldValidation=Strict",
                headers: try await self.endpoint.headers() + [
                    (name: "Content-Type", value: "application/apply-patch+yaml"),
                    (name: "Accept", value: "application/json"),
                ],
                body: manifest.bytes()
            )
        )
        let body = try await response.body.collect(limit: 1 << 20)
        guard !(200...299).contains(response.status) else { return nil }
        return (try? JSONValue(parsing: body))?["message"]?.string ?? "\(response.status)"
    }
}
