import JSON
import KubernetesAPI
import Testing

@Suite("Condition")
struct ConditionTests {
    @Test("What is written is what is read", arguments: ["True", "False", "Unknown"])
    func roundTrip(_ status: String) throws {
        let json: JSONValue = [
            "type": "Ready", "status": .string(status), "observedGeneration": 4, "reason": "R", "message": "m",
            "lastTransitionTime": "2026-01-01T00:00:00Z",
        ]
        let condition = try #require(Condition(json: json))
        #expect(condition.status.rawValue == status)
        #expect(condition.json == json)
    }

    @Test("A status that Kubernetes does not know is unknown, and what is missing is empty")
    func partial() throws {
        let condition = try #require(Condition(json: ["type": "Ready", "status": "Maybe"]))
        #expect(condition.status == .unknown)
        #expect(condition.reason.isEmpty && condition.lastTransitionTime.isEmpty)
        #expect(condition.observedGeneration == 0)
    }

    @Test("Without a type it is none")
    func typeless() {
        #expect(Condition(json: ["status": "True"]) == nil)
        #expect(Condition(json: "Ready") == nil)
    }
}
