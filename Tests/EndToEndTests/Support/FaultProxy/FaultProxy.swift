import NIOCore
import NIOHTTP1
import NIOSSL
import Synchronization

/// Stands between the operator and the API server and does to each request what a test's plan says.
///
/// It speaks TLS on both sides, and HTTP/1.1, so that an answer can be cut at any byte.
final class FaultProxy: Sendable {
    typealias Plan = @Sendable (ProxiedRequest) -> Treatment
    typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

    private struct State {
        var plan: Plan = { _ in .forward }
        var tls: NIOSSLContext
        var requests: [ProxiedRequest] = []
        var connections: [ObjectIdentifier: any Channel] = [:]
        var listener: Listener?
    }

    private let upstream: Upstream
    private let state: Mutex<State>

    /// A proxy that does not listen yet.
    ///
    /// - Parameter certificate: What the operator is shown.
    init(to upstream: Upstream, certificate: ServerCertificate) throws {
        self.upstream = upstream
        self.state = Mutex(State(tls: try certificate.context()))
    }

    /// Where it listens.
    var port: Int { self.state.withLock { $0.listener?.port ?? 0 } }

    /// Everything that was asked so far.
    var requests: [ProxiedRequest] { self.state.withLock { $0.requests } }

    /// Has every request treated by a plan from now on; nothing but the answers of the requests under way changes.
    func follow(_ plan: @escaping Plan) {
        self.state.withLock { $0.plan = plan }
    }

    /// Lets everything through from now on.
    func behave() { self.follow { _ in .forward } }

    /// Shows another certificate to whoever connects from now on.
    func show(_ certificate: ServerCertificate) throws {
        let tls = try certificate.context()
        self.state.withLock { $0.tls = tls }
    }

    /// Breaks all connections that are open.
    func breakConnections() {
        for channel in self.state.withLock({ Array($0.connections.values) }) {
            channel.close(promise: nil)
        }
    }

    /// Begins to listen and to answer.
    func start() async throws {
        let listener = try await Listener(
            prepare: { try self.prepare($0) },
            // A connection that breaks is what this proxy is for.
            serve: { try await self.serve($0) }
        )
        self.state.withLock { $0.listener = listener }
    }

    /// Ends it.
    func stop() async {
        await self.state.withLock { $0.listener }?.stop(closing: self.breakConnections)
    }

    private func prepare(_ channel: any Channel) throws -> Connection {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(NIOSSLServerHandler(context: self.state.withLock { $0.tls }))
        try pipeline.configureHTTPServerPipeline()
        let id = ObjectIdentifier(channel)
        self.state.withLock { $0.connections[id] = channel }
        channel.closeFuture.whenComplete { _ in self.state.withLock { $0.connections[id] = nil } }
        return try Connection(wrappingChannelSynchronously: channel)
    }

    private func serve(_ connection: Connection) async throws {
        try await connection.executeThenClose { inbound, outbound in
            var request: ProxyExchange.Request?
            for try await part in inbound {
                switch part {
                case .head(let head): request = ProxyExchange.Request(head: head, body: ByteBuffer())
                case .body(let chunk): request?.body.writeImmutableBuffer(chunk)
                case .end:
                    guard let whole = request else { return }
                    let treatment = self.treatment(of: ProxiedRequest(whole.head, time: .now))
                    let exchange = ProxyExchange(whole, on: connection.channel, outbound, upstream: self.upstream)
                    guard try await exchange.perform(treatment) else { return }
                }
            }
        }
    }

    private func treatment(of request: ProxiedRequest) -> Treatment {
        let plan = self.state.withLock { state in
            state.requests.append(request)
            return state.plan
        }
        return plan(request)
    }
}
