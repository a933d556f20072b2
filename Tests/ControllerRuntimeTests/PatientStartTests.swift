import HTTPTransport
import KubernetesAPI
import KubernetesClient
import KubernetesTesting
import Locks
import Logging
import Testing

@testable import ControllerRuntime

@Suite("PatientStart")
struct PatientStartTests {
    private let time = ManualTime()

    private var start: PatientStart {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return PatientStart(outages: OutageLog(time: self.time.source, logger: logger), time: self.time.skippingSource)
    }

    private static func error(_ cause: KubernetesClientError.Cause) -> KubernetesClientError {
        KubernetesClientError(
            operation: KubernetesClientError.Operation(verb: "get", resource: "discovery", subject: "apps/v1"),
            cause: cause
        )
    }

    private static func refusal(_ code: Int) -> KubernetesClientError {
        Self.error(.refused(KubernetesStatus(code: code, reason: "", message: "")))
    }

    @Test("An outage is waited out, with growing pauses")
    func outage() async throws {
        let failures = [Self.refusal(503), Self.refusal(429), Self.error(.transport(.timedOut("whole request")))]
        var asked = 0
        let answer = try await self.start.ask { () async throws(KubernetesClientError) -> String in
            asked += 1
            if asked <= failures.count { throw failures[asked - 1] }
            return "served"
        }
        #expect(answer == "served")
        #expect(self.time.pauses.count == failures.count)
    }

    @Test("What waiting does not mend is told at once", arguments: [400, 401, 403, 404])
    func refused(_ code: Int) async {
        let start = self.start
        await #expect(throws: Self.refusal(code)) {
            try await start.ask { () async throws(KubernetesClientError) in throw Self.refusal(code) }
        }
        #expect(self.time.pauses.isEmpty)
    }
}
