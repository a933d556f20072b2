import JSON
import Testing

@testable import TodoAppOperator

@Suite("FieldOwnership")
struct FieldOwnershipTests {
    private func entry(_ manager: String, _ operation: String, subresource: String? = nil) -> JSONValue {
        var entry: JSONValue = ["manager": .string(manager), "operation": .string(operation), "fieldsV1": [:]]
        entry["subresource"] = subresource.map { .string($0) }
        return entry
    }

    private func object(_ entries: [JSONValue]) -> JSONValue {
        ["metadata": ["name": "a", "uid": "u", "resourceVersion": "7", "managedFields": .array(entries)]]
    }

    private func patch(_ entries: [JSONValue]) -> JSONPatch? {
        FieldOwnership.patchTurningUpdateIntoApply(of: self.object(entries), by: "op")
    }

    @Test("The entry that a POST left becomes one of an apply, as it was looked at and no other")
    func turned() throws {
        let entries = [self.entry("kubectl", "Update"), self.entry("op", "Update")]
        let patch = try #require(self.patch(entries))
        let expected: JSONValue = [
            ["op": "test", "path": "/metadata/uid", "value": "u"],
            ["op": "test", "path": "/metadata/managedFields/1", "value": entries[1]],
            ["op": "replace", "path": "/metadata/managedFields/1/operation", "value": "Apply"],
        ]
        #expect(patch.value == expected)
        let turned = try patch.applied(to: self.object(entries))
        #expect(turned == self.object([self.entry("kubectl", "Update"), self.entry("op", "Apply")]))
        let moved = self.object([self.entry("op", "Update"), self.entry("kubectl", "Update")])
        #expect(throws: JSONPatchError.self) { try patch.applied(to: moved) }
        var other = self.object(entries)
        other["metadata"]?["uid"] = "v"
        #expect(throws: JSONPatchError.self) { try patch.applied(to: other) }
        var busy = self.object(entries)
        busy["metadata"]?["resourceVersion"] = "8"
        #expect(throws: Never.self) { try patch.applied(to: busy) }
    }

    @Test("Where there is nothing to turn there is no patch")
    func nothing() {
        #expect(self.patch([]) == nil)
        #expect(self.patch([self.entry("kubectl", "Update")]) == nil)
        #expect(self.patch([self.entry("op", "Apply")]) == nil)
        #expect(self.patch([self.entry("op", "Update"), self.entry("op", "Apply")]) == nil)
        #expect(FieldOwnership.patchTurningUpdateIntoApply(of: ["metadata": ["name": "a"]], by: "op") == nil)
    }

    @Test("What was written to a sub-resource is none of it")
    func subresource() {
        #expect(self.patch([self.entry("op", "Update", subresource: "status")]) == nil)
        #expect(self.patch([self.entry("op", "Update"), self.entry("op", "Apply", subresource: "status")]) != nil)
    }

    @Test("The number of pods is struck from every own entry that names it, as they were looked at")
    func lettingGo() throws {
        func entry(_ manager: String, _ operation: String, _ fields: JSONValue) -> JSONValue {
            ["manager": .string(manager), "operation": .string(operation), "fieldsV1": ["f:spec": fields]]
        }
        let object = self.object([
            entry("op", "Update", ["f:replicas": [:], "f:paused": [:]]),
            entry("kubectl", "Update", ["f:replicas": [:]]),
            entry("op", "Apply", ["f:replicas": [:]]),
        ])
        let patch = try #require(FieldOwnership.patchLettingGoOfReplicas(of: object, by: "op"))
        let expected = self.object([
            entry("op", "Update", ["f:paused": [:]]),
            entry("kubectl", "Update", ["f:replicas": [:]]),
            entry("op", "Apply", [:]),
        ])
        #expect(try patch.applied(to: object) == expected)
        #expect(FieldOwnership.patchLettingGoOfReplicas(of: expected, by: "op") == nil)
        var other = object
        other["metadata"]?["uid"] = "v"
        #expect(throws: JSONPatchError.self) { try patch.applied(to: other) }
    }
}
