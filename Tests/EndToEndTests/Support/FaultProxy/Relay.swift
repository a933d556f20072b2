import NIOCore
import NIOPosix
import Synchronization

/// Passes bytes between the operator and the API server without reading them, HTTP/2 and TLS as they are; and stops to, as
/// dead machines, full tables and forgotten routes do.
final class Relay: Sendable {
    private typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    private struct State {
        var host: String
        var upstreamPort: Int
        /// Connections up to this number are frozen: both ends stay open, and nothing passes.
        var frozenUpTo = 0
        var isFrozen = false
        var accepted = 0
        var connections: [Int: any Channel] = [:]
        var listener: Listener?
    }

    private let state: Mutex<State>

    init(toHost host: String, port: Int) {
        self.state = Mutex(State(host: host, upstreamPort: port))
    }

    /// Leads new connections elsewhere.
    func lead(toHost host: String, port: Int) {
        self.state.withLock {
            $0.host = host
            $0.upstreamPort = port
        }
    }

    /// Where it listens.
    var port: Int { self.state.withLock { $0.listener?.port ?? 0 } }

    /// How many connections were opened so far.
    var accepted: Int { self.state.withLock { $0.accepted } }

    /// Nothing passes any more on the connections that are open, for ever; new ones are as they should be.
    func freezeOpenConnections() {
        self.state.withLock { $0.frozenUpTo = $0.accepted }
    }

    /// Nothing passes any more, on new connections neither, though they are accepted; until ``thaw()``.
    func freeze() {
        self.state.withLock { $0.isFrozen = true }
    }

    /// What was frozen by ``freeze()`` goes on.
    func thaw() {
        self.state.withLock { $0.isFrozen = false }
    }

    /// Breaks all connections that are open.
    func breakConnections() {
        for channel in self.state.withLock({ Array($0.connections.values) }) {
            channel.close(promise: nil)
        }
    }

    /// Begins to listen and to pass on.
    func start() async throws {
        let listener = try await Listener(
            prepare: { try Connection(wrappingChannelSynchronously: $0) },
            // A connection that breaks is what this relay is for.
            serve: { try await self.relay($0) }
        )
        self.state.withLock { $0.listener = listener }
    }

    /// Ends it.
    func stop() async {
        await self.state.withLock { $0.listener }?.stop(closing: self.breakConnections)
    }

    private func relay(_ near: Connection) async throws {
        let number = self.state.withLock { state in
            state.accepted += 1
            state.connections[state.accepted] = near.channel
            return state.accepted
        }
        defer { self.state.withLock { $0.connections[number] = nil } }
        try await near.executeThenClose { nearIn, nearOut in
            let (host, port) = self.state.withLock { ($0.host, $0.upstreamPort) }
            let far = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connectTimeout(.seconds(5))
                .connect(host: host, port: port) { channel in
                    channel.eventLoop.makeCompletedFuture { try Connection(wrappingChannelSynchronously: channel) }
                }
            try await far.executeThenClose { farIn, farOut in
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { try? await self.pass(nearIn, to: farOut, number) }
                    group.addTask { try? await self.pass(farIn, to: nearOut, number) }
                    group.addTask { try? await near.channel.closeFuture.get() }
                    group.addTask { try? await far.channel.closeFuture.get() }
                    await group.next()
                    group.cancelAll()
                    // Who waits for the end of a channel is woken by that end alone.
                    near.channel.close(promise: nil)
                    far.channel.close(promise: nil)
                }
            }
        }
    }

    private func pass(
        _ source: NIOAsyncChannelInboundStream<ByteBuffer>,
        to target: NIOAsyncChannelOutboundWriter<ByteBuffer>,
        _ number: Int
    ) async throws {
        for try await bytes in source {
            while self.isFrozen(number) {
                try await Task.sleep(for: .milliseconds(20))
            }
            try await target.write(bytes)
        }
    }

    private func isFrozen(_ number: Int) -> Bool {
        self.state.withLock { $0.isFrozen || number <= $0.frozenUpTo }
    }
}
