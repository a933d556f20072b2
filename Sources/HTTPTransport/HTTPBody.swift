/// A response body: chunks of bytes in the sizes in which they come, read once, by one reader.
///
/// The reader sets the pace: a transport holds back the sender when it does not read.
/// Ending the iteration early, by cancelling the task or by dropping the body, ends the transfer.
public struct HTTPBody: AsyncSequence, Sendable {
    /// A run of bytes; never empty.
    public typealias Element = [UInt8]
    /// What ends a body before its time.
    public typealias Failure = HTTPTransportError

    private let nextChunk: @Sendable () async throws(HTTPTransportError) -> [UInt8]?

    /// A body whose chunks are pulled by calling a function until it returns `nil`.
    public init(next: @escaping @Sendable () async throws(HTTPTransportError) -> [UInt8]?) {
        self.nextChunk = next
    }

    /// The next chunk; `nil` at the end.
    public func next() async throws(HTTPTransportError) -> [UInt8]? {
        try await self.nextChunk()
    }

    /// Reads to the end.
    ///
    /// - Throws: ``HTTPTransportError/bodyTooLarge(limit:)`` as soon as more than `limit` bytes have come.
    public func collect(limit: Int) async throws(HTTPTransportError) -> [UInt8] {
        var collected: [UInt8] = []
        while let chunk = try await self.nextChunk() {
            guard collected.count + chunk.count <= limit else { throw .bodyTooLarge(limit: limit) }
            collected.append(contentsOf: chunk)
        }
        return collected
    }

    /// Reads chunk by chunk.
    public func makeAsyncIterator() -> Iterator {
        Iterator(body: self)
    }

    /// Pulls one chunk after the other.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let body: HTTPBody

        /// The next chunk; `nil` at the end.
        public mutating func next() async throws(HTTPTransportError) -> [UInt8]? {
            try await self.body.next()
        }

        /// The next chunk; `nil` at the end.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(HTTPTransportError) -> [UInt8]? {
            try await self.body.next()
        }
    }
}
