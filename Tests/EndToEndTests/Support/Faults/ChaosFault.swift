import Glibc
import JSON
import Synchronization
import Testing

/// One of the faults of a chaos run.
enum ChaosFault: String, CaseIterable, Sendable {
    case killed = "operator killed"
    case ended = "operator ended by SIGTERM"
    case halted = "operator halted (SIGSTOP)"
    case broken = "connections broken"
    case halfOpen = "connections half-open"
    case silent = "silence on all connections"
    case storm = "failures for answers"
    case cut = "watches cut at any byte"
    case unanswered = "writes that nobody answers"
    case serverStopped = "API server stopped"
    case serverKilled = "API server killed"
    case etcdKilled = "etcd killed"
    case compacted = "etcd compacted while disconnected"
    case older = "API server with older data"

    /// Does it, and returns when the world is whole again; the operator may not be yet.
    func strike(_ scene: FaultScene, _ chance: inout SeededGenerator) async throws {
        let relay = try scene.neededRelay()
        switch self {
        case .killed:
            for _ in 0..<Int.random(in: 1...5, using: &chance) {
                try await Self.last(.milliseconds(Int.random(in: 0...600, using: &chance)))
                await scene.process.kill()
                try scene.process.start()
            }
        case .ended:
            #expect(await scene.process.stop() == 0)
            try scene.process.start()
        case .halted:
            scene.process.signal(SIGSTOP)
            try await Self.last(.seconds(Int.random(in: 2...20, using: &chance)))
            scene.process.signal(SIGCONT)
        case .broken:
            for _ in 0..<Int.random(in: 1...4, using: &chance) {
                relay.breakConnections()
                try await Self.last(.milliseconds(Int.random(in: 50...800, using: &chance)))
            }
        case .halfOpen:
            relay.freezeOpenConnections()
        case .silent:
            relay.freeze()
            if Bool.random(using: &chance) { relay.breakConnections() }
            try await Self.last(.seconds(Int.random(in: 5...25, using: &chance)))
            relay.thaw()
        case .storm:
            let storm = Storm(chance)
            try await Self.proxied(scene, storm.treatment, .seconds(Int.random(in: 5...12, using: &chance)))
        case .cut:
            let limit = Int.random(in: 100...20_000, using: &chance)
            let plan: FaultProxy.Plan = { request in
                guard request.isWatch else { return .forward }
                return .cut { passed, chunk in passed + chunk.count > limit ? max(0, limit - passed) : nil }
            }
            try await Self.proxied(scene, plan, .seconds(Int.random(in: 5...12, using: &chance)))
        case .unanswered:
            let source = Mutex(chance)
            let plan: FaultProxy.Plan = { request in
                let isHit = source.withLock { Int.random(in: 0..<5, using: &$0) == 0 }
                guard request.isWrite, isHit else { return .forward }
                return .swallow {}
            }
            try await Self.proxied(scene, plan, .seconds(Int.random(in: 3...6, using: &chance)))
        case .serverStopped, .serverKilled, .etcdKilled, .compacted, .older:
            try await self.strikeServer(scene, relay, .milliseconds(Int.random(in: 0...6000, using: &chance)))
        }
    }

    private func strikeServer(_ scene: FaultScene, _ relay: Relay, _ pause: Duration) async throws {
        switch self {
        case .serverStopped:
            try await scene.plane.cluster("stop", "apiserver")
            try await Self.last(pause)
            try await scene.plane.cluster("start", "apiserver")
        case .serverKilled:
            try await scene.plane.cluster("stop", "--kill", "apiserver")
            try await Self.last(pause)
            try await scene.plane.cluster("start", "apiserver")
        case .etcdKilled:
            try await scene.plane.cluster("stop", "--kill", "etcd")
            try await Self.last(pause)
            try await scene.plane.cluster("start", "etcd")
        case .compacted:
            relay.freeze()
            relay.breakConnections()
            try await scene.plane.cluster("stop", "apiserver")
            try await scene.plane.cluster("compact")
            try await scene.plane.cluster("start", "apiserver")
            relay.thaw()
            relay.breakConnections()
        default:
            try await scene.settle(within: .seconds(300))
            try await scene.plane.cluster("restore", "chaos")
        }
        // It ends when it starts without an API server; a node's kubelet would start it again.
        try await scene.plane.cluster("start", "controller-manager")
    }

    /// As long as a fault lasts, and not a wait for something.
    private static func last(_ time: Duration) async throws {
        try await Task.sleep(for: time)
    }

    private static func proxied(_ scene: FaultScene, _ plan: @escaping FaultProxy.Plan, _ time: Duration) async throws {
        let (relay, proxy) = (try scene.neededRelay(), try scene.neededProxy())
        proxy.follow(plan)
        relay.lead(toHost: "127.0.0.1", port: proxy.port)
        relay.breakConnections()
        try await Self.last(time)
        proxy.behave()
        relay.lead(toHost: scene.plane.host, port: scene.plane.port)
        relay.breakConnections()
    }
}
