import JSON
import Testing

struct JSONPathTests {
    @Test(
        "a path prints as kubectl would write it",
        arguments: [
            ([], ""),
            (["spec", "backend", "env", "A.B", "list", 0], #"spec.backend.env["A.B"].list[0]"#),
            ([2, "a-b", "_c", ""], #"[2].a-b._c[""]"#),
            (["example.com/key", "x"], #"["example.com/key"].x"#),
            (["-a", "a\"b"], #"["-a"]["a\"b"]"#),
        ] as [(JSONPath, String)]
    )
    func prints(path: JSONPath, text: String) {
        #expect(path.description == text)
    }

    @Test("a value gives what a path leads to")
    func follows() {
        let value: JSONValue = ["a": [["b": 1]]]
        #expect(value[["a", 0, "b"] as JSONPath] == 1)
        #expect(value[["a", 1, "b"] as JSONPath] == nil)
        #expect(value[JSONPath()] == value)
        #expect(JSONPath().appending("a").appending(0) == ["a", 0])
    }
}
