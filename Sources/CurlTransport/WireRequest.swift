internal import HTTPTransport

/// A request that was checked, in the form in which libcurl takes it.
struct WireRequest: Sendable {
    let method: String
    let url: String
    /// One line each, as libcurl reads them.
    let headerLines: [String]
    let body: [UInt8]?
    let deadline: HTTPRequest.Deadline
    let headTimeout: Duration
    let sendBy: ContinuousClock.Instant?

    /// Whether the server may see the request twice without harm, so that libcurl may send it again by itself.
    var isRepeatable: Bool {
        self.method == "GET" || self.method == "HEAD"
    }

    init(_ request: HTTPRequest, settings: ConnectionSettings) throws(HTTPTransportError) {
        guard Self.isToken(request.method) else {
            throw .invalidRequest("\"\(request.method)\" is not a method")
        }
        guard request.target.first == "/", request.target.utf8.allSatisfy(Self.isAllowedInTarget) else {
            throw .invalidRequest("the target must begin with a slash, and be percent-encoded")
        }
        self.method = request.method
        self.url = settings.baseURL + request.target
        self.headerLines = try Self.headerLines(request.headers, settings: settings)
        self.body = request.body
        self.deadline = request.deadline
        self.headTimeout = request.headTimeout
        self.sendBy = request.sendBy
    }

    /// Visible ASCII, without the fragment's sign.
    static func isAllowedInTarget(_ byte: UInt8) -> Bool {
        (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "#")
    }

    private static func headerLines(
        _ headers: [(name: String, value: String)],
        settings: ConnectionSettings
    ) throws(HTTPTransportError) -> [String] {
        // A name without a value takes back what libcurl would add by itself: waiting for "100 Continue" costs a second
        // with servers that do not send it, and a body is no web form unless the caller says so.
        var lines = ["Expect:"]
        var hasContentType = false
        for (name, value) in headers {
            // The value is never part of the error: it may be a token.
            guard self.isToken(name) else { throw .invalidRequest("\"\(name)\" is not a header's name") }
            let lowercased = name.lowercased()
            guard self.ownHeaders.contains(lowercased) == false else {
                throw .invalidRequest("the header \(name) is set by the transport")
            }
            guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                throw .invalidRequest("the value of the header \(name) holds a control character")
            }
            hasContentType = hasContentType || lowercased == "content-type"
            // An empty value must be spelled with a semicolon, otherwise libcurl leaves the header out.
            let isBlank = value.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 }
            lines.append(isBlank ? "\(name);" : "\(name): \(value)")
        }
        if hasContentType == false {
            lines.append("Content-Type:")
        }
        if let hostHeader = settings.hostHeader {
            lines.append("Host: \(hostHeader)")
        }
        return lines
    }

    /// What describes the connection or the message's framing.
    private static let ownHeaders: Set<String> = [
        "connection", "content-length", "expect", "host", "keep-alive", "proxy-connection", "te", "trailer",
        "transfer-encoding", "upgrade",
    ]

    /// RFC 9110, 5.6.2.
    private static func isToken(_ text: String) -> Bool {
        text.isEmpty == false
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
