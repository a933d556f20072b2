internal import ControllerRuntime
internal import HTTPTransport
internal import JSON
internal import Locks

/// One watch on its way to a client: it asks the server for news, and waits while there are none.
final class SimulatedWatch: Sendable {
    private struct Content {
        var cursor: WatchCursor
        var body: SimulatedBody
        var bookmarkRounds: Int
        /// The server has nothing more to say.
        var isOver = false
    }

    private let server: SimulatedAPIServer
    private let content: Locked<Content>
    private let closing: Signal
    private let idle: Duration
    private let dropsDeletions: Bool
    /// When the server ends it; `nil` for never.
    private let end: ContinuousClock.Instant?

    init(_ cursor: WatchCursor, of server: SimulatedAPIServer, closing: Signal, idle: Duration, fault: Fault.Action?) {
        self.server = server
        self.closing = closing
        self.idle = idle
        self.dropsDeletions = fault == .dropDeletions
        var cursor = cursor
        if fault == .expire {
            let tooOld = APIFailure.watchTooOld(cursor.version, oldest: cursor.version + 1)
            cursor.first = [["type": "ERROR", "object": tooOld.status]]
            cursor.isOver = true
        }
        let seconds = cursor.timeoutSeconds
        self.end = seconds > 0 ? server.options.time.now() + .seconds(seconds) : nil
        let rounds = server.content.withLock { $0.bookmarkRounds }
        self.content = Locked(Content(cursor: cursor, body: SimulatedBody(fault), bookmarkRounds: rounds))
    }

    /// The next bytes; `nil` at the end.
    func next() async throws(HTTPTransportError) -> [UInt8]? {
        let quietUntil = self.server.options.time.now() + self.idle
        while true {
            guard !Task.isCancelled else { throw .cancelled }
            guard !self.closing.isGiven else { throw .closed }
            let (piece, end) = self.content.withLock { $0.body.next() }
            if let piece { return piece }
            switch end {
            case .cut: throw .connectionLost("the connection was reset")
            case .stall: throw await self.silence(until: quietUntil)
            case .complete, nil: break
            }
            guard let news = self.news() else { return nil }
            if let waiter = news.waiter {
                try await self.wait(for: waiter, quietUntil: quietUntil)
            }
        }
    }

    // MARK: News

    /// Fetches what is new into the body.
    ///
    /// - Returns: What to wait for where there is nothing new; `nil` where the watch is over.
    private func news() -> (waiter: (id: Int, signal: Signal)?, Void)? {
        self.server.content.withLock { server in
            self.content.withLock { mine in
                guard !mine.isOver else { return nil }
                var events: [JSONValue] = []
                switch server.state.news(for: &mine.cursor) {
                case .fellBehind: return nil
                case .nothing: break
                case .events(let new): events = new
                }
                mine.isOver = mine.cursor.isOver
                if self.dropsDeletions { events.removeAll { $0["type"]?.string == "DELETED" } }
                if server.bookmarkRounds > mine.bookmarkRounds, let bookmark = server.state.bookmark(for: mine.cursor) {
                    events.append(bookmark)
                }
                mine.bookmarkRounds = server.bookmarkRounds
                for event in events { mine.body.append(event.bytes() + [UInt8(ascii: "\n")]) }
                if !events.isEmpty { return (nil, ()) }
                server.lastWaiter += 1
                let waiter = (id: server.lastWaiter, signal: Signal())
                server.waiters[waiter.id] = waiter.signal
                return (waiter, ())
            }
        }
    }

    private func wait(
        for waiter: (id: Int, signal: Signal),
        quietUntil: ContinuousClock.Instant
    ) async throws(HTTPTransportError) {
        let time = self.server.options.time
        let limits = [quietUntil, self.end, self.server.options.bookmarkInterval.map { time.now() + $0 }]
        let limit = limits.compactMap { $0 }.min() ?? quietUntil
        let closing = self.closing
        let happened = await withTaskGroup(of: Bool.self) { group in
            group.addTask { await waiter.signal.wait() }
            group.addTask { await closing.wait() }
            group.addTask {
                _ = try? await time.sleep(limit - time.now())
                return false
            }
            let first = await group.next() ?? false
            group.cancelAll()
            return first
        }
        if happened { return }
        self.server.content.withLock { $0.waiters[waiter.id] = nil }
        guard !Task.isCancelled else { throw .cancelled }
        let now = time.now()
        if let end = self.end, now >= end {
            self.content.withLock { $0.isOver = true }
        } else if now >= quietUntil {
            throw .timedOut("idle stream")
        } else {
            // It is time for a bookmark.
            self.content.withLock { $0.bookmarkRounds = -1 }
        }
    }

    private func silence(until: ContinuousClock.Instant) async -> HTTPTransportError {
        let time = self.server.options.time
        return await waited(for: self.closing, upTo: until - time.now(), time)
            ? .closed : Task.isCancelled ? .cancelled : .timedOut("idle stream")
    }
}
