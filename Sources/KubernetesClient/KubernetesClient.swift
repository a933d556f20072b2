public import HTTPTransport
internal import JSON
internal import KubernetesAPI

/// The verbs of the Kubernetes API on one cluster.
///
/// *Guarantees*: every call has a deadline (``Options/callDeadline``); what is safe to send twice is tried again after a
/// passing failure (``RetryPolicy``), a POST only if the server did not take it. A refusal carries the server's whole
/// `Status`. No credential is ever part of an error.
///
/// *Cancellation*: cancelling the task ends the call at once with `.transport(.cancelled)`.
public struct KubernetesClient: Sendable {
    let transport: any HTTPTransport
    let credential: any Credential
    let options: Options
    /// Shared by all copies of the client.
    private let limiter: RateLimiter?

    /// What a client does beyond the single call.
    public struct Options: Sendable {
        /// What the API server's log calls this program.
        public var userAgent: String
        /// The time for one call with all its tries.
        ///
        /// Defaults to 30 s.
        public var callDeadline: Duration
        /// When a call is tried again.
        public var retry: RetryPolicy
        /// How many requests may go out in a time.
        ///
        /// Defaults to no limit: the API server's own fairness does that job, and knows more.
        public var rateLimit: RateLimit
        /// The monotonic time; tests bring their own clock.
        public var now: @Sendable () -> ContinuousClock.Instant
        /// How to wait; tests bring their own clock.
        public var sleep: @Sendable (Duration) async throws -> Void
        /// A number from 0 up to 1; tests bring their own.
        public var random: @Sendable () -> Double

        /// Options; the defaults fit controllers.
        public init(
            userAgent: String,
            callDeadline: Duration = .seconds(30),
            retry: RetryPolicy = RetryPolicy(),
            rateLimit: RateLimit = .none,
            now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now },
            sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
            random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
        ) {
            self.userAgent = userAgent
            self.callDeadline = callDeadline
            self.retry = retry
            self.rateLimit = rateLimit
            self.now = now
            self.sleep = sleep
            self.random = random
        }
    }

    /// A client of the server that the transport is bound to.
    public init(transport: any HTTPTransport, credential: any Credential, options: Options) {
        self.transport = transport
        self.credential = credential
        self.options = options
        self.limiter = RateLimiter(options)
    }

    /// Closes the connections; calls under way fail with `.transport(.closed)`.
    public func close() async {
        await self.transport.close()
    }
}

// MARK: - One call, from the request to the tree

/// A request before it knows its credential.
struct Call {
    var operation: KubernetesClientError.Operation
    var method: String
    var target: String
    var body: JSONValue?
    var contentType = "application/json"
    var accept = "application/json"
    /// How the answer is read.
    var limits = JSONLimits.standard
    var repeatability: RetryPolicy.Repeatability
}

/// The largest answer to a single call.
///
/// Kubernetes bounds an object at 1.5 MiB (etcd's limit); the rest is air.
private let answerLimit = 32 << 20

extension KubernetesClient {
    /// Sends a call, again where the policy says so, and reads its answer.
    func perform(_ call: Call) async throws(KubernetesClientError) -> JSONValue {
        try await self.repeating(call) { response throws(KubernetesClientError.Cause) in
            try parsed(await collected(response)[...], limits: call.limits)
        }
    }

    /// Sends a call until `read` has its result or the policy gives up.
    ///
    /// `read` may run more than once, and must then begin anew.
    func repeating<Result>(
        _ call: Call,
        read: (HTTPResponse) async throws(KubernetesClientError.Cause) -> Result
    ) async throws(KubernetesClientError) -> Result {
        let end = self.options.now() + self.options.callDeadline
        var attempt = 1
        while true {
            let cause: KubernetesClientError.Cause
            do throws(KubernetesClientError.Cause) {
                return try await read(self.opened(call, until: .instant(end)))
            } catch {
                cause = error
            }
            let pause = self.options.retry.pause(
                after: cause,
                attempt: attempt,
                repeatability: call.repeatability,
                random: self.options.random()
            )
            guard let pause, self.options.now() + pause < end else {
                throw KubernetesClientError(operation: call.operation, cause: cause)
            }
            attempt += 1
            do {
                try await self.options.sleep(pause)
            } catch {
                throw KubernetesClientError(operation: call.operation, cause: .transport(.cancelled))
            }
        }
    }

