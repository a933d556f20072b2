import JSON
import Testing

struct JSONExcerptTests {
    private func excerpt(_ text: String) throws(JSONParseError) -> JSONExcerpt {
        // In the middle of other bytes, as an item of a list is.
        let bytes = Array("xx\(text)yy".utf8)
        return try JSONExcerpt(
            of: bytes[2...].dropLast(2),
            member: "metadata",
            limits: JSONLimits(depth: 6, omittedKey: "managedFields")
        )
    }

    @Test(
        "A member is read, and the document is kept without what is left out of that member",
        arguments: [
            (#"{"metadata":{"name":"a"},"spec":{"x":[1,{"y":null}]}}"#, #"{"name":"a"}"#),
            (#"{"metadata":{"managedFields":[{"a":"]"}],"name":"a"}}"#, #"{"name":"a"}"#),
            (#"{"metadata":{"name":"a","managedFields":[{"a":"}"}]},"spec":1}"#, #"{"name":"a"}"#),
            (#"{"metadata":{"name":"a","managedFields":{},"uid":"u"}}"#, #"{"name":"a","uid":"u"}"#),
            (#"{"metadata":{"managedFields":[]}}"#, "{}"),
            (#"{"metadata":{"managedFields":[],"managedFields":[]}}"#, "{}"),
            (#"{"metadata":{"name":"a","managedFields":[],"managedFields":[]}}"#, #"{"name":"a"}"#),
            ("{ \"spec\" : 1 , \"metadata\" : { \"name\" : \"a\" ,\n \"managedFields\" : [ ] } }", #"{"name":"a"}"#),
            (#"{"metadata":{"managedFields":"a word"}}"#, #"{"managedFields":"a word"}"#),
            (#"{"metadata":7}"#, "7"),
            (#"{"spec":{"metadata":{"managedFields":[]}}}"#, nil),
            ("{}", nil), ("[1,2]", nil), ("\"metadata\"", nil), (" null ", nil),
        ] as [(String, String?)]
    )
    func reads(text: String, member: String?) throws {
        let excerpt = try self.excerpt(text)
        let expected = try member.map { try JSONValue(parsing: $0) }
        #expect(excerpt.member == expected)
        var whole = try JSONValue(parsing: text)
        if let expected { whole["metadata"] = expected }
        #expect(excerpt.document.value == whole)
    }

    @Test(
        "What is passed over must be sound, and is refused in the parser's words",
        arguments: [
            "", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{\"a\" 1}", "{,}", "{1:2}",
            "{\"a\":1 \"b\":2}",
            "{\"a\":[", "{\"a\":[1", "{\"a\":[1,", "{\"a\":[1,]}", "{\"a\":[,1]}", "{\"a\":[1 2]}",
            "{\"a\":{\"b\":tru}}",
            "{\"a\":01}", "{\"a\":\"", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12g4\"}", "{\"a\":\"\\ud800\"}",
            "{\"a\":\"\u{1}\"}",
            "{\"a\":[[[[[[1]]]]]]}", "{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"f\":{}}}}}}}", "{} {}", "[1] 2", "nul",
        ]
    )
    func refuses(text: String) {
        #expect(throws: JSONParseError.self) { try self.excerpt(text) }
        var errors: [JSONParseError] = []
        do throws(JSONParseError) { _ = try self.excerpt(text) } catch { errors.append(error) }
        do throws(JSONParseError) { _ = try JSONValue(parsing: Array(text.utf8), limits: JSONLimits(depth: 6)) } catch {
            errors.append(error)
        }
        #expect(errors.count == 2)
        #expect(errors.first == errors.last)
    }

    @Test("Bytes that are no UTF-8 are refused, wherever they stand")
    func encoding() {
        let bytes = Array("{\"spec\":\"".utf8) + [0xC3, 0x28] + Array("\"}".utf8)
        #expect(throws: JSONParseError.invalidUTF8(offset: 9)) {
            try JSONExcerpt(of: bytes[...], member: "metadata")
        }
    }

    @Test(
        "An envelope's label is read, and its content found, in whatever order",
        arguments: [
            (#"{"type":"ADDED","object":{"a":["}"]}}"#, "ADDED", #"{"a":["}"]}"#),
            (#" { "object" : [1] , "other" : {} , "type" : "X" } "#, "X", "[1]"),
            (#"{"object":"text"}"#, nil, #""text""#), (#"{"type":"X"}"#, "X", nil), ("[]", nil, nil),
        ] as [(String, String?, String?)]
    )
    func envelope(text: String, label: String?, content: String?) throws {
        let bytes = Array("xx\(text)".utf8)
        let envelope = try JSONEnvelope(of: bytes[2...], label: "type", content: "object")
        #expect(envelope.label?.string == label)
        #expect(envelope.content.map { String(decoding: $0, as: UTF8.self) } == content)
    }

    @Test("Content that is taken for the last is all up to the closing brace, where the label came before it")
    func lastContent() throws {
        func content(_ text: String) throws -> String? {
            let bytes = Array("xx\(text)".utf8)
            let envelope = try JSONEnvelope(of: bytes[2...], label: "type", content: "object", isContentLast: true)
            return envelope.content.map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(try content(#"{"type":"X","object":{"a":["}"]}}"#) == #"{"a":["}"]}"#)
        #expect(try content("{\"type\":\"X\",\"object\": {} } \n") == "{} ")
        // Who believes it though something comes behind gets what is no document.
        #expect(try content(#"{"type":"X","object":{},"more":{}}"#) == #"{},"more":{}"#)
        #expect(try content(#"{"object":{},"type":"X"}"#) == "{}")
        #expect(throws: JSONParseError.self) { try content(#"{"type":"X","object":{"#) }
    }

    @Test(
        "An envelope that is not closed is refused",
        arguments: [#"{"object":{}"#, #"{"object":{"#, #"{"type":}"#, "x"]
    )
    func openEnvelope(text: String) {
        #expect(throws: JSONParseError.self) {
            try JSONEnvelope(of: Array(text.utf8)[...], label: "type", content: "object")
        }
    }
}
