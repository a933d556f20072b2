internal import Locks
internal import ServiceLifecycle

/// Whether this replica may work just now: asked before each write, told by a ``LeaderElector``.
///
/// *Guarantees*: ``writeLimit(for:)`` answers by the monotonic clock and not by what anybody has got round to doing. A
/// process that was stopped (SIGSTOP), swapped out or starved for longer than its lease finds on its next write that it
/// leads no longer, before it has noticed anything else.
public final class Leadership: Sendable {
    /// The time as an election knows it.
    public typealias Instant = ContinuousClock.Instant

    /// What a write is for.
    public enum Purpose: Sendable {
        /// To make the world as it should be: the leader's alone.
        case work
        /// To tell what was done, as an event: still allowed to who has given the lease back in good order.
        case report
    }

    /// How late a write may be sent.
    public enum WriteLimit: Sendable, Equatable {
        /// There is no election.
        case none
        /// Not later than this.
        case until(Instant)
        /// Not at all; why, in one line.
        case forbidden(String)
    }

    private enum State {
        case unneeded
        case waiting([CheckedContinuation<Void, Never>])
        case held(until: Instant)
        case released
        case lost
    }

    private let state: Locked<State>
    private let time: TimeSource

    /// A leadership that has yet to be won.
    public init(time: TimeSource = .system) {
        self.state = Locked(.waiting([]))
        self.time = time
    }

    private init(unneeded time: TimeSource) {
        self.state = Locked(.unneeded)
        self.time = time
    }

    /// Of the only replica: it need not ask.
    public static var unneeded: Leadership { Leadership(unneeded: .system) }

    // MARK: Asking

    /// How late a write may be sent that is decided on now.
    public func writeLimit(for purpose: Purpose) -> WriteLimit {
        let now = self.time.now()
        return self.state.withLock { state in
            switch state {
            case .unneeded: .none
            case .waiting: .forbidden("another replica leads")
            case .held(let until) where now < until: .until(until)
            case .held: .forbidden("the lease has run out")
            case .released: purpose == .report ? .none : .forbidden("the lease was given back")
            case .lost: .forbidden("the lease was lost")
            }
        }
    }

    /// Whether this replica leads, and has not run out of time.
    public var isHeld: Bool {
        let now = self.time.now()
        return self.state.withLock { state in
            switch state {
            case .unneeded: true
            case .held(let until): now < until
            case .waiting, .released, .lost: false
            }
        }
    }

    /// How long ago the lease ran out of a replica that has not noticed yet; zero for everybody else.
    public var overrun: Duration {
        let now = self.time.now()
        return self.state.withLock { state in
            guard case .held(let until) = state, until < now else { return .zero }
            return now - until
        }
    }

    /// One word for people: `unneeded`, `waiting`, `held`, `released`, `lost`.
    public var summary: String {
        self.state.withLock { state in
            switch state {
            case .unneeded: "unneeded"
            case .waiting: "waiting"
            case .held: "held"
            case .released: "released"
            case .lost: "lost"
            }
        }
    }

    /// Waits until this replica leads; returns as well when it never will, or when the task is cancelled or told to end.
    ///
    /// - Returns: Whether it leads.
    public func waitUntilHeld() async -> Bool {
        await withTaskCancellationOrGracefulShutdownHandler {
            await withCheckedContinuation { (waiter: CheckedContinuation<Void, Never>) in
                let isOver = self.state.withLock { state in
                    // Looked at under the lock, so that an end either is seen here or finds the waiter.
                    guard case .waiting(let waiters) = state, !Task.isCancelled, !Task.isShuttingDownGracefully
                    else { return true }
                    state = .waiting(waiters + [waiter])
                    return false
                }
                if isOver { waiter.resume() }
            }
        } onCancelOrGracefulShutdown: {
            self.wake()
        }
        return self.isHeld
    }

    private func wake() {
        let waiters: [CheckedContinuation<Void, Never>] = self.state.withLock { state in
            guard case .waiting(let waiters) = state else { return [] }
            state = .waiting([])
            return waiters
        }
        for waiter in waiters {
            waiter.resume()
        }
    }

    // MARK: Telling

    /// This replica leads until then.
    func hold(until: Instant) {
        self.change(to: .held(until: until))
    }

    /// This replica has given the lease back.
    func release() {
        self.change(to: .released)
    }

    /// This replica could not keep the lease.
    func lose() {
        self.change(to: .lost)
    }

    private func change(to new: State) {
        let waiters: [CheckedContinuation<Void, Never>] = self.state.withLock { state in
            defer { state = new }
            guard case .waiting(let waiters) = state else { return [] }
            return waiters
        }
        for waiter in waiters {
            waiter.resume()
        }
    }
}
