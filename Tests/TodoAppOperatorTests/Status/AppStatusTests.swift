import JSON
import KubernetesAPI
import Testing
import TodoAppAPI

@testable import TodoAppOperator

@Suite("AppStatus")
struct AppStatusTests {
    /// What is judged; the defaults are an app that is as it should be.
    private struct Case {
        var app: EffectiveApp? = Sample.taskflow.app(in: .production)
        var former: JSONValue?
        var sync = SyncResult()
        var components: [ComponentStatus] = [
            AppStatusTests.component(.backend), AppStatusTests.component(.frontend),
        ]
        var isBeingDeleted = false
        var now = 1_767_225_660.0

        var status: AppStatus {
            AppStatus(
                AppStatus.Facts(
                    metadata: ObjectMeta(
                        name: "taskflow",
                        generation: 3,
                        deletionTimestamp: self.isBeingDeleted ? "2026-01-01T00:00:00Z" : nil
                    ),
                    former: self.former,
                    app: self.app,
                    sync: self.sync,
                    components: self.components,
                    endpoints: [Endpoint(name: "frontend", scope: .internal, url: "http://f:3000")],
                    now: self.now,
                    operatorVersion: "1.2.3"
                )
            )
        }

        /// `Status/Reason` of a condition; `none` where there is none.
        func verdict(_ type: String) -> String {
            self.status.conditions[type].map { "\($0.status.rawValue)/\($0.reason)" } ?? "none"
        }
    }

    private static func component(
        _ name: ComponentName,
        _ progress: ComponentStatus.Progress = .complete,
        desired: Int64 = 2,
        available: Int64 = 2,
        failures: [Failure] = []
    ) -> ComponentStatus {
        ComponentStatus(
            name: name,
            progress: progress,
            image: "taskflow-\(name.rawValue):1.0.0",
            imageID: "",
            desired: desired,
            updated: desired,
            ready: available,
            available: available,
            revision: "abc",
            url: "http://\(name.rawValue)",
            restarts: 0,
            failures: failures
        )
    }

    private static func failure(_ reason: FailureClass) -> Failure {
        Failure(reason: reason, rawReason: reason.rawValue, message: "m", pod: "p", since: "2026-01-01T00:00:00Z")
    }

    @Test("An app that is as it should be is ready, and nothing else is said")
    func ready() {
        let healthy = Case()
        #expect(healthy.verdict("Ready") == "True/AllComponentsReady")
        #expect(healthy.verdict("Available") == "True/MinimumReplicasAvailable")
        #expect(healthy.verdict("ResourcesSynced") == "True/Applied")
        #expect(healthy.verdict("Degraded") == "False/AsExpected")
        #expect(healthy.verdict("Reconciling") == "none")
        #expect(healthy.verdict("Stalled") == "none")
        let json = healthy.status.json
        #expect(json["observedGeneration"] == 3)
        #expect(json["summary"] == "backend 2/2, frontend 2/2")
        #expect(json["operatorVersion"] == "1.2.3")
        #expect(json["components"]?["frontend"]?["readyText"] == "2/2")
        #expect(json["endpoints"] == [["name": "frontend", "scope": "Internal", "url": "http://f:3000"]])
    }

    @Test("Until their controller has seen its Deployments nobody can tell; then it is under way, and stays so")
    func first() {
        var new = Case()
        new.components = [
            Self.component(.backend, .pending, available: 0), Self.component(.frontend, .pending, available: 0),
        ]
        #expect(new.verdict("Ready") == "Unknown/Pending")
        #expect(new.verdict("Reconciling") == "True/Progressing")
        #expect(new.verdict("Available") == "False/MinimumReplicasUnavailable")
        new.former = new.status.json
        #expect(new.verdict("Ready") == "Unknown/Pending")
        new.components = [Self.component(.backend, .rollingOut, available: 0)]
        #expect(new.verdict("Ready") == "False/RolloutInProgress")
        // A later change of the spec begins with Deployments that are behind, too.
        new.former = new.status.json
        new.components = [Self.component(.backend, .pending, available: 0)]
        #expect(new.verdict("Ready") == "False/RolloutInProgress")
    }

    @Test("A new revision that fails while the old one serves: available, and neither ready nor well")
    func failingRevision() {
        var rolling = Case()
        rolling.components = [
            Self.component(.backend, .rollingOut, failures: [Self.failure(.imagePullFailed)]),
            Self.component(.frontend),
        ]
        #expect(rolling.verdict("Available") == "True/MinimumReplicasAvailable")
        #expect(rolling.verdict("Ready") == "False/ImagePullFailed")
        #expect(rolling.verdict("Degraded") == "True/ImagePullFailed")
        #expect(rolling.verdict("Reconciling") == "True/Progressing")
        #expect(rolling.verdict("Stalled") == "none")
    }

