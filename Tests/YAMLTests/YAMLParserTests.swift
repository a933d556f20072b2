import JSON
import KubernetesTesting
import Testing
import YAML

struct YAMLParserTests {
    private static func values(_ text: String, limits: YAMLLimits = .standard) throws -> [JSONValue] {
        try YAML.documents(in: text, limits: limits).map(\.value)
    }

    @Test(
        "a document stands for the JSON it should",
        arguments: [
            ("a: {b: [1, two]}\nc:\n- d\n-   e: f\n", ["a": ["b": [1, "two"]], "c": ["d", ["e": "f"]]]),
            ("a: |\n  x\n  y\nb: >-\n  x\n  y\n", ["a": "x\ny\n", "b": "x y"]),
            ("1: a\n2.5: b\ntrue: c\nyes_: d\n0x10: e\n", ["1": "a", "2.5": "b", "true": "c", "yes_": "d", "16": "e"]),
            ("a: &x {b: 1}\nc: *x\nd: [*x]\n", ["a": ["b": 1], "c": ["b": 1], "d": [["b": 1]]]),
            ("a: &x 1\nb: &x 2\nc: *x\n", ["a": 1, "b": 2, "c": 2]),
            ("base: &b {x: 1, z: 2}\nv:\n  <<: *b\n  z: 3\n", ["base": ["x": 1, "z": 2], "v": ["x": 1, "z": 3]]),
            ("base: &b {x: 1, z: 2}\nv:\n  z: 3\n  <<: *b\n", ["base": ["x": 1, "z": 2], "v": ["z": 3, "x": 1]]),
            ("v:\n  <<: [{x: 1}, {x: 2, z: 2}]\n", ["v": ["x": 1, "z": 2]]),
            ("'<<': 1\n", ["<<": 1]),
            (#"{"a": "é\n\/", "b": [1.5, null, true]}"#, ["a": "é\n/", "b": [1.5, .null, true]]),
            (#"{"a": "\uD83D\uDE00"}"#, ["a": "😀"]),
            ("\u{FEFF}a: 1", ["a": 1]),
            ("a: \"x\\0y\"", ["a": "x\u{0}y"]),
        ] as [(String, JSONValue)]
    )
    func parses(text: String, value: JSONValue) throws {
        #expect(try Self.values(text) == [value])
    }

    @Test("a stream has its documents, and empty ones are passed over")
    func documents() throws {
        #expect(try Self.values("") == [])
        #expect(try Self.values("# nothing\n---\n---\n# no\n...\n") == [])
        #expect(try Self.values("---\na: 1\n---\n\n---\nb: 2\n...\n---\n- 3\n") == [["a": 1], ["b": 2], [3]])
        #expect(try YAML.documents(in: "a: 1\n---\n# b\n\nb: 2\n").map(\.firstLine) == [1, 5])
    }

    @Test(
        "what is not YAML that stands for JSON is refused on one line with its place",
        arguments: [
            ("a: 1\nb: 2\na: 3\n", "line 3, column 1: duplicate key \"a\""),
            ("1: a\n'1': b\n", "line 2, column 1: duplicate key \"1\""),
            ("? [a]\n: b\n", "line 1, column 3: a key must be a string, a number or a boolean"),
            ("~: b\n", "line 1, column 1: a key must be a string, a number or a boolean"),
            ("a: *x\n", "line 1, column 4: unknown anchor \"x\""),
            ("a: &x [*x]\n", "line 1, column 8: unknown anchor \"x\""),
            ("a: 1\n---\nb: *x\n", "line 3, column 4: unknown anchor \"x\""),
            ("a:\n  <<: 1\n", "line 2, column 7: the value of \"<<\" must be a mapping or a list of mappings"),
            ("a: [1\nb: 2\n", "line 2, column 2: did not find expected ',' or ']' while parsing a flow sequence"),
            ("a: b: c\n", "line 1, column 5: mapping values are not allowed in this context"),
            (
                "a:\n\tb: 1\n",
                "line 2, column 1: found character that cannot start any token while scanning for the next token"
            ),
            (#"{"a":1,"a":2}"#, "line 1, column 8: duplicate key \"a\""),
        ]
    )
    func refuses(text: String, message: String) {
        let error = #expect(throws: YAMLError.self) { try Self.values(text) }
        #expect(error?.description == message)
    }

    @Test("a duplicate is found among many keys too", arguments: [15, 16, 17, 18, 500])
    func manyKeys(count: Int) throws {
        let lines = (0..<count).map { "key\($0): \($0)\n" }
        #expect(try Self.values(lines.joined())[0].object?.count == count)
        for duplicate in [0, count / 2, count - 1] {
            let place = YAMLLocation(line: count + 1, column: 1)
            #expect(throws: YAMLError.duplicateKey("key\(duplicate)", at: place)) {
                try Self.values((lines + [lines[duplicate]]).joined())
            }
        }
    }

    @Test("bytes that are not UTF-8 are refused on the line where they stand")
    func badUTF8() {
        let error = #expect(throws: YAMLError.self) {
            try YAML.documents(in: Array("a: 1\nb: ".utf8) + [0xFF] + Array("\n".utf8))
        }
        #expect(error?.location == YAMLLocation(line: 2, column: 4))
    }

    @Test("each limit holds")
    func limits() throws {
        let start = YAMLLocation(line: 1, column: 1)
        #expect(throws: YAMLError.limit(.size, of: 3, at: start)) {
            try Self.values("a: 1", limits: YAMLLimits(size: 3))
        }
        let third = YAMLLocation(line: 3, column: 1)
        #expect(throws: YAMLError.limit(.documents, of: 1, at: third)) {
            try Self.values("--- 1\n# x\n--- 2\n", limits: YAMLLimits(documents: 1))
        }
        let nested = { (depth: Int) in String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
        #expect(try Self.values(nested(100)).count == 1)
        #expect(throws: YAMLError.limit(.depth, of: 100, at: YAMLLocation(line: 1, column: 101))) {
            try Self.values(nested(101))
        }
        #expect(throws: YAMLError.limit(.depth, of: 3, at: YAMLLocation(line: 2, column: 6))) {
            try Self.values("a: &x [[1]]\nb: [[*x]]", limits: YAMLLimits(depth: 3))
        }
    }

    @Test("a billion laughs end early")
    func billionLaughs() {
        var text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
        for level in 1...9 {
            let alias = "*a\(level - 1)"
            text += "a\(level): &a\(level) [\(Array(repeating: alias, count: 10).joined(separator: ", "))]\n"
        }
        let error = #expect(throws: YAMLError.self) { try Self.values(text) }
        #expect(error?.description.hasSuffix("more than 100000 values through aliases") == true)
    }

    @Test("each part of a document knows where it is written")
    func locations() throws {
        let text = """
            kind: TodoApp
            spec:
              env: &e
                A.B: x
              list:
              - 1
              -   name: y
              copy: *e
            """
        let document = try #require(try YAML.documents(in: text).first)
        let places: [(JSONPath, Int, Int)] = [
            ([], 1, 1), (["kind"], 1, 1), (["spec", "env"], 3, 3), (["spec", "env", "A.B"], 4, 5),
            (["spec", "list", 0], 6, 5), (["spec", "list", 1, "name"], 7, 7), (["spec", "copy"], 8, 3),
            (["spec", "copy", "A.B"], 4, 5),
        ]
        for (path, line, column) in places {
            #expect(document.location(of: path) == YAMLLocation(line: line, column: column), "\(path)")
        }
        #expect(document.location(of: ["spec", "nothing"]) == nil)
        #expect(document.location(of: ["spec", "list", 2]) == nil)
        #expect(document.nearestLocation(to: ["spec", "list", 2, "x"]) == YAMLLocation(line: 5, column: 3))
    }

    @Test("damaged streams are read or refused, never a crash", arguments: 1...20)
    func survivesDamage(seed: UInt64) {
        var random = RandomJSON(seed: seed, morePieces: awkwardInYAML)
        for _ in 0..<100 {
            var bytes = Array(YAML.text(ofDocuments: [random.value(), random.value()]).utf8)
            for _ in 0..<3 where !bytes.isEmpty {
                let index = Int.random(in: bytes.indices, using: &random.generator)
                let pieces = Array("-:[]{}&*!|>'\"%@#,? \n\t\u{0}é".utf8)
                bytes[index] = pieces.randomElement(using: &random.generator) ?? 0
            }
            do {
                _ = try YAML.documents(in: bytes)
            } catch {
                #expect(!error.description.contains("\n"), "seed \(seed)")
                #expect(error.location.line >= 1, "seed \(seed)")
            }
        }
    }
}
