internal import ControllerRuntime
internal import HTTPTransport
internal import Locks

/// Bytes on their way to a client, as a fault lets them through.
struct SimulatedBody {
    /// How a body ends.
    enum End {
        case complete
        case cut
        case stall
    }

    private var bytes: ArraySlice<UInt8>
    private let pieceSize: Int
    /// How many bytes may still go through.
    private var allowance: Int
    private let end: End

    init(bytes: [UInt8] = [], _ fault: Fault.Action?) {
        self.bytes = bytes[...]
        switch fault {
        case .cutStream(let limit): (self.pieceSize, self.allowance, self.end) = (.max, limit, .cut)
        case .stall(let limit): (self.pieceSize, self.allowance, self.end) = (.max, limit, .stall)
        case .chunks(let size): (self.pieceSize, self.allowance, self.end) = (max(1, size), .max, .complete)
        default: (self.pieceSize, self.allowance, self.end) = (.max, .max, .complete)
        }
    }

    mutating func append(_ more: [UInt8]) {
        self.bytes.append(contentsOf: more)
    }

    /// The next piece.
    ///
    /// - Returns: The bytes, never none; or how it ends, `nil` where more may be appended.
    mutating func next() -> (piece: [UInt8]?, end: End?) {
        guard self.allowance > 0 else { return (nil, self.end) }
        let piece = self.bytes.prefix(min(self.pieceSize, self.allowance))
        guard !piece.isEmpty else { return (nil, nil) }
        self.bytes = self.bytes.dropFirst(piece.count)
        if self.allowance != .max { self.allowance -= piece.count }
        return (Array(piece), nil)
    }

    /// A response body of these bytes alone.
    func body(closing: Signal, _ time: TimeSource) -> HTTPBody {
        let left = Locked(self)
        return HTTPBody { () async throws(HTTPTransportError) -> [UInt8]? in
            guard !Task.isCancelled else { throw .cancelled }
            guard !closing.isGiven else { throw .closed }
            let (piece, end) = left.withLock { $0.next() }
            if let piece { return piece }
            switch end {
            case nil, .complete: return nil
            case .cut: throw .connectionLost("the connection was reset")
            case .stall: throw await stalled(closing: closing, time)
            }
        }
    }
}

/// What a reader gets who waits for bytes that never come: the whole answer must be there within 30 s.
private func stalled(closing: Signal, _ time: TimeSource) async -> HTTPTransportError {
    await waited(for: closing, upTo: .seconds(30), time)
        ? .closed : Task.isCancelled ? .cancelled : .timedOut("whole request")
}

/// Waits for a signal, but not for longer than allowed.
///
/// - Returns: Whether the signal was given; `false` also where the task was cancelled.
func waited(for signal: Signal, upTo limit: Duration, _ time: TimeSource) async -> Bool {
    await withTaskGroup(of: Bool.self) { group in
        group.addTask { await signal.wait() }
        group.addTask {
            _ = try? await time.sleep(limit)
            return false
        }
        let first = await group.next() ?? false
        group.cancelAll()
        return first
    }
}
