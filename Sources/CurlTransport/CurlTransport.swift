public import HTTPTransport

/// An HTTP transport over libcurl: HTTP/2 over TLS where the server offers it, otherwise HTTP/1.1.
///
/// Redirects are not followed, cookies are not kept, bodies are handed over as they were sent. A request that is not
/// `GET` or `HEAD` goes out at most once.
///
/// Calls (`HTTPRequest.Deadline.within(_:)`) and streams (`HTTPRequest.Deadline.stream(idle:)`) have a thread and
/// connections each: however many streams are open, and however slowly they are read, a call does not wait for them.
///
/// Dropping the transport closes it as ``close()`` does, without waiting.
public final class CurlTransport: HTTPTransport {
    private let settings: ConnectionSettings
    private let calls: CurlLoop
    private let streams: CurlLoop

    /// Prepares a transport; connections are opened when they are needed.
    ///
    /// - Throws: `HTTPTransportError.invalidRequest(_:)` where the configuration cannot be used.
    public init(configuration: Configuration) throws(HTTPTransportError) {
        let settings = try ConnectionSettings(configuration)
        self.settings = settings
        self.calls = try CurlLoop(
            name: "curl-calls",
            maximumConnections: settings.maximumConnections,
            settings: settings
        )
        do throws(HTTPTransportError) {
            self.streams = try CurlLoop(name: "curl-streams", maximumConnections: 0, settings: settings)
        } catch {
            self.calls.close()
            throw error
        }
    }

    deinit {
        self.calls.close()
        self.streams.close()
    }

    /// Sends a request and returns as soon as the response's head has come.
    ///
    /// Cancelling the task ends the transfer, before the head and while the body is read; so does dropping the body.
    ///
    /// - Throws: what went wrong before the head; what goes wrong later is thrown by the body.
    public func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
        let transfer = Transfer(try WireRequest(request, settings: self.settings), loop: self.loop(for: request))
        let head = try await transfer.head()
        let reader = BodyReader(transfer)
        return HTTPResponse(
            status: head.status,
            headers: head.headers,
            body: HTTPBody { () async throws(HTTPTransportError) in try await reader.next() }
        )
    }

    /// Ends all transfers with `HTTPTransportError.closed`, closes all connections, and waits until that is done.
    public func close() async {
        self.calls.close()
        await self.streams.closeAndWait()
        await self.calls.closeAndWait()
    }

    /// Ends all streams with `HTTPTransportError.connectionLost(_:)`, for a reason; calls go on.
    public func endStreams(_ why: String) {
        _ = self.streams.submit(.endAll(.connectionLost(why)))
    }

    private func loop(for request: HTTPRequest) -> CurlLoop {
        switch request.deadline {
        case .within: self.calls
        case .stream: self.streams
        }
    }
}
