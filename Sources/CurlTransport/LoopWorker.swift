internal import CCurl
internal import Glibc
internal import HTTPTransport

/// What runs on the loop's thread, and alone touches libcurl.
final class LoopWorker {
    private let loop: CurlLoop
    private let multi: MultiHandle
    private let settings: ConnectionSettings
    private var running: [ObjectIdentifier: RunningTransfer] = [:]
    private var transfersByHandle: [UInt: ObjectIdentifier] = [:]
    private var idleHandles: [EasyHandle] = []

    /// A handle costs a few KiB; more than these are rarely at work at the same time.
    private static let idleHandlesKept = 80
    private var pollInterval = PollInterval()
    /// Until then no connection that was there before is used for anything new.
    private var suspicion: ContinuousClock.Instant?
    /// Whether a command, a byte or an end has come in this round.
    private var hadActivity = false

    /// While there is much to do, a round begins so long after the one before, for each transfer that is under way.
    ///
    /// Each round of libcurl's looks at every transfer; a dozen answers in one round cost little more than one. After a
    /// moment of quiet nothing waits.
    private static let roundForEach = Duration.microseconds(250)
    /// So much later than it could be anything is known at most.
    private static let longestRound = Duration.milliseconds(5)
    private var lastRound = ContinuousClock.now - LoopWorker.longestRound

    /// By then whoever still waits on a dead connection has given it up as well: client calls have 30 s.
    private static let suspicionLasts = Duration.seconds(30)

    /// Without a transfer there is nothing to look after.
    private static let longestIdleWait = Duration.seconds(60)

    init(loop: CurlLoop, multi: MultiHandle, settings: ConnectionSettings) {
        self.loop = loop
        self.multi = multi
        self.settings = settings
    }

    /// Returns when the loop was closed.
    func run() {
        while true {
            self.gather()
            let (commands, isLast) = self.loop.take()
            self.hadActivity = commands.isEmpty == false
            for command in commands {
                self.perform(command)
            }
            if isLast { break }
            guard self.multi.perform() else {
                self.endAll(.connectionLost("libcurl failed"))
                continue
            }
            self.collectFinished()
            let now = ContinuousClock.now
            let next = self.checkDeadlines(now)
            guard self.multi.wait(atMost: self.waitingTime(now, next: next)) else {
                self.endAll(.connectionLost("libcurl cannot wait for sockets"))
                continue
            }
        }
        self.endAll(.closed)
    }

    private func gather() {
        let round = min(Self.roundForEach * self.running.count, Self.longestRound)
        let rest = round - self.lastRound.duration(to: .now)
        if rest > .zero {
            usleep(UInt32(clamping: rest.components.attoseconds / 1_000_000_000_000))
        }
        self.lastRound = .now
    }

    private func perform(_ command: CurlLoop.Command) {
        switch command {
        case .start(let transfer): self.start(transfer)
        case .unpause(let transfer): self.unpause(transfer)
        case .stop(let transfer): self.end(transfer, .cancelled)
        case .endAll(let failure): self.endAll(failure)
        }
    }

    private func start(_ transfer: Transfer) {
        // Given up while the command lay in the mailbox: the order to stop has then already been passed over.
        guard transfer.isAwaitingHead else { return }
        let item: RunningTransfer
        do throws(HTTPTransportError) {
            let handle =
                if let idle = self.idleHandles.popLast() { idle } else { try EasyHandle.make(self.settings) }
            item = RunningTransfer(transfer, handle: handle, start: .now)
            try handle.setMessage(transfer.request)
            if let suspicion = self.suspicion, suspicion > .now { try handle.demandNewConnection() }
            try handle.direct(to: item)
        } catch {
            return transfer.finish(error)
        }
        guard self.multi.add(item.handle) else {
            return transfer.finish(.connectionLost("libcurl takes no more transfers"))
        }
        self.running[ObjectIdentifier(transfer)] = item
        self.transfersByHandle[item.handle.id] = ObjectIdentifier(transfer)
    }

    private func unpause(_ transfer: Transfer) {
        guard let item = self.running[ObjectIdentifier(transfer)] else { return }
        // May call back at once, and pause again.
        guard item.unpause(.now) else {
            return self.end(transfer, .connectionLost("libcurl cannot resume the transfer"))
        }
    }

    private func collectFinished() {
        while let (id, code) = self.multi.nextFinished() {
            guard let key = self.transfersByHandle[id], let item = self.running[key] else { continue }
            let failure = item.failure(code, settings: self.settings)
            self.hadActivity = true
            self.remove(item)
            item.transfer.finish(failure)
            item.tellHead()
        }
    }

    /// Ends what has taken too long; the instant at which that has to be asked again.
    private func checkDeadlines(_ now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        var next: ContinuousClock.Instant?
        var overdue: [(Transfer, HTTPTransportError)] = []
        for item in self.running.values {
            // There are many, and little happens to most of them in a round.
            guard item.isDue(now) else {
                next = earlier(next, item.next)
                continue
            }
            if item.update(now) {
                self.hadActivity = true
            }
            item.tellHead()
            if let expiry = item.deadlines.expiry(now) {
                overdue.append((item.transfer, item.failure(expiry, settings: self.settings)))
            } else if item.remindIfSilent(now) == false {
                overdue.append((item.transfer, .connectionLost("libcurl cannot resume the transfer")))
            } else {
                item.reckon()
                next = earlier(next, item.next)
            }
        }
        for (transfer, failure) in overdue {
            self.distrustConnection(of: transfer, now)
            self.end(transfer, failure)
        }
        return next
    }

    /// A connection on which nothing came may be dead, though both ends hold it open and nobody says so: a machine that was
    /// halted, a load balancer that has forgotten it.
    ///
    /// libcurl would go on using it for as long as it is open: over HTTP/2 a request that timed out says nothing about the
    /// connection of it.
    private func distrustConnection(of transfer: Transfer, _ now: ContinuousClock.Instant) {
        self.suspicion = now + Self.suspicionLasts
        guard let item = self.running[ObjectIdentifier(transfer)] else { return }
        // At worst it stays, and the next one who waits in vain on it comes here again.
        try? item.handle.condemnConnection()
    }

    private func waitingTime(_ now: ContinuousClock.Instant, next: ContinuousClock.Instant?) -> Duration {
        guard self.running.isEmpty == false else { return Self.longestIdleWait }
        let longest = self.pollInterval.next(afterActivity: self.hadActivity)
        guard let next else { return longest }
        return min(max(now.duration(to: next), .zero), longest)
    }

    private func end(_ transfer: Transfer, _ failure: HTTPTransportError) {
        guard let item = self.running[ObjectIdentifier(transfer)] else { return }
        self.remove(item)
        transfer.finish(failure)
        item.tellHead()
    }

    private func endAll(_ failure: HTTPTransportError) {
        for item in Array(self.running.values) {
            self.end(item.transfer, failure)
        }
    }

    private func remove(_ item: RunningTransfer) {
        let isClean = item.letGo()
        self.multi.remove(item.handle)
        self.running[ObjectIdentifier(item.transfer)] = nil
        self.transfersByHandle[item.handle.id] = nil
        guard isClean, self.idleHandles.count < Self.idleHandlesKept else { return }
        // At once, and not only before the next request: it may hold a token. A handle that cannot forget it goes.
        guard (try? item.handle.forgetMessage()) != nil else { return }
        self.idleHandles.append(item.handle)
    }
}