    /// How long one try may take.
    enum Limit {
        /// For a call that has one answer.
        case instant(ContinuousClock.Instant)
        /// For a stream, which lasts as long as something comes.
        case silence(Duration)
    }

    /// Sends a call and returns when its head says that it succeeded.
    ///
    /// Where the server does not know the caller the call is sent a second time if there is another credential by then:
    /// a token may have been exchanged since it was read.
    func opened(_ call: Call, until limit: Limit) async throws(KubernetesClientError.Cause) -> HTTPResponse {
        let first = try await self.sent(call, until: limit)
        guard first.response.status == 401, await self.credential.invalidate(first.shown) else {
            return try await accepted(first.response)
        }
        let second = try await self.sent(call, until: limit)
        if second.response.status == 401 {
            _ = await self.credential.invalidate(second.shown)
        }
        return try await accepted(second.response)
    }

    private func sent(
        _ call: Call,
        until limit: Limit
    ) async throws(KubernetesClientError.Cause) -> (response: HTTPResponse, shown: [(name: String, value: String)]) {
        let shown: [(name: String, value: String)]
        do throws(CredentialError) {
            shown = try await self.credential.headers()
        } catch {
            if error == .cancelled { throw .transport(.cancelled) }
            throw .credential("\(error)")
        }
        var headers = [(name: "Accept", value: call.accept), (name: "User-Agent", value: self.options.userAgent)]
        headers += shown
        if call.body != nil {
            headers.append((name: "Content-Type", value: call.contentType))
        }
        do throws(HTTPTransportError) {
            try await self.limiter?.waitForTurn()
            let request = HTTPRequest(
                method: call.method,
                target: call.target,
                headers: headers,
                body: call.body?.bytes(),
                deadline: try self.deadline(limit)
            )
            return (try await self.transport.send(request), shown)
        } catch {
            throw .transport(error)
        }
    }

    /// What is left of the time, after the credential and the turn have been waited for.
    private func deadline(_ limit: Limit) throws(HTTPTransportError) -> HTTPRequest.Deadline {
        switch limit {
        case .silence(let duration): return .stream(idle: duration)
        case .instant(let end):
            let left = end - self.options.now()
            guard left > .zero else { throw .timedOut("before it was sent") }
            return .within(left)
        }
    }
}

private func accepted(_ response: HTTPResponse) async throws(KubernetesClientError.Cause) -> HTTPResponse {
    guard (200..<300).contains(response.status) else { throw .refused(try await refusal(of: response)) }
    return response
}

func collected(_ response: HTTPResponse) async throws(KubernetesClientError.Cause) -> [UInt8] {
    do {
        return try await response.body.collect(limit: answerLimit)
    } catch {
        throw .transport(error)
    }
}

func parsed(
    _ bytes: ArraySlice<UInt8>,
    limits: JSONLimits = .standard
) throws(KubernetesClientError.Cause) -> JSONValue {
    do {
        return try JSONValue(parsing: bytes, limits: limits)
    } catch {
        throw .unreadableAnswer("\(error)")
    }
}

/// The `Status` in a refusal; one is made up where a proxy answered instead of the API server.
private func refusal(of response: HTTPResponse) async throws(KubernetesClientError.Cause) -> KubernetesStatus {
    let bytes = try await collected(response)
    var status: KubernetesStatus
    if let json = try? JSONValue(parsing: bytes), json["kind"]?.string == "Status" {
        status = KubernetesStatus(json: json)
    } else {
        let text = String(decoding: bytes.prefix(200), as: UTF8.self)
        status = KubernetesStatus(code: response.status, reason: "", message: text)
    }
    if status.code == 0 {
        status.code = response.status
    }
    if let seconds = response.header("retry-after").flatMap(Int64.init), seconds >= 0 {
        status.details.retryAfterSeconds = seconds
    }
    return status
}
