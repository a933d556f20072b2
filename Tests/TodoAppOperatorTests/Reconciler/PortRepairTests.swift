import JSON
import Testing

@testable import TodoAppOperator

/// Whose change of a port's number is put back, and whose is not.
struct PortRepairTests {
    @Test("A number that somebody else changed is put back in its place")
    func foreign() throws {
        let patch = PortRepair.patch(for: deployment(port: 9999, owner: "kubectl-edit"), wanted: deployment(port: 8001))
        #expect(patch != nil)
    }

    @Test("A port of the operator's own is left to the apply, which changes all of a template at once")
    func own() {
        let live = deployment(port: 8000, owner: ChildWriter.fieldManager)
        #expect(PortRepair.patch(for: live, wanted: deployment(port: 8001)) == nil)
    }

    @Test("A Service's port keeps its node port, whoever changes the number")
    func service() {
        let live: JSONValue = [
            "metadata": ["resourceVersion": "1"],
            "spec": ["ports": [["name": "http", "port": 8000, "nodePort": 31_000]]],
        ]
        let wanted: JSONValue = ["spec": ["ports": [["name": "http", "port": 8001]]]]
        #expect(PortRepair.patch(for: live, wanted: wanted) != nil)
    }

    private func deployment(port: Int64, owner: String? = nil) -> JSONValue {
        let key = #"k:{"containerPort":\#(port),"protocol":"TCP"}"#
        let ports: JSONValue = ["f:ports": .object(JSONObject(uniqueMembers: [.init(key: key, value: [:])]))]
        let fields: JSONValue = [
            "f:spec": ["f:template": ["f:spec": ["f:containers": [#"k:{"name":"backend"}"#: ports]]]]
        ]
        let entries = owner.map { [["manager": .string($0), "fieldsV1": fields] as JSONValue] } ?? []
        return [
            "metadata": ["resourceVersion": "1", "managedFields": .array(entries)],
            "spec": [
                "template": [
                    "spec": [
                        "containers": [
                            [
                                "name": "backend",
                                "ports": [["name": "http", "containerPort": .integer(port), "protocol": "TCP"]],
                            ]
                        ]
                    ]
                ]
            ],
        ]
    }
}
