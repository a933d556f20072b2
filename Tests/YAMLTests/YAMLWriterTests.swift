import JSON
import KubernetesTesting
import Testing
import YAML

struct YAMLWriterTests {
    @Test("a document looks as kubectl prints it")
    func layout() {
        let value: JSONValue = [
            "apiVersion": "v1", "metadata": ["labels": ["app.kubernetes.io/name": "a"], "annotations": [:]],
            "list": [1, ["name": "x", "args": ["--a=b", "-c"]], [], [2, [3]], ["z": .null]],
            "script": "#!/bin/sh\n\necho \"hi\"\n", "no-end": "a\nb", "more": "a\n\n",
        ]
        let expected = """
            apiVersion: v1
            metadata:
              labels:
                app.kubernetes.io/name: a
              annotations: {}
            list:
            - 1
            - name: x
              args:
              - --a=b
              - -c
            - []
            - - 2
              - - 3
            - z: null
            script: |
              #!/bin/sh

              echo "hi"
            no-end: |-
              a
              b
            more: |+
              a


            """
        // The dashes make both arguments look like indicators, so they are quoted.
        let quoted = expected.replacing("- --a=b", with: "- \"--a=b\"").replacing("- -c", with: "- \"-c\"")
        #expect(YAML.text(of: value) == quoted)
    }

    @Test(
        "a string that would read back as something else is quoted",
        arguments: [
            "", "true", "yes", "y", "off", "null", "~", "1", "0x1F", "1e3", ".5", "1:20", "2001-01-01", "08", ".inf",
            "- a", "a: b", "a #b", "#a", "a:", " a", "a ", "*a", "&a", "!a", "%a", "@a", "`a", "'a", "\"a", "[a", "{a",
            "a,b", "|", ">", "?", "-", "=", "<<", "---", "...", "a\tb", "\u{85}", "\u{2028}", "\u{FEFF}a", "\r",
            "\u{0}",
            "\u{7F}", "\u{FFFF}",
        ]
    )
    func quotes(text: String) throws {
        let written = YAML.text(of: ["v": .string(text)])
        #expect(written.hasPrefix("v: \""))
        #expect(try YAML.documents(in: written).map(\.value) == [["v": .string(text)]])
    }

    @Test(
        "a string that means itself is not quoted",
        arguments: ["a", "a b", "a:b", "a#b", "é😀", "/x/y", "100m", "1.2.3-x"]
    )
    func plain(text: String) {
        #expect(YAML.text(of: ["v": .string(text)]) == "v: \(text)\n")
    }

    @Test("a document may be a simple value", arguments: [1, "a", "a\nb\n", .null, [], [:], "---"] as [JSONValue])
    func simple(value: JSONValue) throws {
        #expect(try YAML.documents(in: YAML.text(of: value)).map(\.value) == [value])
    }

    @Test("a key of thousands of bytes reads back")
    func longKey() throws {
        let value: JSONValue = .object(
            JSONObject(uniqueMembers: [.init(key: String(repeating: "k", count: 5000), value: ["a": [1, "b\nc"]])])
        )
        #expect(try YAML.documents(in: YAML.text(of: value)).map(\.value) == [value])
    }

    @Test("several documents are parted and read back")
    func stream() throws {
        let values: [JSONValue] = [["a": 1], [1, 2], "x\ny\n\n", ["b": "|"]]
        #expect(try YAML.documents(in: YAML.text(ofDocuments: values)).map(\.value) == values)
    }

    @Test("random trees read back as what was written", arguments: 1...40)
    func roundTrip(seed: UInt64) throws {
        var random = RandomJSON(seed: seed, morePieces: awkwardInYAML)
        for _ in 0..<150 {
            let value = random.value()
            let text = YAML.text(of: value)
            let readBack = try? YAML.documents(in: text).map(\.value)
            #expect(readBack == [value], "seed \(seed): \(value.text())\n\(text)")
        }
    }
}
