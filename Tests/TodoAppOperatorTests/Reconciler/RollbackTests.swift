import JSON
import KubernetesAPI
import Testing
import TodoAppAPI

@testable import TodoAppOperator

@Suite("Rollback")
struct RollbackTests {
    private let good: JSONValue = ["version": "1.0.0"]
    private let bad: JSONValue = ["version": "9.9.9"]

    private func decide(
        _ spec: JSONValue,
        generation: Int64 = 2,
        isReady: Bool = false,
        failed: ComponentName? = nil,
        kept: GoodRevision? = nil,
        action: RolloutSpec.FailureAction = .rollback
    ) -> Rollback {
        Rollback(
            Rollback.Facts(
                action: action,
                generation: generation,
                spec: spec,
                isReady: isReady,
                failed: failed,
                kept: kept
            )
        )
    }

    @Test("A spec that got ready is kept from then on, and stays the same while it is the spec")
    func keeping() {
        let first = GoodRevision(spec: self.good, generation: 1)
        #expect(self.decide(self.good, generation: 1, isReady: true) == .none(keep: first))
        #expect(self.decide(self.good, generation: 3, isReady: true, kept: first) == .none(keep: first))
        #expect(
            self.decide(self.bad, generation: 2, isReady: true, kept: first)
                == .none(keep: GoodRevision(spec: self.bad, generation: 2))
        )
        #expect(self.decide(self.bad, kept: first) == .none(keep: first), "while it is rolled out")
    }

    @Test("A generation that fails goes back, stays aside, and another one is tried anew")
    func failing() {
        let kept = GoodRevision(spec: self.good, generation: 1)
        var aside = kept
        aside.failed = GoodRevision.Failed(generation: 2, isReplaced: false)
        #expect(self.decide(self.bad, failed: .backend, kept: kept) == .begin(aside, failed: .backend))
        #expect(self.decide(self.bad, failed: .backend, kept: aside) == .stay(aside))
        #expect(self.decide(self.bad, kept: aside) == .stay(aside))
        #expect(self.decide(self.bad, generation: 3, kept: aside) == .none(keep: kept))
    }

    @Test("Nothing goes back where nothing is kept, where the good spec itself fails, or where nobody wants it")
    func holding() {
        let kept = GoodRevision(spec: self.good, generation: 1)
        #expect(self.decide(self.bad, failed: .backend) == .none(keep: nil))
        #expect(self.decide(self.good, failed: .backend, kept: kept) == .none(keep: kept))
        #expect(self.decide(self.bad, failed: .backend, kept: kept, action: .hold) == .none(keep: nil))
    }

    @Test("What is kept is read back as it was written")
    func child() throws {
        let app = Sample.taskflow.app(in: .production)
        var inputs = app.sampleInputs
        inputs.good = GoodRevision(
            spec: self.good,
            generation: 4,
            failed: GoodRevision.Failed(generation: 5, isReplaced: true)
        )
        let child = try #require(children(of: app, inputs: inputs).first { $0.resource == .controllerRevisions })
        #expect(child.name.hasPrefix("taskflow-good-"))
        #expect(try GoodRevision(DynamicObject(json: child.manifest)) == inputs.good)
    }
}
