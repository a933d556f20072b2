public import KubernetesAPI
internal import Locks

/// Remembers what was written for an owner until it has come back through the watches, so that no reconcile decides on a
/// picture of the world that is older than what it did itself.
///
/// Kept by owner: one owner's writes never hold up another. A write that never comes back (because its object left the
/// selection, say) holds its owner up for ``patience`` at most.
public final class WriteLedger<Owner: Hashable & Sendable>: Sendable {
    /// How long a write is waited for; then the owner is reconciled on what there is.
    public static var patience: Duration { .seconds(5) }

    private struct Write {
        var version: ResourceVersion
        var seen: @Sendable (ResourceVersion) -> Bool
        var at: ContinuousClock.Instant
    }

    /// What happens while a pass over an owner is under way.
    private struct Pass {
        var heard: Set<ResourceVersion> = []
        var wrote: Set<ResourceVersion> = []
    }

    private let writes = Locked<[Owner: [Write]]>([:])
    private let passes = Locked<[Owner: Pass]>([:])
    private let time: TimeSource
    private let onWait: @Sendable (Owner) -> Void

    /// A ledger that is empty.
    ///
    /// - Parameters:
    ///   - time: Time and chance; the machine's own by default.
    ///   - onWait: Called each time an owner is to wait, for metrics.
    public init(time: TimeSource = .system, onWait: @escaping @Sendable (Owner) -> Void = { _ in }) {
        self.time = time
        self.onWait = onWait
    }

    // MARK: Echoes

    /// Notes that a pass over an owner begins; the caller owes ``endPass(over:)``.
    public func beginPass(over owner: Owner) {
        self.passes.withLock { $0[owner] = Pass() }
    }

    /// How many passes are under way.
    public var passCount: Int { self.passes.withLock { $0.count } }

    /// Whether a change must wake its owner now.
    ///
    /// Not so while a pass over it is under way: most often the watch is as fast as the answer to a write, and tells the
    /// owner what it has just done itself. What of it was news is seen at the end of the pass.
    public func isNews(for owner: Owner, _ version: ResourceVersion) -> Bool {
        self.passes.withLock { $0[owner]?.heard.insert(version) } == nil
    }

    /// Notes that the pass under way has written something.
    public func note(_ owner: Owner, wrote version: ResourceVersion) {
        _ = self.passes.withLock { $0[owner]?.wrote.insert(version) }
    }

    /// Notes that the pass is over.
    ///
    /// - Returns: Whether anything was heard meanwhile that it did not write itself, so that another pass is due.
    public func endPass(over owner: Owner) -> Bool {
        guard let pass = self.passes.withLock({ $0.removeValue(forKey: owner) }) else { return false }
        return !pass.heard.isSubset(of: pass.wrote)
    }

    // MARK: Writes

    /// Notes a write.
    ///
    /// - Parameters:
    ///   - owner: For whom it was written.
    ///   - version: What the API server answered.
    ///   - store: Where the written object will turn up.
    ///   - namespace: The object's.
    public func record<Object: StoredObject>(
        _ owner: Owner,
        wrote version: ResourceVersion,
        to store: Store<Object>,
        in namespace: String? = nil
    ) {
        let write = Write(
            version: version,
            seen: { store.version(in: namespace).isAtLeast($0) },
            at: self.time.now()
        )
        self.writes.withLock { $0[owner, default: []].append(write) }
    }

    /// How much longer the owner's writes are to be waited for; `nil` if all have been seen or are given up.
    public func remainingWait(for owner: Owner) -> Duration? {
        let now = self.time.now()
        let wait: Duration? = self.writes.withLock { writes in
            guard let open = writes[owner] else { return nil }
            let left = open.filter { !$0.seen($0.version) && now - $0.at < Self.patience }
            writes[owner] = left.isEmpty ? nil : left
            return left.map { Self.patience - (now - $0.at) }.max()
        }
        if wait != nil { self.onWait(owner) }
        return wait
    }
}
