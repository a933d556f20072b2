import KubernetesTesting
import Locks
import Logging
import Testing

@testable import ControllerRuntime

/// Keeps each line as `level message key=value …`.
private struct LineKeeper: LogHandler {
    let lines: Locked<[String]>
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let details = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }
        self.lines.withLock { $0.append("\(event.level) \(event.message)\(details.joined())") }
    }
}

@Suite("OutageLog")
struct OutageLogTests {
    private let lines = Locked<[String]>([])
    private let time = ManualTime()

    private func logger() -> Logger {
        let keeper = LineKeeper(lines: self.lines)
        return Logger(label: "test") { _ in keeper }
    }

    @Test("An outage is told when it begins, ever more rarely while it lasts, and when it is over")
    func outage() {
        let log = OutageLog(time: self.time.source, logger: self.logger())
        log.failed("watch pods", cause: "no connection", why: "refused")
        #expect(!log.isOut)
        log.failed("watch pods", cause: "no connection", why: "refused")
        #expect(log.isOut)
        log.failed("list nodes", cause: "no connection", why: "refused")
        self.time.advance(by: .seconds(75))
        log.failed("list nodes", cause: "no connection", why: "unreachable")
        log.succeeded("watch pods")
        #expect(log.isOut)
        log.succeeded("list nodes")
        #expect(!log.isOut)
        #expect(
            self.lines.withLock { $0 } == [
                "debug trying again error=refused who=watch pods",
                "warning the API server cannot be used, trying again error=refused who=watch pods",
                "debug trying again error=refused who=list nodes",
                "warning the API server still cannot be used affected=2 error=unreachable for=75s",
                "notice the API server can be used again after=75s",
            ]
        )
    }

    @Test("A refusal counts the first time, in words of its own")
    func refusal() {
        let log = OutageLog(.refusal, threshold: 1, time: self.time.source, logger: self.logger())
        log.failed("watch pods", cause: "403", why: "403")
        log.succeeded("watch pods")
        log.succeeded("watch pods")
        #expect(
            self.lines.withLock { $0 } == [
                "warning refused, trying again error=403 who=watch pods", "notice no longer refused after=0s",
            ]
        )
    }
}
