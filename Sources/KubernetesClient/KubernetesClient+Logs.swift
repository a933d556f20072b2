internal import HTTPTransport
public import KubernetesAPI

/// Which part of a container's log is meant.
public struct LogSelection: Sendable, Equatable {
    /// The container; `nil` where the pod has only one.
    public var container: String?
    /// Whether the log of the container's former run is meant, which a restart has ended.
    public var isPrevious = false
    /// Whether to go on with what the container writes from now on, until it ends.
    public var follows = false
    /// How many lines of the end; `nil` for all.
    public var tail: Int?
    /// How many seconds back; `nil` for all.
    public var sinceSeconds: Int64?

    /// The log of a container from its beginning on.
    public init(container: String? = nil) {
        self.container = container
    }
}

/// The lines of a log, one after the other, for one reader.
public struct LogStream {
    /// A line may be this long; what is longer comes in pieces.
    static let longestLine = 64 << 10

    private let operation: KubernetesClientError.Operation
    private let body: HTTPBody
    private var buffer: [UInt8] = []
    private var isAtEnd = false

    init(operation: KubernetesClientError.Operation, body: HTTPBody) {
        self.operation = operation
        self.body = body
    }

    /// The next line without its line feed; `nil` at the end.
    ///
    /// Bytes that are no UTF-8 are replaced.
    public mutating func next() async throws(KubernetesClientError) -> String? {
        do throws(KubernetesClientError.Cause) {
            while true {
                if let end = self.buffer.firstIndex(of: UInt8(ascii: "\n")) {
                    return self.take(end, dropping: 1)
                }
                if self.buffer.count > Self.longestLine { return self.take(Self.longestLine, dropping: 0) }
                if self.isAtEnd { return self.buffer.isEmpty ? nil : self.take(self.buffer.count, dropping: 0) }
                if let chunk = try await nextChunk(of: self.body) {
                    self.buffer += chunk
                } else {
                    self.isAtEnd = true
                }
            }
        } catch {
            throw KubernetesClientError(operation: self.operation, cause: error)
        }
    }

    private mutating func take(_ count: Int, dropping separator: Int) -> String {
        let line = String(decoding: self.buffer[..<count], as: UTF8.self)
        self.buffer.removeFirst(count + separator)
        return line
    }
}

extension KubernetesClient {
    /// Opens the log of a container.
    ///
    /// - Parameters:
    ///   - pod: Whose log.
    ///   - selection: Which container's, and how much of it.
    ///   - idle: A log that is followed is given up when nothing came for so long.
    /// - Throws: ``KubernetesClientError``; the server refuses with 400 while the container has not started, and says why.
    public func log(
        _ pod: ObjectKey,
        _ selection: LogSelection,
        idle: Duration
    ) async throws(KubernetesClientError) -> LogStream {
        var query = Query()
        query.append("container", selection.container ?? "")
        query.append("follow", selection.follows ? "true" : "")
        query.append("previous", selection.isPrevious ? "true" : "")
        query.append("tailLines", selection.tail.map { "\($0)" } ?? "")
        query.append("sinceSeconds", selection.sinceSeconds.map { "\($0)" } ?? "")
        let call = Call(
            operation: operation("get", .pods, pod, subresource: "log"),
            method: "GET",
            target: query.target(ResourceType.pods.path(pod, subresource: "log")),
            // The log is plain text, a refusal is JSON.
            accept: "application/json, */*",
            repeatability: .harmless
        )
        do throws(KubernetesClientError.Cause) {
            let response = try await self.opened(call, until: .silence(idle))
            return LogStream(operation: call.operation, body: response.body)
        } catch {
            throw KubernetesClientError(operation: call.operation, cause: error)
        }
    }
}
