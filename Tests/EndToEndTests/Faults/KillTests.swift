import Foundation
import Glibc
import JSON
import Synchronization
import Testing

extension Faults {
    /// The process ends without a warning, just before or just after one of its writes took effect.
    @Suite struct KillTests {
        private static let kills = ProcessInfo.processInfo.environment["FAULT_KILLS"].flatMap(Int.init) ?? 200

        @Test("Killed at its writes and started again, 200 times, the operator leaves what an undisturbed one does")
        func killed() async throws {
            var chance = FaultSeed.generator(for: "kills")
            var lives = AppLife.several(4)
            try await FaultScene.with("kills", isStarted: false) { scene in
                let proxy = try scene.neededProxy()
                let start = ContinuousClock.now
                var deaths: [Death] = []
                var signingKeys: [String: String] = [:]
                while deaths.count < Self.kills {
                    let trap = Trap(at: Int.random(in: 1...4, using: &chance), isAfter: Bool.random(using: &chance))
                    proxy.follow { trap.treatment(of: $0, kill: { scene.process.signal(SIGKILL) }) }
                    try scene.process.start()
                    while trap.death == nil {
                        if try await scene.apps().allSatisfy(FaultScene.isSettled) {
                            let index = Int.random(in: 0..<lives.count, using: &chance)
                            try await lives[index].goOn(on: scene)
                        }
                        try await Task.sleep(for: .milliseconds(10))
                    }
                    await scene.process.kill()
                    deaths += [trap.death].compactMap { $0 }
                    for (owner, key) in try await Picture(of: scene, [.secrets]).signingKeys {
                        #expect(signingKeys[owner, default: key] == key, "a signing key changed: \(deaths.suffix(2))")
                        signingKeys[owner] = key
                    }
                }
                let seconds = ContinuousClock.now - start
                proxy.behave()
                try scene.process.start()
                let healed = try await scene.settle()
                try await scene.waitUntilCalm(AppLife.calmPicture(of: lives))
                scene.tell("\(deaths.count) kills in \(seconds.text), settled \(healed.text) after the last")
                for (kind, count) in Dictionary(grouping: deaths, by: \.description).sorted(by: { $0.key < $1.key }) {
                    print("  \(count.count) x \(kind)")
                }
                if Self.kills >= 200 { Self.expectVariety(deaths) }
            }
        }

        private static func expectVariety(_ deaths: [Death]) {
            let kinds = Set(deaths.map(\.kind))
            for kind in [
                "POST services", "POST secrets", "POST configmaps", "POST serviceaccounts", "POST deployments",
                "PATCH deployments", "PATCH todoapps/status", "DELETE deployments",
            ] {
                #expect(kinds.contains(kind), "no kill at \(kind)")
            }
        }
    }
}

/// When a process died.
private struct Death: Sendable, CustomStringConvertible {
    let kind: String
    let isAfter: Bool
    var description: String { "\(self.kind), \(self.isAfter ? "after" : "before") it took effect" }
}

/// Kills at the so-manieth write of a process.
private final class Trap: Sendable {
    private struct State {
        var writes = 0
        var death: Death?
    }

    private let number: Int
    private let isAfter: Bool
    private let state = Mutex(State())

    init(at number: Int, isAfter: Bool) {
        self.number = number
        self.isAfter = isAfter
    }

    var death: Death? { self.state.withLock { $0.death } }

    func treatment(of request: ProxiedRequest, kill: @escaping @Sendable () -> Void) -> Treatment {
        guard request.isWrite else { return .forward }
        let isIt = self.state.withLock { state in
            state.writes += 1
            return state.writes == self.number
        }
        guard isIt else { return .forward }
        let death = Death(kind: request.kind, isAfter: self.isAfter)
        let die: @Sendable () -> Void = {
            kill()
            self.state.withLock { $0.death = death }
        }
        return self.isAfter ? .swallowAnswer(die) : .swallow(die)
    }
}
