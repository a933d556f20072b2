internal import Locks
public import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
public import ServiceLifecycle

/// A question to an endpoint.
public struct HTTPQuestion: Sendable, Equatable {
    /// The path, without the query.
    public var path: String
    /// What stands behind the question mark.
    public var query: String
    /// The token of an `Authorization: Bearer` header; `nil` without one.
    public var bearerToken: String?

    /// A question by its parts.
    public init(path: String, query: String = "", bearerToken: String? = nil) {
        self.path = path
        self.query = query
        self.bearerToken = bearerToken
    }
}

/// An answer of an endpoint.
public struct HTTPAnswer: Sendable, Equatable {
    /// The status code.
    public var status: Int
    /// What the text is.
    public var contentType: String
    /// The text.
    public var text: String

    /// An answer by its parts.
    public init(status: Int, contentType: String = "text/plain; charset=utf-8", text: String) {
        self.status = status
        self.contentType = contentType
        self.text = text
    }
}

/// A small HTTP/1.1 server for questions without a body: probes and metrics.
///
/// *Guarantees*: never more than ``maximumConnections`` connections; each of them has ``patience`` from its beginning, or
/// from its last answer, to its next answer's last byte, handshake included; a body of more than 4 KiB ends it. What is
/// neither GET nor HEAD gets 405.
public final class HTTPEndpoint: Service {
    /// How many connections there may be at a time; more are closed at once.
    public static let maximumConnections = 64
    /// How long a connection may take for a question and its answer.
    public static let patience = Duration.seconds(10)

    private typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

    private let name: String
    private let address: BindAddress
    private let identity: TLSIdentity?
    private let logger: Logger
    private let answer: @Sendable (HTTPQuestion) async -> HTTPAnswer
    private let connections = Locked(0)
    private let boundPort = Locked(0)

    /// An endpoint that listens from ``run()`` on.
    ///
    /// - Parameters:
    ///   - name: What log lines call it.
    ///   - address: Where it listens.
    ///   - identity: What it shows in TLS; `nil` for plain HTTP.
    ///   - logger: Where it tells what happens.
    ///   - answer: Answers a question.
    public init(
        name: String,
        address: BindAddress,
        identity: TLSIdentity?,
        logger: Logger,
        answer: @escaping @Sendable (HTTPQuestion) async -> HTTPAnswer
    ) {
        self.name = name
        self.address = address
        self.identity = identity
        self.logger = logger
        self.answer = answer
    }

    /// The port that it listens on; 0 before it does.
    public var port: Int {
        self.boundPort.withLock { $0 }
    }