    @Test(
        "What nobody mends by waiting is stalled, and no longer reconciling",
        arguments: [FailureClass.imageNotPresent, .invalidImageName, .progressDeadlineExceeded]
    )
    func stalledFailure(_ reason: FailureClass) {
        var stuck = Case()
        stuck.components = [Self.component(.backend, .rollingOut, available: 0, failures: [Self.failure(reason)])]
        #expect(stuck.verdict("Stalled") == "True/\(reason.rawValue)")
        #expect(stuck.verdict("Reconciling") == "none")
        #expect(stuck.verdict("Ready") == "False/\(reason.rawValue)")
    }

    @Test("A failure of the old revision does not make a complete app unwell")
    func oldRevision() {
        var failure = Self.failure(.imagePullFailed)
        failure.isOfCurrentRevision = false
        var healthy = Case()
        healthy.components = [Self.component(.backend, failures: [failure])]
        #expect(healthy.verdict("Ready") == "True/AllComponentsReady")
        #expect(healthy.verdict("Degraded") == "False/AsExpected")
    }

    @Test("Pods that go missing outside a rollout make it degraded")
    func degraded() {
        var short = Case()
        short.components = [Self.component(.backend, .degraded, available: 1), Self.component(.frontend)]
        #expect(short.verdict("Ready") == "False/ComponentsNotReady")
        #expect(short.verdict("Degraded") == "True/ComponentsNotReady")
        #expect(short.verdict("Available") == "True/MinimumReplicasAvailable")
    }

    @Test("Which component does not serve is in the reason")
    func unavailable() {
        func verdict(backend: Int64, frontend: Int64) -> String {
            var silent = Case()
            silent.components = [
                Self.component(.backend, .degraded, available: backend),
                Self.component(.frontend, .degraded, available: frontend),
            ]
            return silent.verdict("Available")
        }
        #expect(verdict(backend: 0, frontend: 1) == "False/BackendUnavailable")
        #expect(verdict(backend: 1, frontend: 0) == "False/FrontendUnavailable")
        #expect(verdict(backend: 0, frontend: 0) == "False/MinimumReplicasUnavailable")
    }

    /// An app that was fine until its spec was made invalid.
    private var invalid: Case {
        var invalid = Case()
        invalid.app = Sample.cohere.app(in: .production)
        invalid.former = invalid.status.json
        invalid.app = nil
        invalid.sync = SyncResult(problems: [SyncProblem(.invalidSpec, "spec.version: missing")])
        return invalid
    }

    @Test("An invalid spec stalls, and what it became before is kept")
    func invalidSpec() {
        let invalid = self.invalid
        #expect(invalid.verdict("Stalled") == "True/InvalidSpec")
        #expect(invalid.verdict("Reconciling") == "none")
        #expect(invalid.verdict("Ready") == "False/SyncFailed")
        #expect(invalid.verdict("ResourcesSynced") == "False/InvalidSpec")
        let json = invalid.status.json
        for kept in ["components", "endpoints", "effective"] {
            #expect(json[kept] == invalid.former?[kept])
            #expect(json[kept] != nil)
        }
        #expect(json["observedGeneration"] == 3)
        #expect(json["summary"] == "backend 2/2, frontend 2/2: spec.version: missing")
    }

    @Test("An invalid spec hides nothing of what runs, be it well or not")
    func invalidSpecBesidePods() {
        var invalid = self.invalid
        #expect(invalid.verdict("Available") == "True/MinimumReplicasAvailable")
        #expect(invalid.verdict("Degraded") == "False/AsExpected")
        #expect(invalid.verdict("ContractMet") == "False/RunsAsRoot")
        invalid.components = [
            Self.component(.backend, .degraded, available: 0, failures: [Self.failure(.oomKilled)])
        ]
        #expect(invalid.verdict("Available") == "False/MinimumReplicasUnavailable")
        #expect(invalid.verdict("Degraded") == "True/OOMKilled")
        #expect(invalid.status.json["components"]?["backend"]?["readyText"] == "0/2")
    }

    @Test("A first spec that is invalid says that nothing is known")
    func invalidFirstSpec() {
        var invalid = self.invalid
        invalid.former = nil
        invalid.components = []
        #expect(invalid.verdict("Available") == "Unknown/MinimumReplicasUnavailable")
        #expect(invalid.verdict("ContractMet") == "Unknown/Unknown")
        #expect(invalid.verdict("Stalled") == "True/InvalidSpec")
        #expect(invalid.status.json["components"] == nil)
    }

    @Test("A problem that may pass is tried again, and says so")
    func passingProblem() {
        var failing = Case()
        failing.sync = SyncResult(problems: [
            SyncProblem(.applyFailed, "Secret a: busy", isPassing: true), SyncProblem(.quotaExceeded, "b"),
        ])
        #expect(failing.verdict("Ready") == "False/SyncFailed")
        #expect(failing.verdict("ResourcesSynced") == "False/ApplyFailed")
        #expect(failing.status.conditions["ResourcesSynced"]?.message == "Secret a: busy (and 1 more)")
        #expect(failing.verdict("Reconciling") == "True/RetryingAfterError")
        #expect(failing.verdict("Available") == "True/MinimumReplicasAvailable")
    }

