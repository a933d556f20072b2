internal import HTTPTransport
internal import Locks

/// The way into a thread that owns a libcurl multi handle: everybody else leaves commands here.
final class CurlLoop: Sendable {
    enum Command: Sendable {
        case start(Transfer)
        case unpause(Transfer)
        case stop(Transfer)
        case endAll(HTTPTransportError)
    }

    private enum Mailbox: Sendable {
        case open([Command], MultiHandle)
        /// The thread has to end everything, and to resume who waits for that.
        case closing([Command], MultiHandle, [CheckedContinuation<Void, Never>])
        /// The multi handle, and with it every connection, is gone.
        case closed
    }

    private let mailbox: Locked<Mailbox>

    /// Starts the thread.
    ///
    /// - Parameter maximumConnections: 0 for no limit.
    init(name: String, maximumConnections: Int, settings: ConnectionSettings) throws(HTTPTransportError) {
        self.mailbox = Locked(.open([], try MultiHandle(maximumConnections: maximumConnections)))
        try LoopThread.start(name: name) {
            self.run(settings)
        }
    }

    /// Leaves a command; whether it will be looked at.
    func submit(_ command: Command) -> Bool {
        self.mailbox.withLock { mailbox in
            guard case .open(var commands, let multi) = mailbox else { return false }
            // Lets go of the array first: otherwise appending would copy it.
            mailbox = .closed
            commands.append(command)
            mailbox = .open(commands, multi)
            // One call is enough for all commands that the thread has not seen yet. It happens under the lock, so that
            // the multi handle cannot be gone.
            if commands.count == 1 {
                multi.wakeUp()
            }
            return true
        }
    }

    /// Ends the thread without waiting for it.
    func close() {
        self.mailbox.withLock { mailbox in
            guard case .open(let commands, let multi) = mailbox else { return }
            mailbox = .closing(commands, multi, [])
            multi.wakeUp()
        }
    }

    /// Ends the thread, and returns when its last transfer has ended and its connections are closed.
    func closeAndWait() async {
        await withCheckedContinuation { continuation in
            let isClosed = self.mailbox.withLock { mailbox in
                switch mailbox {
                case .open(let commands, let multi):
                    mailbox = .closing(commands, multi, [continuation])
                    multi.wakeUp()
                    return false
                case .closing(let commands, let multi, let waiters):
                    mailbox = .closing(commands, multi, waiters + [continuation])
                    return false
                case .closed:
                    return true
                }
            }
            if isClosed {
                continuation.resume()
            }
        }
    }

    /// For the thread: what has come in, and whether it is the end.
    func take() -> (commands: [Command], isLast: Bool) {
        self.mailbox.withLock { mailbox in
            switch mailbox {
            case .open(let commands, let multi):
                mailbox = .open([], multi)
                return (commands, false)
            case .closing(let commands, let multi, let waiters):
                mailbox = .closing([], multi, waiters)
                return (commands, true)
            case .closed:
                return ([], true)
            }
        }
    }

    private func run(_ settings: ConnectionSettings) {
        self.work(settings)
        // The worker is gone, so that this drops the last reference to the multi handle.
        let waiters: [CheckedContinuation<Void, Never>] = self.mailbox.withLock { mailbox in
            defer { mailbox = .closed }
            guard case .closing(_, _, let waiters) = mailbox else { return [] }
            return waiters
        }
        for waiter in waiters {
            waiter.resume()
        }
    }

    private func work(_ settings: ConnectionSettings) {
        let multi: MultiHandle? = self.mailbox.withLock { mailbox in
            switch mailbox {
            case .open(_, let multi), .closing(_, let multi, _): multi
            case .closed: nil
            }
        }
        if let multi {
            LoopWorker(loop: self, multi: multi, settings: settings).run()
        }
    }
}
