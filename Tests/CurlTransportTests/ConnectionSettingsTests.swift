import HTTPTransport
import Testing

@testable import CurlTransport

@Suite("Checking configurations")
struct ConnectionSettingsTests {
    @Test(
        "a server's URL is taken apart",
        arguments: [
            ("https://10.0.0.1", "https://10.0.0.1:443", "10.0.0.1:443"),
            ("https://10.0.0.1:6443/", "https://10.0.0.1:6443", "10.0.0.1:6443"),
            ("HTTP://host", "http://host:80", "host:80"),
            ("https://[::1]:6443/k8s/clusters/c-1/", "https://[::1]:6443/k8s/clusters/c-1", "[::1]:6443"),
        ]
    )
    func goodURLs(url: String, base: String, endpoint: String) throws {
        let settings = try ConnectionSettings(.init(server: url))
        #expect(settings.baseURL == base)
        #expect(settings.endpoint == endpoint)
    }

    @Test(
        "a URL that cannot be a server's is refused without repeating a password",
        arguments: [
            "", "host", "ftp://host", "https://", "https://user:hunter2@host", "https://h:0", "https://h:65536",
            "https://h:", "https://h:x", "https://[::1", "https://[zz]", "https://h/a?b", "https://h/a#b",
            "https://h/a b", "https://h\r\nx", "https://ho%20st",
        ]
    )
    func badURLs(url: String) {
        #expect {
            try ConnectionSettings(.init(server: url))
        } throws: { error in
            guard case .invalidRequest(let why)? = error as? HTTPTransportError else { return false }
            return why.contains("hunter2") == false && why.isEmpty == false
        }
    }

    @Test("a TLS server name stands in the URL, and the host where the connection goes")
    func tlsServerName() throws {
        var configuration = CurlTransport.Configuration(server: "https://10.0.0.1:6443/base")
        configuration.tlsServerName = "kubernetes.test"
        let settings = try ConnectionSettings(configuration)
        #expect(settings.baseURL == "https://kubernetes.test:6443/base")
        #expect(settings.connectTo == "kubernetes.test:6443:10.0.0.1:6443")
        #expect(settings.hostHeader == "10.0.0.1:6443")
        #expect(settings.endpoint == "10.0.0.1:6443")
    }

    @Test("what can be seen to be unusable is refused at once")
    func refusals() {
        let certificate = [UInt8](text: "-----BEGIN CERTIFICATE-----")
        let key = [UInt8](text: "-----BEGIN PRIVATE KEY-----")
        let encrypted = [UInt8](text: "-----BEGIN ENCRYPTED PRIVATE KEY-----")
        let changes: [(inout CurlTransport.Configuration) -> Void] = [
            { $0.trust = .certificates(pem: []) },
            { $0.clientCertificate = .init(certificate: [], key: key) },
            { $0.clientCertificate = .init(certificate: certificate, key: certificate) },
            { $0.clientCertificate = .init(certificate: certificate, key: encrypted) },
            { $0.tlsServerName = "a:b" },
            { $0.tlsServerName = "" },
            { $0.proxyURL = "proxy:3128" },
            { $0.proxyURL = "http://proxy:3128/\n" },
            { $0.userAgent = "a\r\nb" },
            { $0.connectTimeout = .zero },
            { $0.maximumConnections = 0 },
        ]
        for (index, change) in changes.enumerated() {
            var configuration = CurlTransport.Configuration(server: "https://h")
            change(&configuration)
            #expect(throws: HTTPTransportError.self, "change \(index)") { try ConnectionSettings(configuration) }
        }
    }
}

@Suite("Checking requests")
struct WireRequestTests {
    private func lines(_ headers: [(name: String, value: String)]) throws -> [String] {
        let settings = try ConnectionSettings(.init(server: "https://h"))
        let request = HTTPRequest(method: "GET", target: "/", headers: headers)
        return try WireRequest(request, settings: settings).headerLines
    }

    @Test("headers become lines; an empty value is kept, and what libcurl would add is taken back")
    func headers() throws {
        let lines = try self.lines([("Accept", "a/b"), ("X-Empty", "")])
        #expect(lines == ["Expect:", "Accept: a/b", "X-Empty;", "Content-Type:"])
        #expect(try self.lines([("content-TYPE", "a/b")]) == ["Expect:", "content-TYPE: a/b"])
    }

    @Test(
        "a header that would change the message is refused, and its value is not repeated",
        arguments: [
            ("", "hunter2"), ("A B", "hunter2"), ("A:", "hunter2"), ("A", "hunter2\r\nB: c"), ("A", "hunter2\u{0}"),
            ("Host", "hunter2"), ("Content-Length", "hunter2"), ("Transfer-Encoding", "hunter2"),
        ]
    )
    func badHeaders(name: String, value: String) {
        #expect {
            try self.lines([(name, value)])
        } throws: { error in
            guard case .invalidRequest(let why)? = error as? HTTPTransportError else { return false }
            return why.contains("hunter2") == false
        }
    }

    @Test(
        "a bad method or target is refused",
        arguments: [("G T", "/"), ("", "/"), ("GET", "x"), ("GET", "/a b"), ("GET", "/#"), ("GET", "/ä")]
    )
    func badRequests(method: String, target: String) throws {
        let settings = try ConnectionSettings(.init(server: "https://h"))
        #expect(throws: HTTPTransportError.self) {
            try WireRequest(HTTPRequest(method: method, target: target), settings: settings)
        }
    }
}
