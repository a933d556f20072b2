import FoundationEssentials
import JSON
import KubernetesAPI
import Testing
import TodoAppAPI
import TodoAppOperator

/// What docs/security.md promises of the pods, whatever a TodoApp says: every valid manifest of the validator's fixtures is rendered.
@Suite("Pods and Kubernetes' pod security standards")
struct PodSecurityTests {
    @Test("No TodoApp gets a pod that reaches beyond itself", arguments: Self.manifests)
    func baseline(_ manifest: NamedManifest) throws {
        for pod in try manifest.podSpecs() {
            for field in ["hostNetwork", "hostPID", "hostIPC", "nodeName", "runtimeClassName", "priorityClassName"] {
                #expect(pod[field] == nil, "\(field)")
            }
            #expect(pod["automountServiceAccountToken"] == .bool(false))
            #expect(pod["enableServiceLinks"] == .bool(false))
            for volume in pod["volumes"]?.array ?? [] {
                let kinds = (volume.object ?? JSONObject()).map(\.key).filter { $0 != "name" }
                #expect(Set(kinds).isSubset(of: ["emptyDir", "configMap", "secret", "persistentVolumeClaim"]))
            }
            for container in containers(of: pod) {
                let security = try #require(container["securityContext"])
                #expect(security["allowPrivilegeEscalation"] == .bool(false))
                #expect(security["privileged"] == nil)
                #expect(security["procMount"] == nil)
                #expect(security["capabilities"] == ["drop": ["ALL"]])
                #expect((container["ports"]?.array ?? []).allSatisfy { $0["hostPort"] == nil })
            }
        }
    }

    @Test(
        "Every contract but cohere, whose image runs as root, keeps the standard \"restricted\"",
        arguments: Self.manifests
    )
    func restricted(_ manifest: NamedManifest) throws {
        let mayBeRoot = manifest.app.spec.contract == .cohere
        for pod in try manifest.podSpecs() {
            let isBackend = pod["containers"]?.array?.first?["name"]?.string != "frontend"
            #expect(pod["securityContext"]?["seccompProfile"] == ["type": "RuntimeDefault"])
            let runsAsNonRoot = pod["securityContext"]?["runAsNonRoot"] == .bool(true)
            #expect(runsAsNonRoot || (mayBeRoot && isBackend))
        }
    }

    /// A valid manifest.
    struct NamedManifest: Sendable, CustomTestStringConvertible {
        let name: String
        let app: EffectiveApp

        var testDescription: String { self.name }

        /// The pods of all its workloads.
        func podSpecs() throws -> [JSONValue] {
            let workloads = children(of: self.app, inputs: RenderInputs()).map(\.manifest)
                .filter { $0["spec"]?["template"] != nil }
            try #require(!workloads.isEmpty)
            return workloads.compactMap { $0["spec"]?["template"]?["spec"] }
        }
    }

    static let manifests: [NamedManifest] = {
        let root = #filePath.split(separator: "/").dropLast(4).reduce(into: "") { $0 += "/\($1)" }
        let folder = "\(root)/Tests/TodoAppAPITests/Fixtures/valid"
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.sorted().flatMap { file -> [NamedManifest] in
            let content = FileManager.default.contents(atPath: "\(folder)/\(file)") ?? Data()
            let text = String(decoding: content, as: UTF8.self)
            return ManifestReading(text: text, file: file).manifests.map { manifest in
                let app = EffectiveApp(name: manifest.name, namespace: manifest.namespace ?? "", spec: manifest.spec)
                return NamedManifest(name: file, app: app)
            }
        }
    }()
}

private func containers(of pod: JSONValue) -> [JSONValue] {
    (pod["initContainers"]?.array ?? []) + (pod["containers"]?.array ?? [])
}
