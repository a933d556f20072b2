import JSON
import Testing

@testable import TodoAppOperator

@Suite("Rival")
struct RivalTests {
    private let wanted: JSONValue = [
        "metadata": ["labels": ["app": "web"]],
        "spec": [
            "replicas": 2, "ports": [["port": 80, "name": "http"]], "egress": [["ports": [["port": 53]]]],
            "containers": [["name": "web", "image": "web:1"]],
        ],
    ]

    private func name(_ path: JSONPath, _ entries: (manager: String, time: String, fields: JSONValue)...) -> String? {
        let managedFields = entries.map { entry -> JSONValue in
            ["manager": .string(entry.manager), "time": .string(entry.time), "fieldsV1": entry.fields]
        }
        let object: JSONValue = ["metadata": ["managedFields": .array(managedFields)]]
        return Rival.name(in: object, at: path, of: self.wanted, except: "op")
    }

    @Test("The manager that owns the field is named, and the last one of several")
    func owner() {
        let replicas: JSONValue = ["f:spec": ["f:replicas": [:]]]
        #expect(self.name(["spec", "replicas"], (manager: "kubectl", time: "1", fields: replicas)) == "kubectl")
        #expect(
            self.name(
                ["spec", "replicas"],
                (manager: "late", time: "2", fields: replicas),
                (manager: "early", time: "1", fields: replicas)
            ) == "late"
        )
        #expect(self.name(["spec", "replicas"], (manager: "op", time: "1", fields: replicas)) == nil)
        #expect(self.name(["metadata", "labels", "app"], (manager: "kubectl", time: "1", fields: replicas)) == nil)
    }

    @Test("Elements of lists are found by their keys, and what is owned as one value is owned whole")
    func lists() {
        let image: JSONPath = ["spec", "containers", 0, "image"]
        let key = "k:{\"name\":\"web\"}"
        let other = "k:{\"name\":\"sidecar\"}"
        func containers(_ key: String) -> JSONValue {
            ["f:spec": ["f:containers": [key: ["f:image": [:]]]]]
        }
        #expect(self.name(image, (manager: "kubectl", time: "1", fields: containers(key))) == "kubectl")
        #expect(self.name(image, (manager: "kubectl", time: "1", fields: containers(other))) == nil)
        let port = "k:{\"port\":80,\"protocol\":\"TCP\"}"
        let ports: JSONValue = ["f:spec": ["f:ports": [port: ["f:name": [:]]]]]
        #expect(self.name(["spec", "ports", 0, "name"], (manager: "kubectl", time: "1", fields: ports)) == "kubectl")
        let whole: JSONValue = ["f:spec": ["f:egress": [:]]]
        let inner: JSONPath = ["spec", "egress", 0, "ports", 0, "port"]
        #expect(self.name(inner, (manager: "kubectl", time: "1", fields: whole)) == "kubectl")
    }
}
