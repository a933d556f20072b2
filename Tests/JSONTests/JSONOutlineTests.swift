import JSON
import Testing

struct JSONOutlineTests {
    private func read(_ text: String, _ outline: JSONOutline) throws -> JSONValue {
        PackedJSON(try JSONValue(parsing: text)).value(within: outline)
    }

    @Test(
        "Of a document there is what the outline names, with all that lies in it",
        arguments: [
            (#"{"a":{"b":1,"c":{"d":[2]}},"e":3}"#, #"{"a":{"c":{"d":[2]}},"e":3}"#),
            (#"{"e":{"f":"}"},"x":[{"a":1}],"a":{}}"#, #"{"e":{"f":"}"},"a":{}}"#),
            // A path goes on through the elements of an array.
            (#"{"a":[{"c":1,"b":2},7,{"b":[{"c":3}]}]}"#, #"{"a":[{"c":1},7,{}]}"#),
            (#"{"a":"text"}"#, #"{"a":"text"}"#), (#"{"a":[]}"#, #"{"a":[]}"#),
            ("[1]", "[1]"), ("7", "7"), ("{}", "{}"),
        ]
    )
    func parts(text: String, expected: String) throws {
        #expect(try self.read(text, JSONOutline(["a", "c"], ["e"])) == JSONValue(parsing: expected))
    }

    @Test("An outline of nothing, and one that names a part beside the whole of it")
    func edges() throws {
        let text = #"{"a":{"b":1,"c":2},"d":3}"#
        #expect(try self.read(text, JSONOutline()) == JSONValue(parsing: text))
        let both = JSONOutline(["a", "b"], ["a", "c"])
        #expect(try self.read(text, both) == JSONValue(parsing: #"{"a":{"b":1,"c":2}}"#))
    }
}
