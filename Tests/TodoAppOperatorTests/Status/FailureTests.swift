import JSON
import Testing

@testable import TodoAppOperator

@Suite("Failure")
struct FailureTests {
    @Test("The order of precedence is the design's")
    func precedence() {
        let expected = [
            "InvalidImageName", "ImageNotPresent", "ImagePullFailed", "ContainerConfigError", "PodCreationFailed",
            "OOMKilled", "CrashLoopBackOff", "InitContainerFailed", "ContainerStartFailed", "VolumeMountFailed",
            "Unschedulable", "StartupProbeFailed", "LivenessProbeFailed", "ReadinessProbeFailed",
            "ProgressDeadlineExceeded", "PodEvicted", "NodeNotReady",
        ]
        #expect(FailureClass.allCases.sorted { $0.rank < $1.rank }.map(\.rawValue) == expected)
    }

    @Test("Only what nobody mends by waiting is stalled")
    func stalled() {
        let stalled = FailureClass.allCases.filter(\.isStalled)
        #expect(Set(stalled) == [.invalidImageName, .imageNotPresent, .progressDeadlineExceeded])
    }

    @Test("The current revision comes before the old, then the class, then the oldest, then the pod's name")
    func order() {
        func failure(_ name: String, _ reason: FailureClass, since: String, isCurrent: Bool = true) -> Failure {
            var failure = Failure(reason: reason, rawReason: "", message: "", pod: name, since: since)
            failure.isOfCurrentRevision = isCurrent
            return failure
        }
        let failures = [
            failure("old", .invalidImageName, since: "1", isCurrent: false),
            failure("crash", .crashLoopBackOff, since: "1"),
            failure("late", .imagePullFailed, since: "3"),
            failure("b", .imagePullFailed, since: "2"),
            failure("a", .imagePullFailed, since: "2"),
        ]
        #expect(failures.sorted(by: Failure.precedes).map(\.pod) == ["a", "b", "late", "crash", "old"])
    }

    @Test("In the status what is empty is left out")
    func json() {
        let bare = Failure(reason: .podCreationFailed, rawReason: "FailedCreate", message: "quota")
        let expected: JSONValue = [
            "reason": "PodCreationFailed", "rawReason": "FailedCreate", "message": "quota", "restartCount": 0,
        ]
        #expect(bare.json == expected)
        var whole = Failure(
            reason: .crashLoopBackOff,
            rawReason: "CrashLoopBackOff",
            message: "m",
            pod: "p",
            container: "c",
            restartCount: 2,
            since: "2026-01-01T00:00:00Z",
            hint: "h"
        )
        whole.exitCode = 1
        let all: JSONValue = [
            "reason": "CrashLoopBackOff", "rawReason": "CrashLoopBackOff", "message": "m", "pod": "p", "container": "c",
            "exitCode": 1, "restartCount": 2, "since": "2026-01-01T00:00:00Z", "hint": "h",
        ]
        #expect(whole.json == all)
    }

    @Test("The sentence says who, what, and what to do")
    func sentence() {
        var failure = Failure(reason: .imageNotPresent, rawReason: "ErrImageNeverPull", message: "", pod: "p")
        #expect(failure.sentence(component: "backend") == "backend/p: ErrImageNeverPull")
        failure.container = "c"
        failure.message = "not there"
        failure.hint = "load it"
        #expect(failure.sentence(component: "backend") == "backend/p/c: ErrImageNeverPull: not there; load it")
    }

    @Test("Times are RFC 3339 in UTC to the second, and are read with fractions and offsets too")
    func timestamps() {
        #expect(Timestamp.text(1_767_225_660.9) == "2026-01-01T00:01:00Z")
        #expect(Timestamp.seconds("2026-01-01T00:01:00Z") == 1_767_225_660)
        #expect(Timestamp.seconds("2026-01-01T00:01:00.123456Z") == 1_767_225_660)
        #expect(Timestamp.seconds("2026-01-01T01:01:00+01:00") == 1_767_225_660)
        #expect(Timestamp.seconds("") == nil)
        #expect(Timestamp.seconds("yesterday") == nil)
    }
}
