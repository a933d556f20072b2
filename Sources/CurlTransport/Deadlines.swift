internal import HTTPTransport

/// When a transfer has taken too long.
struct Deadlines {
    private let headBy: ContinuousClock.Instant
    private let limit: Limit
    private var phase: Phase = .awaitingHead

    private enum Limit {
        case whole(by: ContinuousClock.Instant)
        case idle(Duration)
    }

    private enum Phase {
        case awaitingHead
        case streaming(lastByte: ContinuousClock.Instant)
        /// The reader is slow, so that no byte can come.
        case held
    }

    enum Expiry: String {
        case head = "response head"
        case whole = "whole request"
        case idle = "idle stream"
    }

    init(_ request: WireRequest, start: ContinuousClock.Instant) {
        self.headBy = start + request.headTimeout
        switch request.deadline {
        case .within(let duration): self.limit = .whole(by: start + duration)
        case .stream(let idle): self.limit = .idle(idle)
        }
    }

    /// Head or body have come, or the reader has made room for more.
    mutating func touch(_ now: ContinuousClock.Instant) {
        self.phase = .streaming(lastByte: now)
    }

    /// The transfer waits for its reader.
    mutating func hold() {
        self.phase = .held
    }

    /// The instant at which ``expiry(_:)`` has to be asked again.
    var next: ContinuousClock.Instant? {
        earlier(self.wholeBy, self.phaseBy)
    }

    /// Which limit is over.
    func expiry(_ now: ContinuousClock.Instant) -> Expiry? {
        if let wholeBy = self.wholeBy, wholeBy <= now { return .whole }
        guard let phaseBy = self.phaseBy, phaseBy <= now else { return nil }
        return if case .awaitingHead = self.phase { .head } else { .idle }
    }

    private var wholeBy: ContinuousClock.Instant? {
        if case .whole(let instant) = self.limit { instant } else { nil }
    }

    private var phaseBy: ContinuousClock.Instant? {
        switch (self.phase, self.limit) {
        case (.awaitingHead, _): self.headBy
        case (.streaming(let lastByte), .idle(let duration)): lastByte + duration
        case (.streaming, .whole), (.held, _): nil
        }
    }
}

/// The earlier of two instants, where there are any.
func earlier(
    _ one: ContinuousClock.Instant?,
    _ other: ContinuousClock.Instant?
) -> ContinuousClock.Instant? {
    guard let one, let other else { return one ?? other }
    return min(one, other)
}
