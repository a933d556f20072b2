import JSON
import KubernetesTesting
import Testing

struct JSONMergeTests {
    // The cases of RFC 7386, appendix A.
    @Test(
        "a merge patch gives what the RFC's examples give",
        arguments: [
            (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
            (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
            (#"{"a":"b"}"#, #"{"a":null}"#, "{}"),
            (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
            (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
            (#"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":["b"]}"#),
            (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
            (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#),
            (#"["a","b"]"#, #"["c","d"]"#, #"["c","d"]"#),
            (#"{"a":"b"}"#, #"["c"]"#, #"["c"]"#),
            (#"{"a":"foo"}"#, "null", "null"),
            (#"{"e":null}"#, #"{"a":1}"#, #"{"e":null,"a":1}"#),
            ("[1,2]", #"{"a":"b","c":null}"#, #"{"a":"b"}"#),
            ("{}", #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
        ]
    )
    func merges(document: String, patch: String, expected: String) throws {
        let result = try JSONValue(parsing: document).merging(try JSONValue(parsing: patch))
        #expect(result == (try JSONValue(parsing: expected)))
    }

    @Test("the difference names only what changes")
    func difference() {
        let old: JSONValue = ["a": 1, "b": ["c": 2, "d": 3], "e": [1], "gone": 0]
        let new: JSONValue = ["a": 1, "b": ["c": 2, "d": 4], "e": [1, 2], "n": [:]]
        let patch = JSONValue.difference(from: old, to: new)
        #expect(patch == ["gone": .null, "b": ["d": 4], "e": [1, 2], "n": [:]])
        #expect(JSONValue.difference(from: new, to: new) == [:])
        #expect(JSONValue.difference(from: ["a": 1], to: ["a": [:]]) == ["a": [:]])
    }

    @Test("a document merged with its difference to another is that other", arguments: 1...10)
    func roundTrip(seed: UInt64) {
        var random = RandomJSON(seed: seed)
        for _ in 0..<200 {
            let old = Self.withoutNulls(random.value())
            let new = Self.withoutNulls(random.value())
            #expect(old.merging(JSONValue.difference(from: old, to: new)) == new, "seed \(seed)")
        }
    }

    private static func withoutNulls(_ value: JSONValue) -> JSONValue {
        guard case .object(let object) = value else { return value }
        var result = JSONObject()
        for member in object where !member.value.isNull {
            result[member.key] = self.withoutNulls(member.value)
        }
        return .object(result)
    }
}
