import JSON
import Testing
import YAML

struct YAMLScalarTests {
    private static func value(_ text: String) throws -> JSONValue? {
        try YAML.documents(in: "v: \(text)").first?.value["v"]
    }

    // The table follows go-yaml's, through which kubectl reads.
    @Test(
        "a plain scalar is what kubectl takes it for",
        arguments: [
            ("", .null), ("~", .null), ("null", .null), ("Null", .null), ("NULL", .null), ("nULL", "nULL"),
            ("true", true), ("True", true), ("TRUE", true), ("tRue", "tRue"), ("yes", true), ("Yes", true),
            ("on", true), ("y", true), ("Y", true), ("false", false), ("no", false), ("NO", false), ("off", false),
            ("n", false), ("yep", "yep"),
            ("0", 0), ("-0", 0), ("7", 7), ("+7", 7), ("-10", -10), ("685_230", 685_230), ("+685_230", 685_230),
            ("02472256", 685_230), ("0o17", 15), ("0x_0A_74_AE", 685_230), ("-0x10", -16), ("0b1010", 10),
            ("-0b101010", -42), ("010", 8), ("08", 8), ("00", 0), ("0777", 511),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("18446744073709551615", .number(JSONNumber(text: "18446744073709551615"))),
            ("18446744073709551616", JSONValue(18_446_744_073_709_551_616.0)),
            ("0.1", 0.1), (".1", 0.1), ("-.1", -0.1), ("1.", 1), ("1.0", 1), ("1e3", 1000), ("123456e1", 1_234_560),
            ("6.8523e+5", 685_230), ("685.230_15e+03", 685_230.15), ("1e400", "1e400"), ("1e", "1e"), (".", "."),
            ("0x", "0x"), ("0b12", "0b12"), ("0xZZ", "0xZZ"), ("1.2.3", "1.2.3"), ("1:20", "1:20"), ("-b_c", "-b_c"),
            ("50cent_of_dollar", "50cent_of_dollar"), ("_1", "_1"), ("2015-01-01", "2015-01-01"),
            ("2015-02-24T18:19:39Z", "2015-02-24T18:19:39Z"), ("100m", "100m"), ("1Gi", "1Gi"), ("v1.2", "v1.2"),
        ] as [(String, JSONValue)]
    )
    func plain(text: String, value: JSONValue) throws {
        #expect(try Self.value(text) == value)
    }

    @Test("a quoted scalar is a string whatever it looks like", arguments: ["true", "1", "null", "", "0x1", "<<"])
    func quoted(text: String) throws {
        #expect(try Self.value("'\(text)'") == .string(text))
        #expect(try Self.value("\"\(text)\"") == .string(text))
        #expect(try Self.value("! \(text)") == .string(text))
    }

    @Test(
        "an explicit tag decides",
        arguments: [
            ("!!str 1", "1"), ("!!str", ""), ("!!int '0x10'", 16), ("!!float 1", 1), ("!!float '1.5'", 1.5),
            ("!!bool 'yes'", true), ("!!null ''", .null), ("!!timestamp 2015-01-01", "2015-01-01"),
            ("!!map {a: 1}", ["a": 1]), ("!!seq [1]", [1]),
        ] as [(String, JSONValue)]
    )
    func tagged(text: String, value: JSONValue) throws {
        #expect(try Self.value(text) == value)
    }

    @Test(
        "a tag that JSON has nothing for, or that does not fit, is refused with its place",
        arguments: [
            ("!!binary gIGC", "line 1, column 4: unsupported tag tag:yaml.org,2002:binary"),
            ("!Ref x", "line 1, column 4: unsupported tag !Ref"),
            ("!!set {a}", "line 1, column 4: unsupported tag tag:yaml.org,2002:set"),
            ("!x [1]", "line 1, column 4: unsupported tag !x"),
            ("!!int abc", "line 1, column 4: \"abc\" is not of type !!int"),
            ("!!int 1.5", "line 1, column 4: \"1.5\" is not of type !!int"),
            ("!!bool 1", "line 1, column 4: \"1\" is not of type !!bool"),
            (".inf", "line 1, column 4: \".inf\" is not a number that JSON has"),
            ("-.INF", "line 1, column 4: \"-.INF\" is not a number that JSON has"),
            (".NaN", "line 1, column 4: \".NaN\" is not a number that JSON has"),
        ]
    )
    func refused(text: String, message: String) {
        let error = #expect(throws: YAMLError.self) { try Self.value(text) }
        #expect(error?.description == message)
    }
}
