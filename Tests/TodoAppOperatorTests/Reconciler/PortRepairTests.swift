import JSON
import Testing

@testable import TodoAppOperator

@Suite("PortRepair")
struct PortRepairTests {
    private let wanted: JSONValue = [
        "spec": ["ports": [["name": "http", "port": 8000]]]
    ]

    private func service(_ ports: JSONValue) -> JSONValue {
        ["metadata": ["resourceVersion": "7"], "spec": ["ports": ports]]
    }

    @Test("A port whose number was changed is put back in its place, and keeps the node port that Kubernetes picked")
    func service() throws {
        let live = self.service([["name": "extra", "port": 1], ["name": "http", "port": 9000, "nodePort": 30_501]])
        let patch = try #require(PortRepair.patch(for: live, wanted: self.wanted))
        let repaired = try patch.applied(to: live)
        let expected: JSONValue = [
            ["name": "extra", "port": 1], ["name": "http", "port": 8000, "nodePort": 30_501],
        ]
        #expect(repaired["spec"]?["ports"] == expected)
        var moved = live
        moved["metadata"]?["resourceVersion"] = "8"
        #expect(throws: JSONPatchError.self) { try patch.applied(to: moved) }
    }

    @Test("Where no number was changed there is nothing to repair")
    func nothing() {
        #expect(PortRepair.patch(for: self.service([["name": "http", "port": 8000]]), wanted: self.wanted) == nil)
        #expect(PortRepair.patch(for: self.service([]), wanted: self.wanted) == nil)
        #expect(PortRepair.patch(for: self.service([["name": "other", "port": 1]]), wanted: self.wanted) == nil)
        #expect(PortRepair.patch(for: ["spec": ["ports": []]], wanted: self.wanted) == nil)
    }

    @Test("A container's ports are found by the container's name")
    func container() throws {
        func pod(_ containers: JSONValue) -> JSONValue {
            ["metadata": ["resourceVersion": "7"], "spec": ["template": ["spec": ["containers": containers]]]]
        }
        let port: JSONValue = [["name": "http", "containerPort": 8000]]
        let live = pod([
            ["name": "sidecar", "ports": [["name": "http", "containerPort": 1]]],
            ["name": "app", "ports": [["name": "http", "containerPort": 9000]]],
        ])
        let wanted = pod([["name": "app", "ports": port]])
        let repaired = try #require(PortRepair.patch(for: live, wanted: wanted)).applied(to: live)
        #expect(repaired.at("spec.template.spec.containers[1].ports") == port)
        #expect(repaired.at("spec.template.spec.containers[0].ports[0].containerPort") == 1)
    }

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
