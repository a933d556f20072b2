import JSON
import KubernetesAPI
import Testing
import TodoAppOperator

@Suite("ConditionSet")
struct ConditionSetTests {
    private let former: JSONValue = [
        "conditions": [
            [
                "type": "Ready", "status": "False", "reason": "Pending", "message": "m", "observedGeneration": 1,
                "lastTransitionTime": "2026-01-01T00:00:00Z",
            ],
            ["type": "Gone", "status": "True"],
        ]
    ]

    private func set(former: JSONValue?) -> ConditionSet {
        ConditionSet(former: former, generation: 2, now: "2026-06-01T00:00:00Z")
    }

    @Test("A transition time stays while the status does, whatever else changes")
    func unchanged() {
        var set = self.set(former: self.former)
        set.add("Ready", .false, "RolloutInProgress", "other")
        #expect(set["Ready"]?.lastTransitionTime == "2026-01-01T00:00:00Z")
        #expect(set["Ready"]?.reason == "RolloutInProgress")
        #expect(set["Ready"]?.observedGeneration == 2)
    }

    @Test("A transition time moves with the status, also to unknown")
    func changed() {
        for status in [true, false] {
            var set = self.set(former: self.former)
            set.add("Ready", status ? .true : .unknown, "R", "m")
            #expect(set["Ready"]?.lastTransitionTime == "2026-06-01T00:00:00Z")
        }
    }

    @Test("A new condition begins now, and one that is not added again is gone")
    func membership() {
        var set = self.set(former: self.former)
        set.add("Stalled", .true, "R", "m")
        set.add("Ready", .false, "R", "m")
        #expect(set["Stalled"]?.lastTransitionTime == "2026-06-01T00:00:00Z")
        #expect(set["Gone"] == nil)
        #expect(set.json.array?.compactMap { $0["type"]?.string } == ["Stalled", "Ready"])
    }

    @Test(
        "A former status that is no list of conditions counts as none",
        arguments: [nil, "x", [:], [7]] as [JSONValue?]
    )
    func malformed(_ former: JSONValue?) {
        var set = self.set(former: former)
        set.add("Ready", .true, "R", "m")
        #expect(set["Ready"]?.lastTransitionTime == "2026-06-01T00:00:00Z")
    }
}
