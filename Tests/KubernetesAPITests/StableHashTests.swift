import JSON
import KubernetesAPI
import Testing

struct StableHashTests {
    private func hash(_ body: (inout StableHash) -> Void) -> UInt64 {
        var hash = StableHash()
        body(&hash)
        return hash.value
    }

    @Test("A text has the same hash in every process, which is what replicas of several versions agree on")
    func stable() {
        #expect(self.hash { _ in } == 0xefd0_1f60_ba99_2926)
        #expect(self.hash { $0.combine("todo-app/taskflow") } == 0xd628_23b9_5b5a_aa02)
    }

    @Test("Values that differ have hashes that differ")
    func values() {
        let values: [JSONValue] = [
            nil, true, false, 0, 1, 1.5, "", "null", "1", [], [[]], ["a"], ["a", "b"], ["ab"], [:], ["a": "b"],
            ["a": ["b": nil]],
            ["a": nil, "b": nil],
        ]
        #expect(Set(values.map { value in self.hash { $0.combine(value) } }).count == values.count)
    }
}
