/// Why a request got no answer, or only a part of one.
public enum HTTPTransportError: Error, Sendable, Equatable {
    /// The request cannot be sent as it is: a bad URL, a bad header, a certificate or key that cannot be read.
    case invalidRequest(String)
    /// The host's name has no address.
    case hostNotFound(String)
    /// No connection: refused, unreachable, or not there in time.
    case couldNotConnect(String)
    /// The server's certificate is not trusted.
    case certificateNotTrusted(String)
    /// TLS failed in another way, for example because the server wants a client certificate.
    case tlsFailed(String)
    /// The time allowed is over; says which (`response head`, `whole request`, `idle stream`).
    case timedOut(String)
    /// The connection broke after the request went out, or in the middle of the body.
    case connectionLost(String)
    /// The body is larger than its reader accepts; the limit in bytes.
    case bodyTooLarge(limit: Int)
    /// The sender was not, or no longer, allowed to send it; why, in one line.
    case withheld(String)
    /// The task was cancelled.
    case cancelled
    /// The transport was closed.
    case closed

    /// Whether the server can't have seen the request, so that even a POST may be sent again.
    public var wasNeverSent: Bool {
        switch self {
        case .hostNotFound, .couldNotConnect, .certificateNotTrusted, .tlsFailed, .invalidRequest, .withheld: true
        case .timedOut, .connectionLost, .bodyTooLarge, .cancelled, .closed: false
        }
    }
}

extension HTTPTransportError: CustomStringConvertible {
    /// One line for people.
    public var description: String {
        switch self {
        case .invalidRequest(let why): "the request cannot be sent: \(why)"
        case .hostNotFound(let why): "the host's name is unknown: \(why)"
        case .couldNotConnect(let why): "no connection: \(why)"
        case .certificateNotTrusted(let why): "the server's certificate is not trusted: \(why)"
        case .tlsFailed(let why): "TLS failed: \(why)"
        case .timedOut(let what): "timed out (\(what))"
        case .connectionLost(let why): "the connection broke: \(why)"
        case .bodyTooLarge(let limit): "the answer is larger than \(limit) bytes"
        case .withheld(let why): "not sent: \(why)"
        case .cancelled: "cancelled"
        case .closed: "the transport is closed"
        }
    }
}
