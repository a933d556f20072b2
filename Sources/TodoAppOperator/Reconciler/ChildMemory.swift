internal import ControllerRuntime
internal import JSON
internal import KubernetesAPI
internal import Locks

/// What the operator remembers of each child, to tell a foreign edit from a change of its own mind, and to
/// leave pods some rest.
final class ChildMemory: Sendable {
    private struct Name: Hashable {
        var type: ResourceType
        var name: String
    }

    private struct Page {
        /// The digest of what was wanted when the child was last seen to hold it.
        var held: [Name: UInt64] = [:]
        var records: [Name: DriftRecord] = [:]
        /// When a child was last changed on purpose.
        var changes: [Name: ContinuousClock.Instant] = [:]
    }

    private let pages = Locked<[ObjectKey: Page]>([:])
    private let time: TimeSource

    init(time: TimeSource) {
        self.time = time
    }

    /// Forgets an app that is gone.
    func forget(_ app: ObjectKey) {
        self.pages.withLock { $0[app] = nil }
    }

    /// Notes that a child holds what is wanted of it.
    ///
    /// - Parameter isNews: Whether that was just written; otherwise it is enough to note it once.
    func note(_ child: Child, of app: ObjectKey, isNews: Bool) {
        let name = Name(type: child.resource, name: child.name)
        if !isNews, self.pages.withLock({ $0[app]?.held[name] != nil }) { return }
        let digest = Self.digest(of: child)
        self.pages.withLock { $0[app, default: Page()].held[name] = digest }
    }

    /// Whether a child held all this before: what it lacks now, somebody else has changed.
    func hasHeld(_ child: Child, of app: ObjectKey) -> Bool {
        let name = Name(type: child.resource, name: child.name)
        guard let held = self.pages.withLock({ $0[app]?.held[name] }) else { return false }
        return held == Self.digest(of: child)
    }

    private static func digest(of child: Child) -> UInt64 {
        var hash = StableHash()
        hash.combine(child.manifest)
        return hash.value
    }

    /// How much longer a change of a child is to wait, so that many changes in a row become few; `nil` for not at all.
    ///
    /// The first is made at once. What follows within ``rest`` is gathered: each change of a Deployment starts pods anew.
    func pause(before child: Child, of app: ObjectKey) -> Duration? {
        let name = Name(type: child.resource, name: child.name)
        guard child.resource == .deployments, let last = self.pages.withLock({ $0[app]?.changes[name] }) else {
            return nil
        }
        let rest = last + Self.rest - self.time.now()
        return rest > .zero ? rest : nil
    }

    /// Notes that a child was changed on purpose.
    func changed(_ child: Child, of app: ObjectKey) {
        let name = Name(type: child.resource, name: child.name)
        let now = self.time.now()
        self.pages.withLock { $0[app, default: Page()].changes[name] = now }
    }

    /// How long a Deployment is left in peace after a change.
    static let rest = Duration.seconds(2)

    /// What to do about a drift of a child, and what is known of who causes it.
    func answer(_ child: Child, of app: ObjectKey) -> (answer: DriftRecord.Answer, message: String) {
        let name = Name(type: child.resource, name: child.name)
        let record = self.pages.withLock { $0[app]?.records[name] } ?? DriftRecord()
        return (record.answer(at: self.time.now()), record.message)
    }

    /// Notes that a drift was put back.
    func corrected(_ child: Child, of app: ObjectKey, message: String) {
        let name = Name(type: child.resource, name: child.name)
        let now = self.time.now()
        self.pages.withLock {
            $0[app, default: Page()].records[name, default: DriftRecord()].corrected(at: now, message: message)
        }
    }

    /// The fights over an app's children, as users are told of them, and when to look again.
    func fights(of app: ObjectKey) -> (messages: [String], next: Duration?) {
        let now = self.time.now()
        let records = self.pages.withLock { $0[app]?.records ?? [:] }
        let fights = records.values.compactMap { record in record.fight(at: now).map { (record.message, $0) } }
        return (fights.map(\.0).sorted(), fights.map(\.1).min())
    }
}
