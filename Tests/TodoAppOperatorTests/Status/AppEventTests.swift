import ControllerRuntime
import JSON
import KubernetesAPI
import Testing
import TodoAppAPI

@testable import TodoAppOperator

@Suite("AppEvent")
struct AppEventTests {
    private func status(_ problems: [SyncProblem] = [], _ progress: ComponentStatus.Progress) -> AppStatus {
        self.status(problems, progress, former: nil)
    }

    private func status(
        _ problems: [SyncProblem],
        _ progress: ComponentStatus.Progress,
        failures: [Failure] = [],
        former: JSONValue?
    ) -> AppStatus {
        AppStatus(
            AppStatus.Facts(
                metadata: ObjectMeta(name: "taskflow", generation: 1),
                former: former,
                app: Sample.taskflow.app(in: .minikube),
                sync: SyncResult(problems: problems),
                components: [
                    ComponentStatus(
                        name: .backend,
                        progress: progress,
                        image: "taskflow-backend:1.0.0",
                        imageID: "",
                        desired: 1,
                        updated: 1,
                        ready: progress == .complete ? 1 : 0,
                        available: progress == .complete ? 1 : 0,
                        revision: "abc",
                        url: "http://b:8000",
                        restarts: 0,
                        failures: failures
                    )
                ],
                endpoints: [],
                now: 0,
                operatorVersion: "1.2.3"
            )
        )
    }

    private func reasons(from former: AppStatus?, to next: AppStatus) -> [String] {
        AppEvent.transitions(from: former?.json, to: next).map(\.reason)
    }

    @Test("A rollout is told when it starts and when it is through, and nothing in between")
    func rollout() {
        let started = self.status([], .rollingOut)
        #expect(self.reasons(from: nil, to: started) == ["RolloutStarted"])
        let going = self.status([], .rollingOut, former: started.json)
        #expect(self.reasons(from: started, to: going) == [])
        let through = self.status([], .complete, former: going.json)
        #expect(self.reasons(from: going, to: through) == ["RolloutCompleted"])
        #expect(self.reasons(from: through, to: self.status([], .complete, former: through.json)) == [])
    }

    @Test("Pods that go missing are a warning, and their return is a recovery, not a rollout")
    func recovery() {
        let healthy = self.status([], .complete)
        let short = self.status([], .degraded, former: healthy.json)
        #expect(self.reasons(from: healthy, to: short) == ["ComponentsNotReady"])
        #expect(self.reasons(from: short, to: self.status([], .complete, former: short.json)) == ["Recovered"])
    }

    @Test("A failure is told once under the name of its class, and again only when the class changes")
    func failure() {
        let started = self.status([], .rollingOut)
        func failing(_ reason: FailureClass, after former: AppStatus) -> AppStatus {
            let failure = Failure(reason: reason, rawReason: reason.rawValue, message: "no")
            return self.status([], .rollingOut, failures: [failure], former: former.json)
        }
        let missing = failing(.imageNotPresent, after: started)
        #expect(self.reasons(from: started, to: missing) == ["ImageNotPresent"])
        #expect(self.reasons(from: missing, to: failing(.imageNotPresent, after: missing)) == [])
        #expect(self.reasons(from: missing, to: failing(.oomKilled, after: missing)) == ["OOMKilled"])
    }

    @Test("What stands in the way of the children is a warning of that name")
    func problems() {
        let healthy = self.status([], .complete)
        let conflict = SyncProblem(.ownershipConflict, "Service a belongs to somebody else")
        let blocked = self.status([conflict], .complete, former: healthy.json)
        let events = AppEvent.transitions(from: healthy.json, to: blocked)
        #expect(events == [AppEvent(.warning, "OwnershipConflict", .sync, conflict.message)])
        let invalid = self.status([SyncProblem(.invalidSpec, "spec.version: is required")], .complete)
        #expect(AppEvent.transitions(from: healthy.json, to: invalid).map(\.action) == [.validate])
    }
}
