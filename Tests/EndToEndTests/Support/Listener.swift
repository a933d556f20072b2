import NIOCore
import NIOPosix

/// A server's socket in this process: every connection is served by a task of its own, until the listener is stopped.
struct Listener: Sendable {
    let port: Int
    private let serving: Task<Void, Never>

    /// Begins to listen at a port of the system's choice.
    ///
    /// - Parameters:
    ///   - prepare: Gives a new connection its handlers.
    ///   - serve: Serves it to its end; what it throws ends that connection alone.
    init<In: Sendable, Out: Sendable>(
        host: String = "127.0.0.1",
        prepare: @escaping @Sendable (any Channel) throws -> NIOAsyncChannel<In, Out>,
        serve: @escaping @Sendable (NIOAsyncChannel<In, Out>) async throws -> Void
    ) async throws {
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: host, port: 0) { channel in
                channel.eventLoop.makeCompletedFuture { try prepare(channel) }
            }
        self.port = server.channel.localAddress?.port ?? 0
        self.serving = Task {
            try? await server.executeThenClose { connections in
                try await withThrowingDiscardingTaskGroup { group in
                    for try await connection in connections {
                        group.addTask { try? await serve(connection) }
                    }
                }
            }
        }
    }

    /// Takes no more connections, and waits until those that are open have ended; `closing` may see to that.
    func stop(closing: () -> Void = {}) async {
        self.serving.cancel()
        closing()
        await self.serving.value
    }
}
