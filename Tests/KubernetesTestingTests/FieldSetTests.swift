import JSON
import Testing

@testable import KubernetesTesting

struct FieldSetTests {
    private static let books: JSONValue = [
        "f:metadata": ["f:labels": [".": [:], "f:app": [:]]],
        "f:spec": ["f:containers": ["k:{\"name\":\"web\"}": [".": [:], "f:image": [:]]], "f:replicas": [:]],
    ]

    @Test func booksComeBackAsTheyWere() {
        #expect(FieldSet(fieldsV1: Self.books).fieldsV1 == Self.books)
    }

    @Test func aSetWithoutItselfIsEmpty() {
        let set = FieldSet(fieldsV1: Self.books)
        #expect(set.subtracting(set).isEmpty)
        #expect(set.intersection(set) == set)
        #expect(set.union(set) == set)
    }

    @Test func pathsNameFieldsAsAConflictDoes() {
        #expect(
            FieldSet(fieldsV1: Self.books).paths == [
                ".metadata.labels", ".metadata.labels.app", ".spec.containers[name=\"web\"]",
                ".spec.containers[name=\"web\"].image", ".spec.replicas",
            ]
        )
    }

    /// Fields that an apply names, and nothing else, whatever the object looks like.
    @Test(arguments: SeededRandom.seeds(20))
    func whatIsRemovedFieldByFieldIsGone(seed: UInt64) {
        var random = RandomJSON(seed: seed)
        for _ in 0..<50 {
            let (live, applied) = (random.value().withoutNulls, random.value().withoutNulls)
            guard case .object = live, case .object = applied else { continue }
            let merged = FieldTree.merging(applied, into: live)
            // Everything that was applied is there.
            #expect(
                FieldComparison(from: merged, to: FieldTree.merging(applied, into: merged)).written.isEmpty,
                "seed \(seed): a second apply changes something"
            )
            // Without its own fields nothing is left of an object.
            #expect(FieldTree.removing(FieldTree.fields(of: live), from: live) == nil, "seed \(seed)")
        }
    }

    @Test func aComparisonTellsWhatIsNewChangedAndGone() {
        let old: JSONValue = [
            "spec": ["containers": [["name": "a", "image": "1"], ["name": "b", "image": "1"]], "args": ["x"]]
        ]
        let new: JSONValue = [
            "spec": ["containers": [["name": "a", "image": "2"], ["name": "c", "image": "1"]], "args": ["x", "y"]]
        ]
        let comparison = FieldComparison(from: old, to: new)
        #expect(comparison.modified.paths == [".spec.args", ".spec.containers[name=\"a\"].image"])
        #expect(
            comparison.added.paths == [
                ".spec.containers[name=\"c\"]", ".spec.containers[name=\"c\"].image",
                ".spec.containers[name=\"c\"].name",
            ]
        )
        #expect(comparison.removed.paths.first == ".spec.containers[name=\"b\"]")
    }
}
