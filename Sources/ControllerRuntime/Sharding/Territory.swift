internal import Locks

/// What this replica may work on just now: asked before each pass, told by a ``ShardKeeper``.
///
/// *Guarantees*: a pass that has begun is known until it ends, so that keys are handed over only when nothing is under way.
public final class Territory: Sendable {
    private enum State {
        /// There is nobody to share with.
        case everything
        case share(ShardShare, inFlight: [String: Int])
    }

    private let state: Locked<State>

    private init(_ state: State) {
        self.state = Locked(state)
    }

    /// Of a replica that shares its keys, and has none yet.
    public convenience init(sharedBy identity: String) {
        self.init(.share(.none(identity), inFlight: [:]))
    }

    /// Of a replica that does all the work.
    public static var everything: Territory { Territory(.everything) }

    /// Asks to work on a key; who is let owes ``end(_:)``.
    public func begin(_ key: String) -> Bool {
        self.state.withLock { state in
            guard case .share(let share, var inFlight) = state else { return true }
            guard share.contains(key) else { return false }
            inFlight[key, default: 0] += 1
            state = .share(share, inFlight: inFlight)
            return true
        }
    }

    /// The pass over a key has ended.
    public func end(_ key: String) {
        self.state.withLock { state in
            guard case .share(let share, var inFlight) = state else { return }
            inFlight[key] = inFlight[key].flatMap { $0 > 1 ? $0 - 1 : nil }
            state = .share(share, inFlight: inFlight)
        }
    }

    /// Nothing else is worked on from now on; what has begun goes on to its end.
    ///
    /// - Returns: What it was before; `nil` where nothing is shared.
    func serve(_ share: ShardShare) -> ShardShare? {
        self.state.withLock { state in
            guard case .share(let old, let inFlight) = state else { return nil }
            state = .share(share, inFlight: inFlight)
            return old
        }
    }

    /// Whether nothing is in flight any more that it may not begin now.
    var isDrained: Bool {
        self.state.withLock { state in
            guard case .share(let share, let inFlight) = state else { return true }
            return inFlight.keys.allSatisfy(share.contains)
        }
    }
}
