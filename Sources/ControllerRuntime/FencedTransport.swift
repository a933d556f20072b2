public import HTTPTransport

/// A transport that lets no write through while this replica does not lead.
///
/// It asks immediately before it hands a request on, and the request carries the end of the lease with it
/// (`HTTPRequest.sendBy`), so that one that waits for a connection, or whose process is stopped meanwhile, is
/// not written after that.
///
/// What is left is a process that is stopped between the last look at the clock and the system call behind it, for longer
/// than the lease outlives the renew deadline (5 s by default): a write on its way cannot be called back, and Kubernetes
/// has nothing on its side that could refuse it.
public struct FencedTransport: HTTPTransport {
    private let transport: any HTTPTransport
    private let leadership: Leadership
    private let purpose: Leadership.Purpose

    /// A fence in front of a transport.
    public init(_ transport: any HTTPTransport, leadership: Leadership, purpose: Leadership.Purpose) {
        self.transport = transport
        self.leadership = leadership
        self.purpose = purpose
    }

    /// Sends a request that reads, or one that this replica may send.
    ///
    /// - Throws: `HTTPTransportError.withheld` for a write that it may not.
    public func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
        guard request.method != "GET", request.method != "HEAD" else {
            return try await self.transport.send(request)
        }
        var request = request
        switch self.leadership.writeLimit(for: self.purpose) {
        case .none: break
        case .until(let instant): request.sendBy = instant
        case .forbidden(let why): throw .withheld(why)
        }
        return try await self.transport.send(request)
    }

    /// Closes the transport behind the fence.
    public func close() async {
        await self.transport.close()
    }
}
