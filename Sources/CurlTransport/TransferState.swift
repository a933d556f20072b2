internal import HTTPTransport

/// What one transfer has come to, seen from between the loop, which brings bytes, and the reader, who takes them.
///
/// It decides and does nothing: who holds the lock around it performs what it returns, after unlocking.
struct TransferState {
    /// The loop is told to stop bringing bytes when the reader has left so many of them.
    static let highWater = 256 * 1024

    private var state: State = .created

    private enum State {
        case created
        case awaitingHead
        /// The reader is elsewhere. Paused: the loop holds back more bytes until the buffer was taken.
        case open(buffer: [UInt8], isPaused: Bool)
        /// The reader waits, so nothing is buffered.
        case awaitingChunk
        /// The loop is through; the rest has still to be read.
        case ended(rest: [UInt8], failure: HTTPTransportError?)
        /// Everything was handed out, or nobody wants it.
        case closed(HTTPTransportError?)
    }

    /// Who has to be told.
    enum Notification: Equatable {
        case nobody
        case headWaiter(HTTPTransportError)
        case reader(Result<[UInt8]?, HTTPTransportError>)
    }

    enum Reception: Equatable {
        case kept
        case reader([UInt8])
        case pause
        case discarded
    }

    enum Reading: Equatable {
        case chunk([UInt8], resumesTransfer: Bool)
        case end
        case failed(HTTPTransportError)
        case wait
    }

    /// Whether the loop has to begin: nobody has given up meanwhile.
    var isAwaitingHead: Bool {
        if case .awaitingHead = self.state { true } else { false }
    }

    /// The caller now waits for the head, unless the transfer was given up before it began.
    mutating func start() -> HTTPTransportError? {
        switch self.state {
        case .created:
            self.state = .awaitingHead
            return nil
        case .closed(let failure): return failure ?? .cancelled
        case .awaitingHead, .open, .awaitingChunk, .ended: return .invalidRequest("the transfer was begun twice")
        }
    }

    /// The head has come; whether anybody waits for it.
    mutating func receiveHead() -> Bool {
        guard case .awaitingHead = self.state else { return false }
        self.state = .open(buffer: [], isPaused: false)
        return true
    }

    /// Bytes of the body have come.
    mutating func receive(_ chunk: [UInt8]) -> Reception {
        switch self.state {
        case .awaitingChunk:
            self.state = .open(buffer: [], isPaused: false)
            return .reader(chunk)
        case .open(var buffer, _):
            guard buffer.isEmpty || buffer.count + chunk.count <= Self.highWater else {
                self.state = .open(buffer: buffer, isPaused: true)
                return .pause
            }
            // The state lets go of the buffer first: otherwise appending would copy it.
            self.state = .closed(nil)
            buffer.append(contentsOf: chunk)
            self.state = .open(buffer: buffer, isPaused: false)
            return .kept
        case .created, .awaitingHead, .ended, .closed:
            return .discarded
        }
    }

    /// What can be read at once; `nil` if the reader would have to wait.
    mutating func readIfReady() -> Reading? {
        if case .open(let buffer, _) = self.state, buffer.isEmpty { nil } else { self.read() }
    }

    /// The reader wants the next chunk, and waits if there is none.
    mutating func read() -> Reading {
        switch self.state {
        case .open(let buffer, let isPaused):
            guard buffer.isEmpty == false else {
                self.state = .awaitingChunk
                return .wait
            }
            self.state = .open(buffer: [], isPaused: false)
            return .chunk(buffer, resumesTransfer: isPaused)
        case .ended(let rest, let failure) where rest.isEmpty == false:
            self.state = .ended(rest: [], failure: failure)
            return .chunk(rest, resumesTransfer: false)
        case .ended(_, let failure), .closed(let failure):
            self.state = .closed(failure)
            return failure.map { .failed($0) } ?? .end
        case .awaitingChunk, .created, .awaitingHead:
            return .failed(.invalidRequest("a body has one reader, who begins after the head"))
        }
    }

    /// The loop is through with the transfer; what was buffered can still be read.
    mutating func finish(_ failure: HTTPTransportError?) -> Notification {
        switch self.state {
        case .created:
            self.state = .closed(failure)
            return .nobody
        case .awaitingHead:
            let failure = failure ?? .connectionLost("the answer has no head")
            self.state = .closed(failure)
            return .headWaiter(failure)
        case .open(let buffer, _):
            self.state = .ended(rest: buffer, failure: failure)
            return .nobody
        case .awaitingChunk:
            self.state = .closed(failure)
            return .reader(failure.map { .failure($0) } ?? .success(nil))
        case .ended, .closed:
            return .nobody
        }
    }

    /// Nobody wants the rest; the loop has to be told where it is still at work.
    mutating func abandon() -> (notification: Notification, stopsLoop: Bool) {
        let before = self.state
        switch before {
        case .closed:
            return (.nobody, false)
        case .created, .ended:
            self.state = .closed(.cancelled)
            return (.nobody, false)
        case .open:
            self.state = .closed(.cancelled)
            return (.nobody, true)
        case .awaitingHead:
            self.state = .closed(.cancelled)
            return (.headWaiter(.cancelled), true)
        case .awaitingChunk:
            self.state = .closed(.cancelled)
            return (.reader(.failure(.cancelled)), true)
        }
    }
}