    /// Answers until the process shuts down or the task is cancelled.
    ///
    /// - Throws: ``HTTPEndpointError`` where it cannot listen.
    public func run() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            try await self.listen(on: group)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
        try? await group.shutdownGracefully()
    }

    private func listen(on group: MultiThreadedEventLoopGroup) async throws {
        let server = try await self.bound(on: group)
        let port = server.channel.localAddress?.port ?? self.address.port
        self.boundPort.withLock { $0 = port }
        self.logger.info(
            "serves \(self.name)",
            metadata: ["address": "\(self.address)", "port": "\(port)", "tls": "\(self.identity != nil)"]
        )
        do {
            try await cancelWhenGracefulShutdown {
                try await withThrowingDiscardingTaskGroup { tasks in
                    try await server.executeThenClose { connections in
                        for try await connection in connections {
                            tasks.addTask { await self.serve(connection) }
                        }
                    }
                    tasks.cancelAll()
                }
            }
        } catch {
            // Whoever is ended has nothing to complain of.
            guard Task.isCancelled || Task.isShuttingDownGracefully else { throw error }
        }
    }

    private func bound(on group: MultiThreadedEventLoopGroup) async throws -> NIOAsyncChannel<Connection, Never> {
        var failure: (any Error)?
        for host in self.address.hosts {
            do {
                return try await ServerBootstrap(group: group)
                    .serverChannelOption(.backlog, value: 64)
                    .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                    .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                    .bind(host: host, port: self.address.port) { channel in
                        channel.eventLoop.makeCompletedFuture { try self.prepare(channel) }
                    }
            } catch {
                failure = error
            }
        }
        let why = failure.map { "\($0)" } ?? ""
        throw HTTPEndpointError.cannotListen(name: self.name, address: self.address, why: why)
    }

    private func prepare(_ channel: any Channel) throws -> Connection {
        if let identity = self.identity {
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: identity.context()))
        }
        try channel.pipeline.syncOperations.configureHTTPServerPipeline()
        return try Connection(wrappingChannelSynchronously: channel)
    }

    // MARK: One connection

    private func serve(_ connection: Connection) async {
        let isOneTooMany = self.connections.withLock { count in
            count += 1
            return count > Self.maximumConnections
        }
        defer { self.connections.withLock { $0 -= 1 } }
        // A client that breaks off, or that speaks no TLS, is none of our errors.
        try? await connection.executeThenClose { questions, answers in
            if isOneTooMany { return }
            try await self.serve(connection.channel, questions, answers)
        }
    }

    private func serve(
        _ channel: any Channel,
        _ questions: NIOAsyncChannelInboundStream<HTTPServerRequestPart>,
        _ answers: NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>
    ) async throws {
        var alarm = self.alarm(channel)
        defer { alarm.cancel() }
        var head: HTTPRequestHead?
        var bodyBytes = 0
        for try await part in questions {
            switch part {
            case .head(let new):
                head = new
                bodyBytes = 0
            case .body(let bytes):
                bodyBytes += bytes.readableBytes
                guard bodyBytes <= 4096 else { return }
            case .end:
                guard let asked = head else { return }
                head = nil
                try await self.reply(to: asked, answers)
                guard asked.isKeepAlive else { return }
                alarm.cancel()
                alarm = self.alarm(channel)
            }
        }
    }

    /// Closes a connection whose time is over.
    private func alarm(_ channel: any Channel) -> Scheduled<Void> {
        channel.eventLoop.scheduleTask(in: .seconds(Self.patience.components.seconds)) {
            channel.close(promise: nil)
        }
    }

    private func reply(
        to head: HTTPRequestHead,
        _ answers: NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>
    ) async throws {
        let isRead = head.method == .GET || head.method == .HEAD
        let answer = isRead ? await self.answer(question(head)) : HTTPAnswer(status: 405, text: "only GET\n")
        let body = ByteBuffer(string: answer.text)
        var headers = HTTPHeaders([
            ("Content-Type", answer.contentType), ("Content-Length", "\(body.readableBytes)"),
            ("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store"),
        ])
        if answer.status == 401 { headers.add(name: "WWW-Authenticate", value: "Bearer") }
        if !head.isKeepAlive { headers.add(name: "Connection", value: "close") }
        let status = HTTPResponseStatus(statusCode: answer.status)
        try await answers.write(.head(HTTPResponseHead(version: head.version, status: status, headers: headers)))
        if head.method != .HEAD { try await answers.write(.body(.byteBuffer(body))) }
        try await answers.write(.end(nil))
    }
}

private func question(_ head: HTTPRequestHead) -> HTTPQuestion {
    let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let authorization = head.headers.first(name: "Authorization") ?? ""
    let words = authorization.split(separator: " ", maxSplits: 1)
    let isBearer = words.count == 2 && words[0].lowercased() == "bearer"
    return HTTPQuestion(
        path: String(parts.first ?? ""),
        query: parts.count > 1 ? String(parts[1]) : "",
        bearerToken: isBearer ? String(words[1]) : nil
    )
}

/// Why an endpoint does not serve.
public enum HTTPEndpointError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The address can't be listened on; most often somebody else does.
    case cannotListen(name: String, address: BindAddress, why: String)

    /// One line for people.
    public var description: String {
        switch self {
        case .cannotListen(let name, let address, let why): "\(name): cannot listen on \(address): \(why)"
        }
    }
}
