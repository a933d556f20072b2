/// One line of a probe's answer.
public struct ProbeCheck: Sendable {
    /// What came of it.
    public enum Verdict: Sendable, Equatable {
        /// As it should be; more words on it, for whoever looks.
        case ok(String)
        /// Not as it should be; why, in one line.
        case failed(String)
    }

    /// What is looked at: `informer/pods`, `lease`.
    public var name: String
    /// Looks; it must not block.
    public var look: @Sendable () -> Verdict

    /// A check by its parts.
    public init(_ name: String, _ look: @escaping @Sendable () -> Verdict) {
        self.name = name
        self.look = look
    }

    /// Whether an informer's copy can be decided on.
    ///
    /// - Parameters:
    ///   - collection: The copy.
    ///   - time: Time and chance; the machine's own by default.
    ///   - isRequired: Whether this replica is unready where it can't; what is optional is shown alone.
    public static func informer(
        _ collection: any WatchedCollection,
        time: TimeSource = .system,
        isRequired: Bool = true
    ) -> ProbeCheck {
        ProbeCheck("informer/\(collection.name)") {
            let now = time.now()
            let troubles = collection.status.compactMap { $0.trouble(at: now) }
            guard !troubles.isEmpty else { return .ok("synced") }
            let text = troubles.joined(separator: "; ")
            return isRequired ? .failed(text) : .ok("optional, \(text)")
        }
    }

    /// Where this replica stands in the election; a follower is as ready as a leader.
    public static func lease(_ leadership: Leadership) -> ProbeCheck {
        ProbeCheck("lease") {
            let summary = leadership.summary
            return summary == "lost" ? .failed("lost") : .ok(summary)
        }
    }

    /// Whether a replica that leads no longer has noticed; one that has not must be restarted from outside.
    ///
    /// - Parameters:
    ///   - leadership: What the election has come to.
    ///   - grace: How long it may take to notice and end. Defaults to 20 s, controller-runtime's figure.
    public static func leaseKept(_ leadership: Leadership, grace: Duration = .seconds(20)) -> ProbeCheck {
        ProbeCheck("lease") {
            let overrun = leadership.overrun
            guard overrun > grace else { return .ok(leadership.summary) }
            return .failed("it ran out \(overrun.components.seconds) s ago, and this process still runs")
        }
    }
}
