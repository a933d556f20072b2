internal import HTTPTransport

/// Holds a transfer's body for its reader; ends the transfer when the reader drops it.
final class BodyReader: Sendable {
    private let transfer: Transfer

    init(_ transfer: Transfer) {
        self.transfer = transfer
    }

    deinit {
        self.transfer.abandon()
    }

    /// Waits for the next chunk; `nil` at the end.
    func next() async throws(HTTPTransportError) -> [UInt8]? {
        try await self.transfer.nextChunk()
    }
}
