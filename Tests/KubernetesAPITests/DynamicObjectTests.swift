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

    @Test("Of an object that comes as bytes the metadata is read, and the rest when it is asked for")
    func bytes() throws {
        let json: JSONValue = [
            "kind": "ConfigMap", "metadata": ["name": "c", "managedFields": [["manager": "x"]], "labels": ["a": "b"]],
            "data": ["k": "v"],
        ]
        let object = try DynamicObject(parsing: json.bytes()[...])
        #expect(try object == DynamicObject(json: json))
        #expect(object.metadata.labels == ["a": "b"])
        #expect(object.packed == PackedJSON(object.value))
        #expect(throws: JSONParseError.self) { try DynamicObject(parsing: Array("{\"a\":tru}".utf8)[...]) }
    }

    @Test(
        "Bytes that are no object of Kubernetes' have no name, which is told when it is needed",
        arguments: ["{}", "[]", "7"]
    )
    func nameless(text: String) throws {
        let object = try DynamicObject(parsing: Array(text.utf8)[...])
        #expect(object.metadata.name.isEmpty)
        #expect(throws: ObjectReadError.missing("metadata.name")) { try object.named() }
    }
}
