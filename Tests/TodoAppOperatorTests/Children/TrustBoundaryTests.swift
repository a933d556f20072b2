import JSON
import KubernetesAPI
import TestFiles
import Testing
import TodoAppAPI
import TodoAppOperator
import YAML

/// What docs/security.md answers to "What may someone who can write a TodoApp do?", as far as it shows in what is rendered and in
/// the schema; every valid manifest of the validator's fixtures is looked at.
@Suite("Whoever writes a TodoApp")
struct TrustBoundaryTests {
    @Test(
        "gets children in the TodoApp's own namespace, which name no other one",
        arguments: PodSecurityTests.manifests
    )
    func oneNamespace(_ manifest: PodSecurityTests.NamedManifest) {
        for child in children(of: manifest.app, inputs: manifest.app.sampleInputs) {
            #expect(child.manifest["metadata"]?["namespace"]?.string == manifest.app.namespace)
            let named = namespaces(in: child.manifest.merging(["metadata": nil]), at: "")
            // A Gateway is its owner's to open for routes of other namespaces: `allowedRoutes` says for which.
            let others = named.filter { !($0.path.hasPrefix(".spec.parentRefs") && child.resource == .httpRoutes) }
            #expect(others.isEmpty, "\(child.resource.kind) \(child.name): \(others)")
        }
    }

    @Test(
        "gets no object that gives rights, and pods of an account that has none",
        arguments: PodSecurityTests.manifests
    )
    func noRights(_ manifest: PodSecurityTests.NamedManifest) {
        let all = children(of: manifest.app, inputs: manifest.app.sampleInputs)
        let kinds: Set = [
            "ConfigMap", "ControllerRevision", "Deployment", "HTTPRoute", "HorizontalPodAutoscaler", "Ingress",
            "NetworkPolicy", "PersistentVolumeClaim", "PodDisruptionBudget", "Secret", "Service", "ServiceAccount",
            "StatefulSet",
        ]
        #expect(Set(all.map(\.resource.kind)).isSubset(of: kinds))
        for child in all where child.resource == .serviceAccounts {
            #expect(child.manifest["automountServiceAccountToken"] == false)
        }
        for child in all {
            guard let pod = child.manifest["spec"]?["template"]?["spec"] else { continue }
            let account = pod["serviceAccountName"]?.string
            #expect(account == nil || account == manifest.app.name, "\(child.name) runs as \(account ?? "")")
            #expect(pod["automountServiceAccountToken"] == false, "\(child.name)")
        }
    }

    @Test("finds no field for privileges, folders of the node, another account or another namespace's Secret")
    func fields() throws {
        let document = try YAML.documents(in: TestFolder.read("../../crds/todo.taskflow.dev_todoapps.yaml")).first
        let version = try #require(document?.value["spec"]?["versions"]?[0])
        let spec = try #require(version["schema"]?["openAPIV3Schema"]?["properties"]?["spec"])
        let found = schemaFields(of: spec, at: "spec")
        #expect(found.count > 100)
        let privileges: Set = [
            "capabilities", "command", "hostAliases", "hostIPC", "hostNetwork", "hostPID", "hostPath", "hostPort",
            "initContainers", "nodeName", "podSecurityContext", "priorityClassName", "privileged", "procMount",
            "runtimeClassName", "schedulerName", "securityContext", "serviceAccount", "serviceAccountName", "sysctls",
            "volumeMounts", "volumes",
        ]
        #expect(found.filter { privileges.contains($0.name) }.map(\.path) == [])
        let namespaces = found.filter { $0.name.lowercased().contains("namespace") }.map(\.path)
        #expect(namespaces == ["spec.exposure.gateway.namespace"])
        // What is handed on as it is, unread: where pods like to run, and nothing else.
        let unread = found.filter { $0.schema["x-kubernetes-preserve-unknown-fields"] == true }.map(\.path)
        #expect(unread.allSatisfy { $0.contains(".affinity.") }, "\(unread)")
    }
}

/// Every value under a name `namespace`, with its path.
private func namespaces(in value: JSONValue, at path: String) -> [(path: String, value: JSONValue)] {
    switch value {
    case .object(let object):
        object.flatMap { member in
            let path = "\(path).\(member.key)"
            return (member.key == "namespace" ? [(path, member.value)] : []) + namespaces(in: member.value, at: path)
        }
    case .array(let elements): elements.flatMap { namespaces(in: $0, at: path) }
    default: []
    }
}

/// A field of the CustomResourceDefinition.
private struct SchemaField {
    var name: String
    var path: String
    var schema: JSONValue
}

/// All fields below a schema.
private func schemaFields(of schema: JSONValue, at path: String) -> [SchemaField] {
    let properties = (schema["properties"]?.object ?? JSONObject()).flatMap { member in
        let field = SchemaField(name: member.key, path: "\(path).\(member.key)", schema: member.value)
        return [field] + schemaFields(of: member.value, at: field.path)
    }
    return properties + (schema["items"].map { schemaFields(of: $0, at: path) } ?? [])
}
