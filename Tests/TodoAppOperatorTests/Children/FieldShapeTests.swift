import JSON
import Testing
import TodoAppAPI
import TodoAppOperator

/// What the digest over a manifest's fields tells.
struct FieldShapeTests {
    @Test("Values and the order of members are no part of the shape")
    func values() {
        #expect(appliedShape(of: ["a": 1, "b": ["c": "x"]]) == appliedShape(of: ["b": ["c": "y"], "a": 2]))
    }

    @Test("A field more, a field less, or a field elsewhere is another shape")
    func fields() {
        let shapes: [JSONValue] = [
            ["a": 1], ["a": 1, "b": 1], ["a": ["b": 1]], ["a/b": 1], ["a": [1]], ["a": [1, 2]], [:], ["a": [:]],
            ["a": []],
        ]
        #expect(Set(shapes.map(appliedShape(of:))).count == shapes.count)
    }

    @Test("Elements of a list are told apart by what the API server tells them apart by")
    func elements() {
        let one: JSONValue = ["env": [["name": "A", "value": "1"], ["name": "B", "value": "2"]]]
        let other: JSONValue = ["env": [["name": "A", "value": "1"], ["name": "C", "value": "2"]]]
        let turned: JSONValue = ["env": [["name": "B", "value": "2"], ["name": "A", "value": "1"]]]
        #expect(appliedShape(of: one) != appliedShape(of: other))
        #expect(appliedShape(of: one) == appliedShape(of: turned))
    }

    @Test("Every child carries the shape of its fields, which no value changes", arguments: Sample.allCases)
    func sealed(sample: Sample) {
        let one = sample.app(in: .production)
        let other = sample.app(in: .production) { spec in
            spec.rollout.progressDeadlineSeconds = 60
            spec.backend.probes.liveness.periodSeconds = 9
        }
        for (left, right) in zip(one.sampleChildren, other.sampleChildren) {
            #expect(shape(of: left)?.string?.count == 16)
            #expect(shape(of: left) == shape(of: right))
        }
    }

    @Test("A field that stops being wanted changes the shape of its Deployment alone")
    func dropped() {
        let before = Sample.taskflow.app(in: .production) { $0.backend.nodeSelector = ["disk": "ssd"] }.sampleChildren
        let after = Sample.taskflow.app(in: .production).sampleChildren
        let changed = zip(before, after).filter { shape(of: $0.0) != shape(of: $0.1) }.map(\.1.name)
        #expect(changed == ["taskflow-backend"])
    }

    private func shape(of child: Child) -> JSONValue? {
        child.manifest["metadata"]?["annotations"]?[ChildAnnotation.appliedFields]
    }
}
