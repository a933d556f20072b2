import Foundation
import JSON
import Testing

/// How long a chaos run lasts; none is asked for where it is zero.
private enum ChaosLength {
    static let minutes = ProcessInfo.processInfo.environment["CHAOS_MINUTES"].flatMap(Int.init) ?? 0
}

/// Everything that the fault tests do one by one, by chance and for a long time: `make chaos`.
@Suite(.enabled(if: ChaosLength.minutes > 0, "a long run: make chaos"), .timeLimit(.minutes(120)))
struct Chaos {
    @Test("Whatever happened, in the end there is what an undisturbed operator makes of the same specs")
    func chaos() async throws {
        var chance = FaultSeed.generator(for: "chaos")
        var lives = AppLife.several(30)
        try await FaultScene.with("chaos", route: .relayOrProxy) { scene in
            let audit = AuditLog(path: scene.plane.auditLog, user: "todoapp-operator")
            let mark = try audit.mark()
            let start = ContinuousClock.now
            var (healings, round): ([ChaosFault: [Duration]], [ChaosFault]) = ([:], [])
            for index in lives.indices { try await lives[index].goOn(on: scene) }
            try await scene.settle()
            while ContinuousClock.now - start < .seconds(ChaosLength.minutes * 60) {
                // In rounds of all of them, each in an order of its own: none is left out by chance.
                if round.isEmpty { round = ChaosFault.allCases.shuffled(using: &chance) }
                let fault = round.removeLast()
                let before = lives
                // What a kubelet does for one that ends because no server answers its first word is nobody's here.
                try await scene.process.waitUntilReady()
                if fault == .older { try await scene.plane.cluster("snapshot", "chaos") }
                // What the fault meets.
                for index in lives.indices.shuffled(using: &chance).prefix(Int.random(in: 1...8, using: &chance)) {
                    try await lives[index].goOn(on: scene)
                }
                try await fault.strike(scene, &chance)
                if fault == .older { lives = before }
                let healed = try await scene.settle(within: .seconds(420))
                healings[fault, default: []].append(healed)
                scene.tell("\((ContinuousClock.now - start).text): \(fault.rawValue), healed after \(healed.text)")
            }
            let lasted = ContinuousClock.now - start
            try await scene.waitUntilCalm(AppLife.calmPicture(of: lives))
            if ChaosLength.minutes >= 30 { #expect(healings.count == ChaosFault.allCases.count, "every fault came") }
            let requests = try audit.requests(since: mark)
            _ = await scene.process.stop()
            scene.tell(
                """
                \(lasted.text), \(healings.values.map(\.count).reduce(0, +)) faults, \(scene.process.starts) starts of \
                the operator, \(requests.count) requests of which \(requests.count(where: \.isWrite)) writes, peak RSS \
                \(scene.process.peakKilobytes / 1024) MiB, \(Int(scene.process.cpuSeconds)) s of the processor
                """
            )
            print("| fault | times | longest time to heal |\n|---|---|---|")
            for (fault, times) in healings.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                print("| \(fault.rawValue) | \(times.count) | \((times.max() ?? .zero).text) |")
            }
        }
    }
}
