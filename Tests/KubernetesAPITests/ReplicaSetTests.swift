import JSON
import KubernetesAPI
import Testing

@Suite("ReplicaSet")
struct ReplicaSetTests {
    @Test("What its containers read into variables is known by kind, object and key; anything else is passed over")
    func references() throws {
        let environment: JSONValue = [
            ["name": "A", "valueFrom": ["secretKeyRef": ["name": "s", "key": "a"]]],
            ["name": "B", "valueFrom": ["configMapKeyRef": ["name": "c", "key": "b"]]],
            ["name": "C", "valueFrom": ["fieldRef": ["fieldPath": "metadata.name"]]],
            ["name": "D", "valueFrom": ["secretKeyRef": ["name": "s"]]],
            ["name": "E", "value": "plain"],
        ]
        let set = try ReplicaSet(json: [
            "metadata": ["name": "web-1"],
            "spec": [
                "template": ["spec": ["containers": [["name": "app", "env": environment], ["name": "sidecar"]]]]
            ],
        ])
        #expect(set.references == [KeyReference(.secret, "s", key: "a"), KeyReference(.configMap, "c", key: "b")])
    }
}
