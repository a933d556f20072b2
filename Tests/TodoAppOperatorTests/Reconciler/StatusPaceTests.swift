import KubernetesAPI
import KubernetesTesting
import Testing

@testable import TodoAppOperator

@Suite("StatusPace")
struct StatusPaceTests {
    private let time = ManualTime()
    private let app = ObjectKey(namespace: "todo-app", name: "taskflow")

    private func wait(_ pace: StatusPace, isBadNews: Bool = false) -> Duration? {
        pace.remainingWait(for: self.app, isBadNews: isBadNews)
    }

    @Test("A few writes are made at once, the next one when the second is over, each app by itself")
    func pace() {
        let pace = StatusPace(time: self.time.source)
        for _ in 0..<Int(StatusPace.burst) {
            #expect(self.wait(pace) == nil)
            pace.wrote(self.app)
        }
        #expect(self.wait(pace) == .seconds(1))
        #expect(pace.remainingWait(for: ObjectKey(namespace: "todo-app", name: "other"), isBadNews: false) == nil)
        self.time.advance(by: .milliseconds(500))
        #expect(self.wait(pace) == .milliseconds(500))
        self.time.advance(by: .milliseconds(500))
        #expect(self.wait(pace) == nil)
        pace.wrote(self.app)
        #expect(self.wait(pace) == .seconds(1))
        pace.forget(self.app)
        #expect(self.wait(pace) == nil)
    }

    @Test("That an app is no longer ready is told at once, once, and what follows waits the longer")
    func badNews() {
        let pace = StatusPace(time: self.time.source)
        for _ in 0..<Int(StatusPace.burst) { pace.wrote(self.app) }
        #expect(self.wait(pace, isBadNews: true) == nil)
        pace.wrote(self.app)
        #expect(self.wait(pace, isBadNews: true) == .seconds(1))
        #expect(self.wait(pace) == .seconds(2))
    }
}
