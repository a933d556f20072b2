public import HTTPTransport
internal import JSON
internal import Locks

/// A client's connection to a ``SimulatedAPIServer``.
///
/// *Cancellation*: ends a request or a stream at once.
public final class SimulatedConnection: HTTPTransport {
    let server: SimulatedAPIServer
    private let user: String
    private let closing = Signal()

    init(to server: SimulatedAPIServer, user: String) {
        self.server = server
        self.user = user
    }

    /// Whether it was closed, or has died by ``Fault/die``.
    public var isClosed: Bool { self.closing.isGiven }

    /// Waits until it was closed, or has died by ``Fault/die``.
    public func waitUntilClosed() async { await self.closing.wait() }

    /// Ends all streams; afterwards the server hears of nothing more.
    public func close() async { self.closing.give() }

    /// Sends a request to the server, unless a fault prevents it.
    public func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
        guard !self.closing.isGiven else { throw .closed }
        guard !Task.isCancelled else { throw .cancelled }
        switch self.received(request) {
        case .answer(let answer):
            return self.response(to: request, answer)
        case .failure(let error):
            throw error
        case .silence:
            throw await self.silence(request.headTimeout, "response head")
        case .death:
            self.closing.give()
            throw .closed
        }
    }

    // MARK: The server's side

    private enum Reception {
        case answer(SimulatedAnswer)
        case failure(HTTPTransportError)
        case silence
        case death
    }

    private func received(_ http: HTTPRequest) -> Reception {
        self.server.change { content in
            let request: APIRequest
            do throws(APIFailure) {
                request = try APIRequest(http, resources: content.state.resources)
            } catch {
                return .answer(SimulatedAnswer(error))
            }
            let summary = request.summary(user: self.user)
            // Asked again under the lock: what is dead must not write any more.
            guard !self.closing.isGiven else { return .failure(.closed) }
            let fault = content.faults.fault(for: summary)?.action
            var answer: SimulatedAnswer
            switch fault {
            case .refuseConnection:
                return .failure(.couldNotConnect("connection refused"))
            case .respond(let refusal):
                answer = SimulatedAnswer(refusal)
            case .olderState(let versions) where !summary.verb.isWrite:
                var past = content.state
                past.store.rewind(by: versions)
                answer = SimulatedAnswer(request, &past)
            case .silence:
                content.log.append(summary.answered(0, content))
                return .silence
            default:
                answer = SimulatedAnswer(request, &content.state)
            }
            content.log.append(summary.answered(answer.code, name: answer.name, content))
            switch fault {
            case .loseAnswer: return .failure(.connectionLost("the connection was reset"))
            case .die:
                self.closing.give()
                return .death
            default:
                answer.fault = fault
                return .answer(answer)
            }
        }
    }

    // MARK: The way back

    private func response(to request: HTTPRequest, _ answer: SimulatedAnswer) -> HTTPResponse {
        let body: HTTPBody
        switch answer.content {
        case .document(let json):
            body = SimulatedBody(bytes: json.bytes(), answer.fault).body(
                closing: self.closing,
                self.server.options.time
            )
        case .watch(let cursor):
            let stream = SimulatedWatch(
                cursor,
                of: self.server,
                closing: self.closing,
                idle: request.deadline.idle,
                fault: answer.fault
            )
            body = HTTPBody { () async throws(HTTPTransportError) -> [UInt8]? in try await stream.next() }
        }
        return HTTPResponse(
            status: answer.code,
            headers: [(name: "content-type", value: "application/json")] + answer.headers,
            body: body
        )
    }

    private func silence(_ limit: Duration, _ what: String) async -> HTTPTransportError {
        await waited(for: self.closing, upTo: limit, self.server.options.time)
            ? .closed : Task.isCancelled ? .cancelled : .timedOut(what)
    }
}

extension HTTPRequest.Deadline {
    fileprivate var idle: Duration {
        switch self {
        case .within(let limit): limit
        case .stream(let idle): idle
        }
    }
}

extension SimulatedRequest {
    fileprivate func answered(
        _ code: Int,
        name: String? = nil,
        _ content: SimulatedAPIServer.Content
    ) -> SimulatedResponse {
        SimulatedResponse(
            request: self,
            code: code,
            name: name ?? self.name,
            version: content.state.store.version
        )
    }
}
