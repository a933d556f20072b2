import JSON
import Testing

struct JSONParserTests {
    @Test(
        "a document becomes the value it means",
        arguments: [
            ("null", .null),
            (" \t\r\n true ", true),
            ("false", false),
            ("0", 0),
            ("-12", -12),
            ("123456789012345678", 123_456_789_012_345_678),
            ("9223372036854775807", .integer(.max)),
            ("-9223372036854775808", .integer(.min)),
            ("9223372036854775808", .number(JSONNumber(text: "9223372036854775808"))),
            ("-0", .number(JSONNumber(text: "-0"))),
            ("1.50", .number(JSONNumber(text: "1.50"))),
            ("1E+3", .number(JSONNumber(text: "1E+3"))),
            (#""""#, ""),
            (#""a string of more than sixteen bytes""#, "a string of more than sixteen bytes"),
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
            (#""Aé\uD83D\uDE00z""#, "Aé😀z"),
            (#""a\u0041\u00e9""#, "aAé"),
            ("\"\u{7F}é😀\"", "\u{7F}é😀"),
            ("[]", []),
            ("[1,[2,[3]]]", [1, [2, [3]]]),
            ("{}", [:]),
            (#"{"a":{"b":[]},"c":null}"#, ["a": ["b": []], "c": nil]),
        ] as [(String, JSONValue)]
    )
    func parses(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == value)
        #expect(try JSONValue(parsing: Array(text.utf8)) == value)
        #expect(try JSONValue(parsing: Array("xx\(text)yy".utf8)[2...].dropLast(2)) == value)
    }

    @Test(
        "a document that is not JSON is refused with the byte and what was expected",
        arguments: [
            ("", "byte 0: expected a value, but the document ends"),
            ("  ", "byte 2: expected a value, but the document ends"),
            ("nul", "byte 0: expected a value, found \"n\""),
            ("nuLl", "byte 0: expected a value, found \"n\""),
            ("true false", "byte 5: expected the end of the document, found \"f\""),
            ("{} \u{0}", "byte 3: expected the end of the document, found byte 0x0"),
            ("[1,]", "byte 3: expected a value, found \"]\""),
            ("[1 2]", "byte 3: expected \",\" or \"]\", found \"2\""),
            ("[1", "byte 2: expected \",\" or \"]\", but the document ends"),
            ("{,}", "byte 1: expected a key or \"}\", found \",\""),
            (#"{"a":1,}"#, "byte 7: expected a key, found \"}\""),
            (#"{"a" 1}"#, "byte 5: expected \":\", found \"1\""),
            (#"{"a":1 "b""#, "byte 7: expected \",\" or \"}\", found \"\"\""),
            ("{a:1}", "byte 1: expected a key or \"}\", found \"a\""),
            ("01", "byte 1: expected the end of the document, found \"1\""),
            ("-", "byte 1: expected a digit, but the document ends"),
            ("1.", "byte 2: expected a digit, but the document ends"),
            ("1.e3", "byte 2: expected a digit, found \"e\""),
            ("1e+", "byte 3: expected a digit, but the document ends"),
            ("+1", "byte 0: expected a value, found \"+\""),
            (".5", "byte 0: expected a value, found \".\""),
            ("NaN", "byte 0: expected a value, found \"N\""),
            (#""abc"#, "byte 4: expected the end of the string, but the document ends"),
            (#""abc\"#, "byte 5: expected an escape sequence, but the document ends"),
            (#""\x""#, "byte 2: expected an escape sequence, found \"x\""),
            (#""\u12g4""#, "byte 5: expected an escape sequence, found \"g\""),
            ("\"a\nb\"", "byte 2: control character 0xA in a string"),
            ("\"abcdefghij\u{1}\"", "byte 11: control character 0x1 in a string"),
            (#""\uD800""#, "byte 1: half of a surrogate pair"),
            (#""a\uDC00""#, "byte 2: half of a surrogate pair"),
            (#""\uD800\u0041""#, "byte 1: half of a surrogate pair"),
            (#""\uD800\n""#, "byte 1: half of a surrogate pair"),
        ]
    )
    func refuses(text: String, message: String) {
        let error = #expect(throws: JSONParseError.self) { try JSONValue(parsing: text) }
        #expect(error?.description == message)
    }

    @Test(
        "bytes that are not UTF-8 are refused where they stand",
        arguments: [
            ([0xFF], 1),
            ([0x61, 0x80], 2),
            ([0xC3], 1),
            ([0xC0, 0xAF], 1),
            ([0xED, 0xA0, 0x80], 1),
            ([0xF5, 0x80, 0x80, 0x80], 1),
            (Array("a\\n".utf8) + [0xC3], 4),
        ] as [([UInt8], Int)]
    )
    func refusesBadUTF8(content: [UInt8], offset: Int) {
        let document = [0x22] + content + [0x22]
        #expect(throws: JSONParseError.invalidUTF8(offset: offset)) { try JSONValue(parsing: document) }
        #expect(throws: JSONParseError.invalidUTF8(offset: offset + 1)) {
            try JSONValue(parsing: Array("{".utf8) + document + Array(":1}".utf8))
        }
    }

    @Test("256 levels are read and 257 refused")
    func limitsDepth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try JSONValue(parsing: nested(256))
        #expect(throws: JSONParseError.tooDeep(limit: 256, offset: 256)) { try JSONValue(parsing: nested(257)) }
        #expect(throws: JSONParseError.tooDeep(limit: 2, offset: 10)) {
            try JSONValue(parsing: #"{"a":{"b":{}}}"#, limits: JSONLimits(depth: 2))
        }
        _ = try JSONValue(parsing: "[[],[],{}]", limits: JSONLimits(depth: 2))
    }

    @Test(
        "an omitted member is as if it were not there, wherever it stands and whatever it holds",
        arguments: [
            (#"{"x":{"a":[1,{"b":"}]\"{"}]},"y":1}"#, #"{"y":1}"#),
            (#"{"y":{"x":[[],{}], "z":2}}"#, #"{"y":{"z":2}}"#),
            (#"{"x" : {} }"#, "{}"),
            (#"{"x":"text","y":[{"x":1}]}"#, #"{"x":"text","y":[{"x":1}]}"#),
        ]
    )
    func omittedKey(text: String, left: String) throws {
        #expect(try JSONValue(parsing: text, limits: JSONLimits(omittedKey: "x")).text() == left)
    }

    @Test("an omitted member that does not end is an error", arguments: ["{", "[[]", #"{"a"#, #"{"a\"#])
    func unendedOmission(value: String) {
        #expect(throws: JSONParseError.self) {
            try JSONValue(parsing: "{\"x\":\(value)", limits: JSONLimits(omittedKey: "x"))
        }
    }

    @Test("the last of equal keys wins in the first one's place, unless the limits refuse it")
    func duplicateKeys() throws {
        let text = #"{"a":1,"b":2,"\u0061":3}"#
        #expect(try JSONValue(parsing: text).text() == #"{"a":3,"b":2}"#)
        #expect(throws: JSONParseError.duplicateKey("a", offset: 13)) {
            try JSONValue(parsing: text, limits: JSONLimits(duplicateKeys: .rejected))
        }
    }

    @Test("duplicates are found among many keys too", arguments: [10, 23, 24, 25, 26, 100, 1000])
    func manyKeys(count: Int) throws {
        let keys = (0..<count).map { "a rather long key number \($0)" }
        let members = (keys + keys).enumerated().map { "\"\($1)\":\($0)" }
        let value = try JSONValue(parsing: "{\(members.joined(separator: ","))}")
        #expect(value.object?.keys == keys)
        #expect(value[keys[count - 1]] == JSONValue(2 * count - 1))
    }

    @Test("keys that Swift's strings take for equal stay apart")
    func keysByBytes() throws {
        let value = try JSONValue(parsing: #"{"\u00e9":1,"e\u0301":2,"K":3,"\u212a":4}"#)
        #expect(value.object?.count == 4)
        #expect(value["K"] == 3)
        #expect(JSONValue.string("\u{E9}") != JSONValue.string("e\u{301}"))
    }
}