    @Test("A suspended app is ready as what it is, and not available")
    func suspended() {
        var suspended = Case()
        suspended.app = Sample.taskflow.app(in: .production) { $0.suspended = true }
        suspended.components = [Self.component(.backend, desired: 0, available: 0)]
        #expect(suspended.verdict("Ready") == "True/Suspended")
        #expect(suspended.verdict("Available") == "False/Suspended")
        #expect(suspended.verdict("Degraded") == "False/AsExpected")
        #expect(suspended.verdict("Reconciling") == "none")
    }

    @Test("A paused app is not ready while changes wait")
    func paused() {
        var paused = Case()
        paused.app = Sample.taskflow.app(in: .production) { $0.paused = true }
        paused.sync = SyncResult(pendingChanges: 2)
        #expect(paused.verdict("Ready") == "False/Paused")
        #expect(paused.verdict("ResourcesSynced") == "False/Paused")
        #expect(paused.status.conditions["Ready"]?.message == "reconciliation is paused; 2 changes wait")
        #expect(paused.verdict("Reconciling") == "none")
        paused.sync = SyncResult()
        #expect(paused.verdict("Ready") == "True/AllComponentsReady")
        #expect(paused.verdict("ResourcesSynced") == "True/Paused")
    }

    @Test("An app on its way out says that first")
    func deleting() {
        var leaving = Case()
        leaving.isBeingDeleted = true
        leaving.sync = SyncResult(problems: [SyncProblem(.applyFailed, "x")])
        #expect(leaving.verdict("Ready") == "False/Deleting")
    }

    @Test("What cannot be measured is not said to be met")
    func contract() {
        var app = Case()
        #expect(app.verdict("ContractMet") == "Unknown/Unknown")
        app.app = Sample.cohere.app(in: .production)
        #expect(app.verdict("ContractMet") == "False/RunsAsRoot")
        app.app = Sample.taskflow.app(in: .minikube) { $0.version = "latest" }
        #expect(app.verdict("ContractMet") == "False/MutableTag")
    }

    @Test("While an app is ready its state is the last known good one; while it is not, the one before stays that")
    func lastKnownGood() {
        var app = Case()
        let good = app.status.json["lastKnownGood"]
        #expect(good?["generation"] == 3)
        #expect(good?["components"]?["backend"]?["image"]?.string?.isEmpty == false)
        #expect(good?["time"] == app.status.json["conditions"]?[0]?["lastTransitionTime"])
        app.former = app.status.json
        app.components = [Self.component(.backend, .rollingOut, failures: [Self.failure(.crashLoopBackOff)])]
        #expect(app.status.json["lastKnownGood"] == good)
    }

    @Test("What others keep in the status is kept")
    func kept() {
        var app = Case()
        app.former = ["lastKnownGood": ["generation": 1], "lastHandledRestartAt": "x", "leftover": 1]
        app.sync = SyncResult(problems: [SyncProblem(.applyFailed, "x")])
        #expect(app.status.json["lastKnownGood"] == ["generation": 1])
        #expect(app.status.json["lastHandledRestartAt"] == "x")
        #expect(app.status.json["leftover"] == nil)
    }

    @Test("Whatever the facts: one verdict a type, each with a reason and a sentence, never reconciling and stalled")
    func everyCase() {
        var syncs = SyncReason.allCases.map { SyncResult(problems: [SyncProblem($0, "why")]) }
        syncs += [SyncResult(), SyncResult(pendingChanges: 1)]
        let progresses: [ComponentStatus.Progress] = [.pending, .rollingOut, .complete, .degraded]
        for sync in syncs {
            for progress in progresses {
                for reason in FailureClass.allCases.map(Optional.some) + [nil] {
                    for environment in AppEnvironment.allCases {
                        var facts = Case()
                        facts.app = Sample.taskflow.app(in: environment) { $0.paused = sync.pendingChanges > 0 }
                        facts.sync = sync
                        facts.components = [
                            Self.component(.backend, progress, failures: reason.map { [Self.failure($0)] } ?? [])
                        ]
                        self.expectSound(facts)
                    }
                }
            }
        }
    }

    private func expectSound(_ facts: Case) {
        let status = facts.status
        let conditions = (status.json["conditions"]?.array ?? []).compactMap(Condition.init(json:))
        let types = conditions.map(\.type)
        #expect(Set(types).count == types.count)
        #expect(!(types.contains("Reconciling") && types.contains("Stalled")))
        #expect(conditions.allSatisfy { !$0.reason.isEmpty && !$0.message.isEmpty && $0.observedGeneration == 3 })
        if status.conditions["Ready"]?.status == .true {
            #expect(!types.contains("Reconciling") && !types.contains("Stalled"))
        }
        #expect(facts.status.json.bytes() == status.json.bytes())
    }

    @Test("The same facts give the same bytes, later too, so that nothing is written where nothing changed")
    func settled() {
        for progress in [ComponentStatus.Progress.rollingOut, .complete, .degraded] {
            var facts = Case()
            facts.components = [Self.component(.backend, progress, failures: [Self.failure(.crashLoopBackOff)])]
            facts.former = facts.status.json
            let first = facts.status.json
            facts.former = first
            facts.now += 3600
            #expect(facts.status.json.bytes() == first.bytes())
        }
    }
}
