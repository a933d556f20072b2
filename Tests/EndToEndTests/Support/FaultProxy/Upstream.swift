import JSON
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// The real API server, as a proxy or a test talks to it: HTTP/1.1, one connection for each request.
struct Upstream: Sendable {
    typealias Channel = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>

    let host: String
    let port: Int
    private let tls: NIOSSLContext

    /// - Parameter certificate: Who asks, as the files of a certificate and its key; `nil` for whoever the request's token says.
    init(host: String, port: Int, authority: String, certificate: (file: String, key: String)?) throws {
        self.host = host
        self.port = port
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .file(authority)
        if let certificate {
            configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(certificate.file).map {
                .certificate($0)
            }
            configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: certificate.key, format: .pem))
        }
        self.tls = try NIOSSLContext(configuration: configuration)
    }

    /// A connection for one request.
    func connect() async throws -> Channel {
        let tls = self.tls
        return try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connectTimeout(.seconds(5))
            .connect(host: self.host, port: self.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    // The API server's certificate names its address; there is no host name to ask for.
                    try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: nil))
                    try pipeline.addHTTPClientHandlers()
                    return try Channel(wrappingChannelSynchronously: channel)
                }
            }
    }
}

// MARK: - A test's own calls

extension Upstream {
    /// An answer that is no success.
    struct Refusal: Error, CustomStringConvertible {
        let call: String
        let code: Int
        let message: String
        var description: String { "\(self.call): \(self.code) \(self.message)" }
    }

    /// Sends one call and gives its whole answer.
    @discardableResult
    func call(
        _ method: HTTPMethod,
        _ target: String,
        _ body: JSONValue? = nil,
        contentType: String = "application/json"
    ) async throws -> JSONValue {
        var headers: HTTPHeaders = ["Host": "\(self.host):\(self.port)", "Accept": "application/json"]
        let bytes = body.map { ByteBuffer(bytes: $0.bytes()) }
        if let bytes {
            headers.add(name: "Content-Type", value: contentType)
            headers.add(name: "Content-Length", value: "\(bytes.readableBytes)")
        }
        let head = HTTPRequestHead(version: .http1_1, method: method, uri: target, headers: headers)
        let (code, answer) = try await self.connect().executeThenClose { inbound, outbound in
            try await outbound.write(.head(head))
            if let bytes { try await outbound.write(.body(.byteBuffer(bytes))) }
            try await outbound.write(.end(nil))
            var code = 0
            var answer = ByteBuffer()
            reading: for try await part in inbound {
                switch part {
                case .head(let head): code = Int(head.status.code)
                case .body(let chunk): answer.writeImmutableBuffer(chunk)
                case .end: break reading
                }
            }
            return (code, answer)
        }
        let json = try? JSONValue(parsing: Array(answer.readableBytesView))
        guard (200..<300).contains(code), let json else {
            let message = json?["message"]?.string ?? String(buffer: answer)
            throw Refusal(call: "\(method) \(target)", code: code, message: message)
        }
        return json
    }
}
