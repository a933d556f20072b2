import JSON
import Testing

struct JSONSubsetTests {
    @Test(
        "a live object holds what is wanted",
        arguments: [
            (#"{"a":1,"b":2}"#, #"{"a":1}"#),
            (#"{"a":1}"#, #"{"a":1.0,"b":null,"c":{},"d":[]}"#),
            (#"{"a":null}"#, #"{"a":{}}"#),
            (#"{"env":[{"name":"x","value":"1"},{"name":"y","value":"2"}]}"#, #"{"env":[{"name":"y","value":"2"}]}"#),
            (
                #"{"containers":[{"name":"a","ports":[{"containerPort":80,"protocol":"TCP","name":"http"}]}]}"#,
                #"{"containers":[{"name":"a","ports":[{"containerPort":80}]}]}"#
            ),
            (
                #"{"spec":{"ports":[{"port":1,"protocol":"UDP"},{"port":1,"protocol":"TCP","nodePort":30000}]}}"#,
                #"{"spec":{"ports":[{"port":1,"protocol":"TCP"}]}}"#
            ),
            (#"{"volumeMounts":[{"mountPath":"/a","name":"v"}]}"#, #"{"volumeMounts":[{"mountPath":"/a"}]}"#),
            (#"{"metadata":{"finalizers":["a","b"]}}"#, #"{"metadata":{"finalizers":["b"]}}"#),
            (
                #"{"metadata":{"ownerReferences":[{"uid":"1"},{"uid":"2","kind":"A"}]}}"#,
                #"{"metadata":{"ownerReferences":[{"uid":"2"}]}}"#
            ),
            (#"{"tolerations":[{"key":"a","operator":"Exists"}]}"#, #"{"tolerations":[{"key":"a"}]}"#),
            (#"{"args":["a","b"]}"#, #"{"args":["a","b"]}"#),
        ]
    )
    func holds(live: String, wanted: String) throws {
        #expect(try JSONValue(parsing: live).firstDifference(from: try JSONValue(parsing: wanted)) == nil)
        #expect(try JSONValue(parsing: live).holds(try JSONValue(parsing: wanted)))
    }

    @Test(
        "the first thing that is lacking is named by its path",
        arguments: [
            (#"{"a":1}"#, #"{"a":2}"#, "a"),
            (#"{"a":1}"#, #"{"a":"1"}"#, "a"),
            (#"{"a":{"b":1}}"#, #"{"a":{"b":1,"c":false}}"#, "a.c"),
            (#"{"a":1}"#, #"{"a":null}"#, "a"),
            (#"{"args":["a","b"]}"#, #"{"args":["a"]}"#, "args"),
            (#"{"args":["a","b"]}"#, #"{"args":["b","a"]}"#, "args[0]"),
            (#"{"args":["a"]}"#, #"{"args":[]}"#, "args"),
            (#"{"env":[{"name":"x","value":"1"}]}"#, #"{"env":[{"name":"y"}]}"#, "env[0]"),
            (#"{"env":[{"name":"x","value":"1"}]}"#, #"{"env":[{"name":"x","value":"2"}]}"#, "env[0].value"),
            (#"{"env":[{"name":"x"},"odd"]}"#, #"{"env":[{"name":"x"}]}"#, "env"),
            (
                #"{"spec":{"ingress":[{"ports":[{"port":1},{"port":2}]}]}}"#,
                #"{"spec":{"ingress":[{"ports":[{"port":1}]}]}}"#, "spec.ingress[0].ports"
            ),
            (
                #"{"containers":[{"name":"a","ports":[{"containerPort":80,"protocol":"UDP"}]}]}"#,
                #"{"containers":[{"name":"a","ports":[{"containerPort":80}]}]}"#, "containers[0].ports[0]"
            ),
            (
                #"{"metadata":{"finalizers":["a"]}}"#, #"{"metadata":{"finalizers":["a","b"]}}"#,
                "metadata.finalizers[1]"
            ),
            (#"{"rules":[{"host":"a"},{"host":"b"}]}"#, #"{"rules":[{"host":"a"},{"host":"c"}]}"#, "rules[1].host"),
        ]
    )
    func lacks(live: String, wanted: String, path: String) throws {
        let difference = try JSONValue(parsing: live).firstDifference(from: try JSONValue(parsing: wanted))
        #expect(difference?.description == path)
    }

    @Test("a caller may let differing texts count as the same")
    func equivalence() {
        let live: JSONValue = ["cpu": "1"]
        let wanted: JSONValue = ["cpu": "1000m", "value": ""]
        var asked: [String] = []
        let holds = live.holds(wanted) { path, live, wanted in
            asked.append("\(path) \(live.text()) \(wanted.text())")
            return true
        }
        #expect(holds)
        #expect(asked == [#"cpu "1" "1000m""#, #"value null """#])
        #expect(live.firstDifference(from: wanted) == ["cpu"])
    }
}
