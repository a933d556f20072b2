import KubernetesAPI
import KubernetesTesting
import Testing

@testable import TodoAppOperator

@Suite("StatusPace")
struct StatusPaceTests {
    private let time = ManualTime()
    private let app = ObjectKey(namespace: "todo-app", name: "taskflow")

    @Test("A few writes are made at once, the next one when the second is over, each app by itself")
    func pace() {
        let pace = StatusPace(time: self.time.source)
        for _ in 0..<Int(StatusPace.burst) {
            #expect(pace.remainingWait(for: self.app) == nil)
            pace.wrote(self.app)
        }
        #expect(pace.remainingWait(for: self.app) == .seconds(1))
        #expect(pace.remainingWait(for: ObjectKey(namespace: "todo-app", name: "other")) == nil)
        self.time.advance(by: .milliseconds(500))
        #expect(pace.remainingWait(for: self.app) == .milliseconds(500))
        self.time.advance(by: .milliseconds(500))
        #expect(pace.remainingWait(for: self.app) == nil)
        pace.wrote(self.app)
        #expect(pace.remainingWait(for: self.app) == .seconds(1))
        pace.forget(self.app)
        #expect(pace.remainingWait(for: self.app) == nil)
    }
}
