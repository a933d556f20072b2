public import ControllerRuntime
internal import HTTPTransport
internal import JSON
public import KubernetesAPI
internal import Locks

/// An API server in this process, without a network: what the real one does with objects, versions, watches, field owners
/// and garbage, and what can go wrong, on demand.
///
/// A client reaches it through ``connect(as:)``, which gives an `HTTPTransport`: the client under test is the real one, down to
/// the bytes. Tests reach around HTTP with ``put(_:_:_:)`` and ``object(_:_:)``.
///
/// *Guarantees*: what it answers is checked against a real API server by one suite that runs on both
/// (``ConformanceScenario``). The same requests in the same order get the same answers, UIDs included.
///
/// *Leaves out*: schemas and validation beyond what Services need, strategic merge patches, admission, RBAC
/// (``FaultPlan/isAllowed`` forbids what a test wants forbidden), kubelets and rollouts.
public final class SimulatedAPIServer: Sendable {
    /// How a server behaves.
    public struct Options: Sendable {
        /// What a server does with a watch that asks for the initial events.
        public enum WatchList: Sendable {
            /// It sends all objects, and a bookmark behind them: Kubernetes 1.27 and later, where it is switched on.
            case served
            /// It refuses the request with 422: from 1.19 on.
            case refused
            /// It takes no notice, so that the bookmark never comes: before 1.19, and some that stand in between.
            case ignored
        }

        /// The types beside the built-in ones.
        public var resources: [SimulatedResource]
        /// How watches that ask for initial events are met.
        ///
        /// Defaults to `served`.
        public var watchList: WatchList
        /// Whether garbage collector and namespace controller act behind each write; else they wait for
        /// ``SimulatedAPIServer/runControllers()``.
        ///
        /// Defaults to `true`.
        public var runsControllers: Bool
        /// How many changes of each type are kept for watches.
        ///
        /// Defaults to 10,000.
        public var historyLimit: Int
        /// How often watches get a bookmark; `nil` for only by ``SimulatedAPIServer/sendBookmarks()``.
        ///
        /// Defaults to `nil`; a real server sends one each minute.
        public var bookmarkInterval: Duration?
        /// The minor version that `/version` names.
        ///
        /// Defaults to 34.
        public var minorVersion: Int
        /// Where identities come from.
        ///
        /// Defaults to 1.
        public var seed: UInt64
        /// Time stamps, in seconds since 1970.
        ///
        /// Defaults to 1 January 2026, standing still.
        public var wallClock: @Sendable () -> Double
        /// Timeouts of requests and watches.
        ///
        /// Defaults to the machine's clock.
        public var time: TimeSource

        /// Options; the defaults fit most tests.
        public init(
            resources: [SimulatedResource] = [],
            watchList: WatchList = .served,
            runsControllers: Bool = true,
            historyLimit: Int = 10_000,
            bookmarkInterval: Duration? = nil,
            minorVersion: Int = 34,
            seed: UInt64 = 1,
            wallClock: @escaping @Sendable () -> Double = { 1_767_225_600 },
            time: TimeSource = .system
        ) {
            self.resources = resources
            self.watchList = watchList
            self.runsControllers = runsControllers
            self.historyLimit = historyLimit
            self.bookmarkInterval = bookmarkInterval
            self.minorVersion = minorVersion
            self.seed = seed
            self.wallClock = wallClock
            self.time = time
        }
    }

    struct Content {
        var state: APIServerState
        var faults = FaultPlan()
        var log: [SimulatedResponse] = []
        /// Who waits for something to happen: watches, by number.
        var waiters: [Int: Signal] = [:]
        var lastWaiter = 0
        /// How often bookmarks were asked for.
        var bookmarkRounds = 0
    }

    let content: Locked<Content>
    let options: Options

    /// A server with nothing on it but the namespaces `default` and `kube-system`.
    public init(_ options: Options = Options()) {
        self.options = options
        self.content = Locked(Content(state: APIServerState(options: options)))
    }

    /// A connection of its own, for one client.
    ///
    /// - Parameter user: What the audit log calls the client, and what faults are matched with.
    public func connect(as user: String = "test") -> SimulatedConnection {
        SimulatedConnection(to: self, user: user)
    }

    // MARK: Faults and time

    /// Changes what goes wrong.
    public func changeFaults(_ change: (inout FaultPlan) -> Void) {
        self.content.withLock { change(&$0.faults) }
    }

    /// Forgets all past states: who asks for one gets 410.
    public func compact() {
        self.change { $0.state.store.compact() }
    }

    /// Lets the version grow as if other objects had been written.
    public func skipVersions(_ count: Int) {
        self.change { $0.state.store.skip(count) }
    }

    /// Sends a bookmark to all watches that want them.
    public func sendBookmarks() {
        self.change { $0.bookmarkRounds += 1 }
    }

    /// Lets the garbage collector and the namespace controller act until they have nothing to do.
    public func runControllers() {
        self.change { $0.state.runControllers() }
    }

    /// Serves one more type from now on.
    public func serve(_ resource: SimulatedResource) {
        self.change { $0.state.resources.append(resource) }
    }

    /// Serves a type no longer; its objects stay, and come back with it.
    public func stopServing(_ type: ResourceType) {
        self.change { content in content.state.resources.removeAll { $0.type == type } }
    }

    // MARK: The audit log

    /// All requests that were answered so far, in the order in which they were.
    public var log: [SimulatedResponse] {
        self.content.withLock { $0.log }
    }

    /// Gives the log so far, and begins a new one.
    public func takeLog() -> [SimulatedResponse] {
        self.content.withLock { content in
            defer { content.log = [] }
            return content.log
        }
    }

    // MARK: The state

    /// The version of the last write.
    public var version: Int {
        self.content.withLock { $0.state.store.version }
    }

    /// Changes the content, lets the controllers act, and wakes the watches.
    @discardableResult
    func change<Result>(_ body: (inout Content) -> Result) -> Result {
        let (result, woken) = self.content.withLock { content in
            let version = content.state.store.version
            let rounds = content.bookmarkRounds
            let result = body(&content)
            if self.options.runsControllers, content.state.needsControllers { content.state.runControllers() }
            guard content.state.store.version != version || content.bookmarkRounds != rounds else {
                return (result, [Signal]())
            }
            defer { content.waiters = [:] }
            return (result, Array(content.waiters.values))
        }
        for signal in woken { signal.give() }
        return result
    }
}

/// A request and what it got.
public struct SimulatedResponse: Sendable, Hashable {
    /// The request.
    public var request: SimulatedRequest
    /// The status code; 0 where the server never answered.
    public var code: Int
    /// The name of the object that was written; for a create it stands in the body.
    public var name: String
    /// The version after the request.
    public var version: Int
}
