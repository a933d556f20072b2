internal import HTTPTransport
internal import Locks

/// A request and its answer, shared by the caller's task and the loop's thread.
final class Transfer: Sendable {
    let request: WireRequest
    private let loop: CurlLoop
    private let shared = Locked(Shared())

    private typealias HeadContinuation = CheckedContinuation<Result<ResponseHead, HTTPTransportError>, Never>
    private typealias ReaderContinuation = CheckedContinuation<Result<[UInt8]?, HTTPTransportError>, Never>

    private struct Shared: Sendable {
        var state = TransferState()
        /// Set while somebody waits for the head, or is to be told of it.
        var headWaiter: HeadContinuation?
        /// What he is to be told.
        var head: ResponseHead?
        /// Set exactly while the state says that somebody waits.
        var reader: ReaderContinuation?
    }

    init(_ request: WireRequest, loop: CurlLoop) {
        self.request = request
        self.loop = loop
    }

    // MARK: - The caller's side

    /// Begins the transfer and waits for the head.
    func head() async throws(HTTPTransportError) -> ResponseHead {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { self.start($0) }
        } onCancel: {
            self.abandon()
        }
        return try result.get()
    }

    /// Waits for the next chunk; `nil` at the end.
    func nextChunk() async throws(HTTPTransportError) -> [UInt8]? {
        if Task.isCancelled {
            self.abandon()
        }
        if let reading = self.shared.withLock({ $0.state.readIfReady() }), let result = self.perform(reading) {
            return try result.get()
        }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { self.read($0) }
        } onCancel: {
            self.abandon()
        }
        return try result.get()
    }

    /// Nobody wants the rest.
    func abandon() {
        let (stopsLoop, resume) = self.shared.withLock { shared in
            let (notification, stopsLoop) = shared.state.abandon()
            return (stopsLoop, Self.resumption(notification, &shared))
        }
        resume?()
        if stopsLoop {
            // A loop that is closed has stopped by itself.
            _ = self.loop.submit(.stop(self))
        }
    }

    private func start(_ continuation: HeadContinuation) {
        let refusal = self.shared.withLock { shared in
            let refusal = shared.state.start()
            if refusal == nil {
                shared.headWaiter = continuation
            }
            return refusal
        }
        if let refusal {
            continuation.resume(returning: .failure(refusal))
        } else if self.loop.submit(.start(self)) == false {
            self.finish(.closed)
        }
    }

    private func read(_ continuation: ReaderContinuation) {
        // The state is asked again: bytes may have come since it was looked at.
        let reading = self.shared.withLock { shared in
            let reading = shared.state.read()
            if reading == .wait {
                shared.reader = continuation
            }
            return reading
        }
        if let result = self.perform(reading) {
            continuation.resume(returning: result)
        }
    }

    private func perform(_ reading: TransferState.Reading) -> Result<[UInt8]?, HTTPTransportError>? {
        switch reading {
        case .chunk(let bytes, let resumesTransfer):
            if resumesTransfer {
                _ = self.loop.submit(.unpause(self))
            }
            return .success(bytes)
        case .end: return .success(nil)
        case .failed(let error): return .failure(error)
        case .wait: return nil
        }
    }

    // MARK: - The loop's side

    /// Whether there is still somebody who waits for the beginning.
    var isAwaitingHead: Bool {
        self.shared.withLock { $0.state.isAwaitingHead }
    }

    /// Takes the head; the loop owes ``tellHead()`` for it.
    func receive(_ head: ResponseHead) {
        self.shared.withLock { shared in
            if shared.state.receiveHead() { shared.head = head }
        }
    }

    /// Wakes who waits for the head, if it has come.
    func tellHead() {
        let (waiter, head): (HeadContinuation?, ResponseHead?) = self.shared.withLock { shared in
            guard let head = shared.head else { return (nil, nil) }
            defer { (shared.headWaiter, shared.head) = (nil, nil) }
            return (shared.headWaiter, head)
        }
        if let head { waiter?.resume(returning: .success(head)) }
    }

    /// Whether the chunk was taken; otherwise the transfer pauses and the chunk comes again.
    func receive(_ chunk: [UInt8]) -> Bool {
        let (reception, reader) = self.shared.withLock { shared -> (TransferState.Reception, ReaderContinuation?) in
            let reception = shared.state.receive(chunk)
            guard case .reader = reception else { return (reception, nil) }
            defer { shared.reader = nil }
            return (reception, shared.reader)
        }
        switch reception {
        case .reader(let chunk):
            reader?.resume(returning: .success(chunk))
            return true
        case .kept, .discarded: return true
        case .pause: return false
        }
    }

    /// The loop is through; `nil` if all went well.
    func finish(_ failure: HTTPTransportError?) {
        let resume = self.shared.withLock { shared in
            Self.resumption(shared.state.finish(failure), &shared)
        }
        resume?()
    }

    /// What has to be called after unlocking: a resumed task may run at once, and want the lock.
    private static func resumption(
        _ notification: TransferState.Notification,
        _ shared: inout Shared
    ) -> (@Sendable () -> Void)? {
        switch notification {
        case .nobody:
            return nil
        case .headWaiter(let error):
            let waiter = shared.headWaiter
            shared.headWaiter = nil
            return { waiter?.resume(returning: .failure(error)) }
        case .reader(let result):
            let reader = shared.reader
            shared.reader = nil
            return { reader?.resume(returning: result) }
        }
    }
}
