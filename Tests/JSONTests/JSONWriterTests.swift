import JSON
import Testing

struct JSONWriterTests {
    private let value: JSONValue = ["b": [1, -2, 10], "a": ["x": .null, "e": [:], "f": []], "c": 0.5]

    @Test("the compact style has no white space and keeps the order")
    func compact() {
        #expect(self.value.text() == #"{"b":[1,-2,10],"a":{"x":null,"e":{},"f":[]},"c":0.5}"#)
    }

    @Test("the canonical style sorts the members at every level")
    func canonical() {
        #expect(self.value.text(.canonical) == #"{"a":{"e":{},"f":[],"x":null},"b":[1,-2,10],"c":0.5}"#)
    }

    @Test("the pretty style gives each member and element a line")
    func pretty() {
        let expected = """
            {
              "b": [
                1,
                -2,
                10
              ],
              "a": {
                "x": null,
                "e": {},
                "f": []
              },
              "c": 0.5
            }
            """
        #expect(self.value.text(.pretty) == expected)
    }

    @Test("strings are escaped where JSON asks for it and nowhere else")
    func escapes() {
        let text = "\"\\/\u{8}\u{C}\n\r\t\u{0}\u{1F}\u{7F}é😀\u{2028}"
        let expected = #""\"\\/\b\f\n\r\t\u0000\u001f"# + "\u{7F}é😀\u{2028}\""
        #expect(JSONValue.string(text).text() == expected)
    }

    @Test("what is not a number in JSON becomes null")
    func notANumber() {
        #expect(JSONValue(Double.infinity) == .null)
        #expect(JSONValue(1e300).text() == "1e+300")
        #expect(JSONValue(3.0) == 3)
    }

    @Test("number texts come out as they went in", arguments: ["1.50", "1E+3", "-0", "18446744073709551615"])
    func numberTexts(text: String) throws {
        #expect(try JSONValue(parsing: text).text() == text)
    }
}
