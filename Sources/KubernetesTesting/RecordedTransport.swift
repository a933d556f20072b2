public import HTTPTransport
public import JSON
internal import Locks

/// A transport without a network: it answers as the test says, and remembers what it was asked.
public final class RecordedTransport: HTTPTransport {
    /// What a request gets.
    public enum Answer: Sendable {
        /// A response whose body comes in these chunks and then ends as told.
        case response(status: Int, headers: [(name: String, value: String)], chunks: [[UInt8]], end: BodyEnd)
        /// No response at all.
        case failure(HTTPTransportError)
    }

    /// How a body ends behind its last chunk.
    public enum BodyEnd: Sendable {
        /// As it should.
        case complete
        /// In the middle.
        case failure(HTTPTransportError)
        /// Not at all: it is silent until its reader is cancelled or the transport is closed.
        case silence
    }

    private struct Content {
        var requests: [HTTPRequest] = []
        var isClosed = false
    }

    private let content = Locked(Content())
    private let closing = Signal()
    private let answer: @Sendable (HTTPRequest) async -> Answer

    /// A transport that works out each answer.
    public init(answering answer: @escaping @Sendable (HTTPRequest) async -> Answer) {
        self.answer = answer
    }

    /// A transport that gives these answers in turn; a request beyond the last one finds no server.
    public convenience init(_ answers: [Answer]) {
        let left = Locked(answers)
        self.init { _ in
            left.withLock { $0.isEmpty ? .failure(.couldNotConnect("no answer is left")) : $0.removeFirst() }
        }
    }

    /// The requests so far, in the order in which they came.
    public var requests: [HTTPRequest] {
        self.content.withLock { $0.requests }
    }

    /// Whether it was closed.
    public var isClosed: Bool {
        self.content.withLock { $0.isClosed }
    }

    /// Answers a request.
    public func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
        let isClosed = self.content.withLock { content in
            content.requests.append(request)
            return content.isClosed
        }
        guard !isClosed else { throw .closed }
        switch await self.answer(request) {
        case .failure(let error):
            throw error
        case .response(let status, let headers, let chunks, let end):
            return HTTPResponse(status: status, headers: headers, body: self.body(chunks, end))
        }
    }

    /// Ends the bodies that are silent.
    public func close() async {
        self.content.withLock { $0.isClosed = true }
        self.closing.give()
    }

    private func body(_ chunks: [[UInt8]], _ end: BodyEnd) -> HTTPBody {
        let left = Locked(chunks[...])
        let closing = self.closing
        return HTTPBody { () async throws(HTTPTransportError) -> [UInt8]? in
            if Task.isCancelled { throw .cancelled }
            if let chunk = left.withLock({ $0.popFirst() }) { return chunk }
            switch end {
            case .complete: return nil
            case .failure(let error): throw error
            case .silence: throw await closing.wait() ? .closed : .cancelled
            }
        }
    }
}

// MARK: - Answers

extension RecordedTransport.Answer {
    /// A success with a JSON body.
    public static func json(_ json: JSONValue, status: Int = 200) -> Self {
        .response(status: status, headers: [], chunks: [json.bytes()], end: .complete)
    }

    /// A refusal with a `Status` body.
    public static func refusal(
        _ status: Int,
        reason: String,
        message: String = "",
        headers: [(name: String, value: String)] = []
    ) -> Self {
        let json: JSONValue = [
            "kind": "Status", "apiVersion": "v1", "status": "Failure", "code": JSONValue(status),
            "reason": .string(reason), "message": .string(message),
        ]
        return .response(status: status, headers: headers, chunks: [json.bytes()], end: .complete)
    }

    /// A page of a list.
    public static func list(_ items: [JSONValue], version: String, continueToken: String = "") -> Self {
        .json([
            "kind": "List", "apiVersion": "v1",
            "metadata": ["resourceVersion": .string(version), "continue": .string(continueToken)],
            "items": .array(items),
        ])
    }

    /// A watch with these events, one a line.
    public static func watch(_ events: [JSONValue], end: RecordedTransport.BodyEnd) -> Self {
        .response(status: 200, headers: [], chunks: events.map { $0.bytes() + [UInt8(ascii: "\n")] }, end: end)
    }
}

extension HTTPRequest {
    /// The value of the first header of that name.
    public func header(_ name: String) -> String? {
        self.headers.first { $0.name == name }?.value
    }

    /// The body as JSON; `null` where it is none.
    public var json: JSONValue {
        guard let body = self.body, let json = try? JSONValue(parsing: body) else { return .null }
        return json
    }

    /// The target without its query.
    public var path: String {
        String(self.target.prefix { $0 != "?" })
    }
}
