import JSON
import Testing

extension Faults {
    /// Connections that stay open and bring nothing.
    @Suite struct ConnectionTests {
        @Test("Connections whose other end has fallen silent are replaced, though they stay open")
        func halfOpen() async throws {
            try await FaultScene.with("half-open", route: .relay) { scene in
                let relay = try scene.neededRelay()
                try await scene.apply(Manifest.taskflow())
                try await scene.settle()
                relay.freezeOpenConnections()
                try await scene.apply(Manifest.taskflow("taskflow", ["version": "1.0.1"]))
                let healed = try await scene.settle(within: .seconds(240))
                scene.tell("half-open connections: a change was applied after \(healed.text)")
            }
        }

        @Test("A proxy that accepts everything and sends nothing is outlived")
        func silence() async throws {
            try await FaultScene.with("silence", route: .relay) { scene in
                let relay = try scene.neededRelay()
                try await scene.apply(Manifest.taskflow())
                try await scene.settle()
                let connections = relay.accepted
                relay.freeze()
                // So that it has calls under way, and watches to open, which nobody answers.
                relay.breakConnections()
                try await scene.apply(Manifest.taskflow("taskflow", ["version": "1.0.1"]))
                // As long as the fault lasts, and not a wait for something.
                try await Task.sleep(for: .seconds(40))
                let tries = relay.accepted - connections
                relay.thaw()
                let healed = try await scene.settle(within: .seconds(180))
                scene.tell("40 s of silence: \(tries) new connections; a change was applied \(healed.text) after it")
                // Eleven watches, and calls: each may try again a few times.
                #expect(tries < 150)
            }
        }
    }
}
