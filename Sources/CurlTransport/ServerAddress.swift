internal import HTTPTransport

/// Where a server is, taken from its URL.
struct ServerAddress: Equatable {
    let isSecure: Bool
    /// As it stands in a URL: an IPv6 address in brackets.
    let host: String
    let port: Int
    /// Empty, or beginning with a slash and not ending with one.
    let basePath: String

    init(url: String) throws(HTTPTransportError) {
        // Only the part before the authority is shown in errors: what follows may hold a password.
        guard let separator = url.firstRange(of: "://") else {
            throw .invalidRequest("the server's URL has no scheme; it begins with https:// or http://")
        }
        switch url[..<separator.lowerBound].lowercased() {
        case "https": self.isSecure = true
        case "http": self.isSecure = false
        case let other: throw .invalidRequest("the server's URL has the scheme \(other); it must be https or http")
        }
        let rest = url[separator.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        var path = rest[authority.endIndex...]
        guard authority.contains("@") == false else {
            throw .invalidRequest("the server's URL holds a user name or password; credentials are given separately")
        }
        guard path.utf8.allSatisfy(WireRequest.isAllowedInTarget), path.contains("?") == false else {
            throw .invalidRequest("the path of the server's URL may hold neither a query nor blanks")
        }
        while path.last == "/" {
            path.removeLast()
        }
        self.basePath = String(path)
        (self.host, self.port) = try Self.split(authority, defaultPort: self.isSecure ? 443 : 80)
    }

    /// For people and for the `Host` header: the port is left out where the scheme implies it.
    var authority: String {
        self.port == (self.isSecure ? 443 : 80) ? self.host : self.hostAndPort
    }

    var hostAndPort: String {
        "\(self.host):\(self.port)"
    }

    /// Whether a name can stand as a host in a URL without changing the URL's meaning.
    static func isHostName(_ name: some StringProtocol) -> Bool {
        name.isEmpty == false
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    private static func split(
        _ authority: Substring,
        defaultPort: Int
    ) throws(HTTPTransportError) -> (String, Int) {
        let host: Substring
        let afterHost: Substring
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]"), self.isIPv6(authority[..<end].dropFirst()) else {
                throw .invalidRequest("the server's URL has a bad IPv6 address: \(authority)")
            }
            host = authority[...end]
            afterHost = authority[authority.index(after: end)...]
        } else {
            host = authority.prefix { $0 != ":" }
            afterHost = authority[host.endIndex...]
            guard self.isHostName(host) else {
                throw .invalidRequest("the server's URL has no usable host: \(authority)")
            }
        }
        guard afterHost.isEmpty == false else { return (String(host), defaultPort) }
        guard afterHost.first == ":", let port = Int(afterHost.dropFirst()), (1...65_535).contains(port) else {
            throw .invalidRequest("the server's URL has a bad port: \(authority)")
        }
        return (String(host), port)
    }

    private static func isIPv6(_ address: Substring) -> Bool {
        address.contains(":") && address.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
    }
}
