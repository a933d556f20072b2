import JSON
import Testing

struct JSONGlanceTests {
    private func values(_ text: String) throws(JSONParseError) -> [String?] {
        // In the middle of other bytes.
        try JSONGlance(of: Array("xx\(text)".utf8)[2...], member: "metadata", keys: ["uid", "version"]).values
    }

    @Test(
        "Strings of a member are found wherever they stand, and nothing else is taken for them",
        arguments: [
            (#"{"kind":"X","metadata":{"name":"a","uid":"u","version":"7"},"spec":{}}"#, ["u", "7"]),
            (#"{"spec":{"uid":"no"},"metadata":{"version":"7","labels":{"uid":"no"},"uid":"é"}}"#, ["é", "7"]),
            (#"{"metadata":{"uid":7,"version":"7"}}"#, [nil, "7"]),
            (#"{"uid":"no","metadata":{}}"#, [nil, nil]),
            (#"{"metadata":"uid"}"#, [nil, nil]), ("{}", [nil, nil]), ("[]", [nil, nil]),
        ] as [(String, [String?])]
    )
    func found(text: String, expected: [String?]) throws {
        #expect(try self.values(text) == expected)
    }

    @Test("What comes behind them is not looked at")
    func noFurther() throws {
        #expect(try self.values(#"{"metadata":{"uid":"u","version":"7","x":tru"#) == ["u", "7"])
    }

    @Test(
        "What is no document before they are found is refused",
        arguments: ["", "{", #"{"metadata":{"uid":"u""#, #"{"kind":tru,"metadata":{}}"#, #"{"metadata":{}} x"#]
    )
    func refused(text: String) {
        #expect(throws: JSONParseError.self) { try self.values(text) }
    }
}
