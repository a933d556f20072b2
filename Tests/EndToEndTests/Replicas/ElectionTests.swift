import Foundation
import Glibc
import JSON
import Testing

/// Several operators of which one works, on a real API server.
@Suite(.enabled(if: ReplicaStage.isThere, ReplicaStage.whatIsMissing), .timeLimit(.minutes(5)))
struct Replicas {}

extension Replicas {
    @Suite
    struct ElectionTests {
        @Test("A leader that is killed is followed by the other replica when its lease has expired")
        func killed() async throws {
            try await ReplicaStage.required.with("killed") { scene in
                let (first, second) = try await Self.pair(in: scene)
                try await scene.apply("one")
                try await scene.waitUntilObserved("one")
                first.signal(SIGKILL)
                let waited = try await scene.waitUntilLeads(second)
                try await scene.apply("two")
                try await scene.waitUntilObserved("two")
                print("a leader was killed: the next one led after \(waited)")
                #expect(await first.exitCode() == -SIGKILL)
                // The lease lasts for 15 s; it was renewed at most 2 s before, and is looked at every 2 s or so.
                #expect(waited > .seconds(10))
                #expect(waited < .seconds(30))
            }
        }

        @Test("A leader that is told to end hands over at once, and ends with 0")
        func handover() async throws {
            try await ReplicaStage.required.with("handover") { scene in
                let (first, second) = try await Self.pair(in: scene)
                first.signal(SIGTERM)
                let waited = try await scene.waitUntilLeads(second)
                print("a leader was told to end: the next one led after \(waited)")
                #expect(await first.exitCode() == 0)
                #expect(waited < .seconds(10))
            }
        }

        @Test("A leader that is stopped beyond its lease writes nothing when it goes on, and ends with 3")
        func stopped() async throws {
            try await ReplicaStage.required.with("stopped") { scene in
                let (first, second) = try await Self.pair(in: scene)
                // Both have something to do all the time.
                let pressure = Task {
                    for number in 0... {
                        try Task.checkCancellation()
                        try await scene.apply("app-\(number % 3)", version: "1.0.\(number)")
                    }
                }
                try await scene.waitUntilObserved("app-2")
                first.signal(SIGSTOP)
                let waited = try await scene.waitUntilLeads(second)
                try await answered("the second one writes") {
                    try scene.writes().contains { $0.user == second.user } ? () : nil
                }
                first.signal(SIGCONT)
                #expect(await first.exitCode() == 3)
                try await scene.apply("last")
                try await scene.waitUntilObserved("last")
                pressure.cancel()
                _ = await pressure.result
                let writes = try scene.writes()
                let counts = [first, second].map { replica in writes.count { $0.user == replica.user } }
                print("a leader was stopped: the next one led after \(waited); writes of the two: \(counts)")
                #expect(counts.allSatisfy { $0 > 0 })
                let takeover = writes.firstIndex { $0.user == second.user } ?? 0
                let late = writes[takeover...].filter { $0.user == first.user }
                #expect(late.isEmpty, "\(late)")
                #expect(first.logText.contains("lost the lease"))
            }
        }

        /// A leader, and a replica that stands by.
        private static func pair(in scene: ReplicaScene) async throws -> (Replica, Replica) {
            let first = try scene.replica("first")
            _ = try await scene.waitUntilLeads(first)
            let second = try scene.replica("second")
            try await second.waitUntilReady()
            #expect(!second.leads)
            return (first, second)
        }
    }
}
