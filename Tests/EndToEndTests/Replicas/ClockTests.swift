import Foundation
import JSON
import Testing

extension Replicas {
    /// The wall clock of the operator's machine is set while it works.
    @Suite
    struct ClockTests {
        @Test("A leader whose clock steps an hour on, and back again, keeps its lease and goes on working")
        func stepped() async throws {
            try await ReplicaStage.required.with("clock") { scene in
                let clock = try SteppedClock()
                defer { clock.clearAway() }
                let first = try scene.replica("first", environment: clock.environment)
                _ = try await scene.waitUntilLeads(first)
                let second = try scene.replica("second")
                try await second.waitUntilReady()
                try await scene.apply("before")
                try await scene.waitUntilObserved("before")
                let conditions = try await Self.conditions(of: "before", in: scene)

                for (app, hours) in [("ahead", 1.0), ("back", 0.0)] {
                    try clock.set(hoursAhead: hours)
                    let ahead = hours * 3600
                    let renewed = try await answered("the lease is renewed by the new clock") {
                        let renewed = try await Self.renewTime(in: scene).timeIntervalSinceNow
                        return abs(renewed - ahead) < 60 ? renewed : nil
                    }
                    try await scene.apply(app)
                    try await scene.waitUntilObserved(app)
                    // Longer than the lease of 15 s: time enough for the one who stands by to take it for expired.
                    try await Task.sleep(for: .seconds(20))
                    #expect(!second.leads, "the lease was renewed \(renewed) s ahead of the true time")
                }

                #expect(try await Self.conditions(of: "before", in: scene) == conditions)
                #expect(try scene.writes().allSatisfy { $0.user == first.user })
                #expect(!first.logText.contains("lost the lease"), "\(first.logText)")
                first.signal(SIGTERM)
                #expect(await first.exitCode() == 0)
                let waited = try await scene.waitUntilLeads(second)
                print("a clock stepped an hour on and back: its leader led on; the next one led \(waited) after it")
            }
        }

        private static func renewTime(in scene: ReplicaScene) async throws -> Date {
            let leases = try await scene.stage.kubectl.json("get", "leases", "-n", scene.namespace)
            let text = try #require(leases["items"]?.array?.first?.at("spec.renewTime")?.string)
            return try Date("\(text.prefix(19))Z", strategy: .iso8601)
        }

        private static func conditions(of app: String, in scene: ReplicaScene) async throws -> JSONValue? {
            try await scene.stage.kubectl.json("get", "todoapp", app, "-n", scene.namespace).at("status.conditions")
        }
    }
}

/// A wall clock for one process that can be set while it runs; its monotonic clocks go on as on a real machine.
private struct SteppedClock {
    private let library: String
    private let file = FileManager.default.temporaryDirectory.appending(path: "stepped-clock-\(UUID().uuidString)")

    /// - Throws: If Debian's libfaketime is not there.
    init() throws {
        let places = ["x86_64", "aarch64"].map { "/usr/lib/\($0)-linux-gnu/faketime/libfaketimeMT.so.1" }
        self.library = try #require(places.first(where: FileManager.default.fileExists), "no libfaketime: make setup")
        try self.set(hoursAhead: 0)
    }

    var environment: [String: String] {
        [
            "LD_PRELOAD": self.library, "FAKETIME_TIMESTAMP_FILE": self.file.path(), "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            // Otherwise the library sets this itself, moves the environment by it, and Swift does not find its arguments.
            "FAKETIME_SHARED": "none none",
        ]
    }

    func set(hoursAhead hours: Double) throws {
        try Data("+\(Int(hours * 3600))s\n".utf8).write(to: self.file, options: .atomic)
    }

    func clearAway() {
        try? FileManager.default.removeItem(at: self.file)
    }
}
