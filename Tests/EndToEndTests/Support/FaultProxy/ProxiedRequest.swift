import NIOHTTP1

/// A request that came to the proxy: what a plan decides by, and what is counted.
struct ProxiedRequest: Sendable, CustomStringConvertible {
    let method: HTTPMethod
    let target: String
    /// The plural of what it is about; empty for discovery.
    let resource: String
    /// The object's name; empty for collections.
    let name: String
    let subresource: String
    let time: ContinuousClock.Instant

    init(_ head: HTTPRequestHead, time: ContinuousClock.Instant) {
        self.method = head.method
        self.target = head.uri
        self.time = time
        let path = head.uri.prefix { $0 != "?" }.split(separator: "/").map(String.init)
        // /api/v1/… or /apis/GROUP/VERSION/…
        var rest = path.dropFirst(path.first == "api" ? 2 : 3)
        if rest.first == "namespaces", rest.count > 2 { rest = rest.dropFirst(2) }
        let parts = Array(rest)
        self.resource = parts.first ?? ""
        self.name = parts.count > 1 ? parts[1] : ""
        self.subresource = parts.count > 2 ? parts[2] : ""
    }

    var isWatch: Bool { self.target.contains("watch=true") }

    var isList: Bool { self.method == .GET && !self.isWatch && self.name.isEmpty && !self.resource.isEmpty }

    var isWrite: Bool { [.POST, .PUT, .PATCH, .DELETE].contains(self.method) }

    /// What kind of thing it does, whatever the object is called.
    var kind: String {
        let verb = self.isWatch ? "WATCH" : self.isList ? "LIST" : self.method.rawValue
        return "\(verb) \(self.resource)" + (self.subresource.isEmpty ? "" : "/\(self.subresource)")
    }

    var description: String { "\(self.method.rawValue) \(self.target)" }
}

/// What the proxy does to a request.
enum Treatment: Sendable {
    /// The request goes through, and so does the answer.
    case forward
    /// The proxy answers in the API server's place, which never hears of it.
    case refuse(Int, retryAfter: Int? = nil)
    /// The API server carries it out, and the operator hears of a failure.
    case refuseAfterwards(Int)
    /// The API server never hears of it, and nobody answers.
    case swallow(@Sendable () -> Void)
    /// The API server carries it out, and nobody answers.
    case swallowAnswer(@Sendable () -> Void)
    /// The answer's body ends, and its connection with it, where the cut says.
    case cut(Cut)
}

/// Where an answer's body is cut: how many bytes of a chunk still pass, `nil` for all; it is asked chunk by chunk, and told
/// how many bytes have passed before.
typealias Cut = @Sendable (_ passed: Int, _ chunk: [UInt8]) -> Int?
