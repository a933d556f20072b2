import JSON
import KubernetesAPI
import Testing

@Suite("DynamicObject")
struct DynamicObjectTests {
    @Test("managedFields are dropped, and nothing else")
    func managedFields() throws {
        let object = try DynamicObject(json: [
            "kind": "ConfigMap", "metadata": ["name": "c", "managedFields": [["manager": "x"]], "labels": ["a": "b"]],
            "data": ["k": "v"],
        ])
        let expected: JSONValue = [
            "kind": "ConfigMap", "metadata": ["name": "c", "labels": ["a": "b"]], "data": ["k": "v"],
        ]
        #expect(object.value == expected)
        #expect(object.metadata.name == "c")
    }

    @Test("An object without managedFields is kept as it is, and one without a name is refused")
    func plain() throws {
        let json: JSONValue = ["metadata": ["name": "c"], "spec": nil]
        #expect(try DynamicObject(json: json).value == json)
        #expect(throws: ObjectReadError.missing("metadata.name")) { try DynamicObject(json: ["kind": "ConfigMap"]) }
    }
}
