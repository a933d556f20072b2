/// The seam between the Kubernetes client and the network.
///
/// A transport is bound to one server (scheme, host, port, trust and client certificate); a request names a path there.
public protocol HTTPTransport: Sendable {
    /// Sends a request and returns as soon as the response's head has come; the body is read from ``HTTPResponse/body``.
    ///
    /// Cancelling the task ends the transfer at once, before or after the head.
    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse

    /// Ends all transfers and closes all connections. Afterwards every ``send(_:)`` throws ``HTTPTransportError/closed``.
    func close() async
}

/// A request to the server that a transport is bound to.
public struct HTTPRequest: Sendable {
    /// The verb: `GET`, `POST` and so on.
    public var method: String
    /// Path and query, percent-encoded, beginning with a slash.
    public var target: String
    /// The headers in order.
    public var headers: [(name: String, value: String)]
    /// The body; `nil` for none.
    public var body: [UInt8]?
    /// The longest time from start to the last byte of the body.
    public var deadline: Deadline
    /// The response head must come within this time, whatever the deadline.
    public var headTimeout: Duration
    /// The request must not be written to a connection after this instant; `nil` for whenever.
    ///
    /// It is looked at last of all, when a connection is there and the request is about to go out.
    public var sendBy: ContinuousClock.Instant?

    /// How long a transfer may take as a whole.
    public enum Deadline: Sendable, Equatable {
        /// For a request that has one answer.
        case within(Duration)
        /// For a stream that is ended by the server, by cancelling, or by no byte coming for `idle`.
        case stream(idle: Duration)
    }

    /// A request; the defaults fit a single call of the Kubernetes API (30 s as a whole, 30 s to the head).
    public init(
        method: String,
        target: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8]? = nil,
        deadline: Deadline = .within(.seconds(30)),
        headTimeout: Duration = .seconds(30),
        sendBy: ContinuousClock.Instant? = nil
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.deadline = deadline
        self.headTimeout = headTimeout
        self.sendBy = sendBy
    }
}

/// The head of a response, and its body as it comes in.
public struct HTTPResponse: Sendable {
    /// The status code, for example 200.
    public var status: Int
    /// The headers in the order in which they came, names in lower case.
    public var headers: [(name: String, value: String)]
    /// The body's bytes as they come in.
    public var body: HTTPBody

    /// A response; transports and tests make them.
    public init(status: Int, headers: [(name: String, value: String)], body: HTTPBody) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first header of that name, given in lower case.
    public func header(_ name: String) -> String? {
        self.headers.first { $0.name == name }?.value
    }
}
