import NIOCore
import NIOHTTP1

/// One request and its answer on their way through the proxy.
struct ProxyExchange: Sendable {
    struct Request: Sendable {
        var head: HTTPRequestHead
        var body: ByteBuffer
    }

    private let request: Request
    private let channel: any Channel
    private let outbound: NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>
    private let upstream: Upstream

    init(
        _ request: Request,
        on channel: any Channel,
        _ outbound: NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>,
        upstream: Upstream
    ) {
        self.request = request
        self.channel = channel
        self.outbound = outbound
        self.upstream = upstream
    }

    /// Does it; whether the connection is good for another request.
    func perform(_ treatment: Treatment) async throws -> Bool {
        switch treatment {
        case .forward:
            return try await self.forward(cut: nil)
        case .cut(let cut):
            return try await self.forward(cut: cut)
        case .refuse(let code, let retryAfter):
            try await self.refuse(code, retryAfter: retryAfter)
            return true
        case .refuseAfterwards(let code):
            try await self.carryOut()
            try await self.refuse(code, retryAfter: nil)
            return true
        case .swallow(let tell):
            tell()
            try await self.channel.closeFuture.get()
            return false
        case .swallowAnswer(let tell):
            try await self.carryOut()
            tell()
            try await self.channel.closeFuture.get()
            return false
        }
    }

    // MARK: The API server's side

    private func asked<Result: Sendable>(
        _ read: @Sendable (NIOAsyncChannelInboundStream<HTTPClientResponsePart>) async throws -> Result
    ) async throws -> Result {
        let connection = try await self.upstream.connect()
        // An operator that was killed takes its watches along.
        let whoAnswers = connection.channel
        self.channel.closeFuture.whenComplete { _ in whoAnswers.close(promise: nil) }
        var head = self.request.head
        head.headers.remove(name: "Expect")
        head.headers.replaceOrAdd(name: "Connection", value: "close")
        let body = self.request.body
        return try await connection.executeThenClose { [head] inbound, outbound in
            try await outbound.write(.head(head))
            if body.readableBytes > 0 { try await outbound.write(.body(.byteBuffer(body))) }
            try await outbound.write(.end(nil))
            return try await read(inbound)
        }
    }

    /// Has the API server do it, and waits until it has.
    private func carryOut() async throws {
        try await self.asked { inbound in
            for try await part in inbound {
                if case .end = part { return }
            }
        }
    }

    // MARK: The operator's side

    private func forward(cut: Cut?) async throws -> Bool {
        let outbound = self.outbound
        let isWhole = try await self.asked { inbound in
            var passed = 0
            for try await part in inbound {
                switch part {
                case .head(var head):
                    head.headers.remove(name: "Connection")
                    try await outbound.write(.head(head))
                case .body(let chunk):
                    if let rest = cut?(passed, Array(chunk.readableBytesView)) {
                        let last = chunk.getSlice(at: chunk.readerIndex, length: rest) ?? chunk
                        try await outbound.write(.body(.byteBuffer(last)))
                        return false
                    }
                    passed += chunk.readableBytes
                    try await outbound.write(.body(.byteBuffer(chunk)))
                case .end(let trailers):
                    try await outbound.write(.end(trailers))
                    return true
                }
            }
            return false
        }
        if !isWhole { self.channel.close(promise: nil) }
        return isWhole
    }

    private func refuse(_ code: Int, retryAfter: Int?) async throws {
        let body = ByteBuffer(
            string: #"{"kind":"Status","apiVersion":"v1","status":"Failure","message":"a fault","code":\#(code)}"#
        )
        var headers: HTTPHeaders = ["Content-Type": "application/json", "Content-Length": "\(body.readableBytes)"]
        if let retryAfter { headers.add(name: "Retry-After", value: "\(retryAfter)") }
        let status = HTTPResponseStatus(statusCode: code)
        try await self.outbound.write(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers)))
        try await self.outbound.write(.body(.byteBuffer(body)))
        try await self.outbound.write(.end(nil))
    }
}
