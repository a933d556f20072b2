import JSON
import KubernetesTesting
import Testing

struct JSONDifferencesTests {
    @Test("All places are found, in order, with what is there and what is wanted")
    func all() {
        let live: JSONValue = ["a": 1, "b": ["c": "old", "extra": true]]
        let wanted: JSONValue = ["a": 2, "b": ["c": "new"], "d": ["e": 1]]
        #expect(
            live.differences(from: wanted) == [
                JSONDifference(path: ["a"], live: 1, wanted: 2),
                JSONDifference(path: ["b", "c"], live: "old", wanted: "new"),
                JSONDifference(path: ["d"], live: nil, wanted: ["e": 1]),
            ]
        )
    }

    @Test("A list that is merged is compared by its keys, another one as a whole or element by element")
    func lists() {
        let live: JSONValue = [
            "env": [["name": "A", "value": "1"], ["name": "B", "value": "2"]], "args": ["x", "y"],
        ]
        let wanted: JSONValue = ["env": [["name": "B", "value": "3"], ["name": "C"]], "args": ["x", "z"]]
        #expect(
            live.differences(from: wanted).map(\.path.description) == ["env[0].value", "env[1]", "args[1]"]
        )
        #expect(live.differences(from: ["args": ["x"]]).map(\.path.description) == ["args"])
    }

    @Test("There is no difference if, and only if, the live object holds what is wanted")
    func agrees() {
        var random = RandomJSON(seed: 20_26)
        for _ in 0..<2_000 {
            let (live, wanted) = (random.value(depth: 3), random.value(depth: 3))
            #expect(live.differences(from: wanted).isEmpty == live.holds(wanted))
            #expect(live.differences(from: live).isEmpty)
        }
    }

    @Test("What stands for another value is no difference")
    func equivalent() {
        let live: JSONValue = ["limits": ["cpu": "1"]]
        let differences = live.differences(from: ["limits": ["cpu": "1000m"]]) { path, live, wanted in
            path.description == "limits.cpu" && live == "1" && wanted == "1000m"
        }
        #expect(differences.isEmpty)
    }
}
