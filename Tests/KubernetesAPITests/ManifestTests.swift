import JSON
import KubernetesAPI
import Testing

@Suite("Manifest")
struct ManifestTests {
    @Test("A manifest begins with its type, and a body that names another one has no say")
    func manifest() {
        let manifest = JSONValue.manifest(.deployments, ["metadata": ["name": "web"]])
        #expect(manifest.text() == #"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"}}"#)
    }

    @Test("An object's version is the one that the server answered; without one it is empty")
    func version() {
        #expect(ResourceVersion(of: ["metadata": ["resourceVersion": "41"]]) == ResourceVersion("41"))
        #expect(ResourceVersion(of: ["metadata": [:]]) == ResourceVersion(""))
    }

    @Test("An object names itself as the controller of another by type, name and identity")
    func controller() {
        let owner = ObjectMeta(name: "web", namespace: "shop", uid: "a-b")
        let reference = owner.controllerReference(to: .deployments)
        let expected = OwnerReference(
            apiVersion: "apps/v1",
            kind: "Deployment",
            name: "web",
            uid: "a-b",
            isController: true
        )
        #expect(reference == expected)
        #expect(ObjectMeta(name: "child", ownerReferences: [reference]).controller == reference)
    }
}
