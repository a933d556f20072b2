import JSON
import Testing

struct JSONPatchTests {
    @Test(
        "each operation changes what it should",
        arguments: [
            ([.add(JSONPointer(["b"]), 2)], #"{"a":[1,2],"b":2}"#),
            ([.add(JSONPointer(["a", "0"]), 0)], #"{"a":[0,1,2]}"#),
            ([.add(JSONPointer(["a", "-"]), 3)], #"{"a":[1,2,3]}"#),
            ([.add(JSONPointer([]), 3)], "3"),
            ([.remove(JSONPointer(["a", "1"]))], #"{"a":[1]}"#),
            ([.remove(JSONPointer(["a"]))], "{}"),
            ([.replace(JSONPointer(["a", "1"]), "x")], #"{"a":[1,"x"]}"#),
            ([.test(JSONPointer(["a"]), [1, 2]), .replace(JSONPointer(["a"]), .null)], #"{"a":null}"#),
        ] as [([JSONPatch.Operation], String)]
    )
    func applies(operations: [JSONPatch.Operation], expected: String) throws {
        #expect(try JSONPatch(operations).applied(to: ["a": [1, 2]]).text() == expected)
    }

    @Test(
        "an operation that does not fit fails and says where",
        arguments: [
            (.add(JSONPointer(["a", "3"]), 0), .notFound(JSONPointer(["a", "3"]))),
            (.add(JSONPointer(["a", "01"]), 0), .notFound(JSONPointer(["a", "01"]))),
            (.add(JSONPointer(["x", "y"]), 0), .notFound(JSONPointer(["x", "y"]))),
            (.remove(JSONPointer(["x"])), .notFound(JSONPointer(["x"]))),
            (.remove(JSONPointer(["a", "-"])), .notFound(JSONPointer(["a", "-"]))),
            (.replace(JSONPointer(["x"]), 0), .notFound(JSONPointer(["x"]))),
            (.replace(JSONPointer(["a", "0", "y"]), 0), .notFound(JSONPointer(["a", "0", "y"]))),
            (.test(JSONPointer(["a", "0"]), 2), .testFailed(JSONPointer(["a", "0"]))),
        ] as [(JSONPatch.Operation, JSONPatchError)]
    )
    func fails(operation: JSONPatch.Operation, error: JSONPatchError) {
        #expect(throws: error) { try JSONPatch([operation]).applied(to: ["a": [1, 2]]) }
    }

    @Test("a patch is written as the API server reads it")
    func writes() {
        let patch = JSONPatch([
            .test(JSONPointer(["metadata", "annotations", "a/b~c"]), "x"), .remove(JSONPointer(["spec"])),
        ])
        let expected =
            #"[{"op":"test","path":"/metadata/annotations/a~1b~0c","value":"x"},{"op":"remove","path":"/spec"}]"#
        #expect(patch.value.text() == expected)
    }

    @Test(
        "a pointer is read back from what it prints",
        arguments: [[], [""], ["a", "b/c", "d~e", "~1"], ["", "0", "é"]]
    )
    func pointers(tokens: [String]) {
        #expect(JSONPointer(parsing: JSONPointer(tokens).description)?.tokens == tokens)
    }

    @Test("a text that is not a pointer is refused", arguments: ["a", "/a~", "/~2"])
    func badPointers(text: String) {
        #expect(JSONPointer(parsing: text) == nil)
    }
}
