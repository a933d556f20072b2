public import KubernetesAPI
public import KubernetesClient

/// What a reflector does next: the rules by which a copy of a collection is kept, without any I/O.
///
/// A collection is listed page by page, or streamed at the beginning of a watch where the server does that, and then
/// watched. Whatever happens to a watch, the copy is either continued from the last version seen or replaced as a whole,
/// so that no change is ever missed.
public struct ReflectorMachine: Sendable, Equatable {
    /// How a collection is read whole.
    public enum InitialSync: Sendable, Equatable {
        /// Page by page: every server does that.
        case list
        /// At the beginning of the watch (WatchList); a server that refuses it is asked for lists from then on.
        case stream
    }

    /// Where the reflector is; each case holds what is valid in it and nothing else.
    public enum State: Sendable, Equatable {
        /// Pages of a list are coming in.
        case listing
        /// The initial events of a watch are coming in.
        case streaming
        /// A watch is being opened, or runs; all changes up to the version have been seen.
        case watching(from: ResourceVersion)
        /// Something failed; after a pause it goes on.
        case pausing(then: Resumption)
        /// It ended for good.
        case stopped
    }

    /// How to go on after a pause.
    public enum Resumption: Sendable, Equatable {
        /// With the whole collection.
        case list
        /// With a new watch after this version.
        case watch(from: ResourceVersion)
    }

    /// What can happen.
    public enum Input: Sendable, Equatable {
        /// The reflector begins.
        case begin
        /// A page of the list has come whole.
        case page(ListPage)
        /// A page could not be had.
        case listFailed(KubernetesClientError)
        /// All initial events of a watch have come; the same watch goes on from this version.
        case initialEvents(end: ResourceVersion)
        /// The initial events could not be had.
        case streamFailed(KubernetesClientError)
        /// The initial events have no end: the server does not know what was asked of it.
        case streamIsEndless
        /// An object of the watch was new, changed or deleted; or nothing changed up to this version (a bookmark).
        case advanced(to: ResourceVersion)
        /// The watch was over; whether it brought anything, or lived for at least a second.
        case watchEnded(wasUseful: Bool)
        /// The watch could not be opened, or broke.
        case watchFailed(KubernetesClientError)
        /// The pause is over.
        case resumed
        /// The reflector is to end.
        case stop
    }

    /// What is to be done.
    public enum Effect: Sendable, Equatable {
        /// Read a page; the objects go to a copy aside. An empty token begins a new list, and a new copy.
        case fetchPage(continueToken: String)
        /// Open a watch that begins with all objects; they go to a new copy aside.
        case openInitialStream
        /// Go on reading the watch that has brought the initial events.
        case readOn
        /// The copy aside is complete: put it in the place of the old one.
        case replaceStore(ResourceVersion)
        /// Watch after this version.
        case openWatch(from: ResourceVersion)
        /// Wait after this many failures in a row, and for as long as the server has asked for.
        case pause(failures: Int, atLeast: Duration = .zero)
    }

    /// So many watches in a row may pass without a word; then the whole collection is read.
    ///
    /// It is the one way to find out about a server that was replaced by one with an older state: it has nothing to
    /// tell about the versions after the one that was seen.
    static let silencesAllowed = 2
    /// The longest pause that a server may ask for.
    static let longestRetryAfter = Duration.seconds(60)

    /// Where the reflector is.
    public private(set) var state: State = .pausing(then: .list)
    /// How many failures there were since the last success.
    public private(set) var failures = 0
    private var initialSync: InitialSync
    /// Watches in a row that were opened and brought nothing.
    private var silences = 0
    private var isSilent = true

    /// A reflector that has not begun.
    public init(initialSync: InitialSync = .list) {
        self.initialSync = initialSync
    }

    /// Takes what happened, and says what to do.
    public mutating func step(_ input: Input) -> [Effect] {
        switch (self.state, input) {
        case (.stopped, _):
            return []

        case (_, .stop):
            self.state = .stopped
            return []

        case (.pausing(.list), .begin), (.pausing(.list), .resumed):
            return self.readAll()

        case (.pausing(.watch(let version)), .resumed):
            return self.open(from: version)

        case (.listing, .page(let page)) where !page.continueToken.isEmpty:
            return [.fetchPage(continueToken: page.continueToken)]

        case (.listing, .page(let page)):
            // Without a version there is no state to watch from: such a page is none.
            guard !page.resourceVersion.isEmpty else { return self.pause(then: .list) }
            self.failures = 0
            self.silences = 0
            return [.replaceStore(page.resourceVersion)] + self.open(from: page.resourceVersion)

        case (.listing, .listFailed(let error)):
            // Also when a continue token has expired: the pages so far are of a state that cannot be completed.
            return self.pause(then: .list, after: error)

        case (.streaming, .initialEvents(let version)):
            self.failures = 0
            self.silences = 0
            self.isSilent = false
            self.state = .watching(from: version)
            return [.replaceStore(version), .readOn]

        case (.streaming, .streamFailed(let error)):
            guard Self.refusesStreams(error) else { return self.pause(then: .list, after: error) }
            self.initialSync = .list
            return self.readAll()

        case (.streaming, .streamIsEndless):
            self.initialSync = .list
            return self.readAll()

        case (.watching, .advanced(let version)):
            self.failures = 0
            self.silences = 0
            self.isSilent = false
            // An event without a version tells nothing about where to go on: the one before it still does.
            if !version.isEmpty {
                self.state = .watching(from: version)
            }
            return []

        case (.watching(let version), .watchEnded(let wasUseful)):
            guard wasUseful else { return self.pause(then: .watch(from: version)) }
            return self.isOutOfTouch() ? self.readAll() : self.open(from: version)

        case (.watching(let version), .watchFailed(let error)):
            // The server has answered: what failed before, while it was away, no longer counts.
            if error.status?.isExpired == true { self.failures = 0 }
            if error.isTimeout, self.isOutOfTouch() { return self.pause(then: .list, after: error) }
            return self.pause(then: Self.resumption(after: error, from: version), after: error)

        case (.listing, _), (.streaming, _), (.watching, _), (.pausing, _):
            // An answer to something that was given up meanwhile.
            return []
        }
    }

    private mutating func readAll() -> [Effect] {
        switch self.initialSync {
        case .list:
            self.state = .listing
            return [.fetchPage(continueToken: "")]
        case .stream:
            self.state = .streaming
            return [.openInitialStream]
        }
    }

    private mutating func open(from version: ResourceVersion) -> [Effect] {
        self.isSilent = true
        self.state = .watching(from: version)
        return [.openWatch(from: version)]
    }

    /// Counts the watch that is over, and says whether there were too many silent ones.
    private mutating func isOutOfTouch() -> Bool {
        if self.isSilent { self.silences += 1 }
        guard self.silences >= Self.silencesAllowed else { return false }
        self.silences = 0
        return true
    }

    private mutating func pause(then resumption: Resumption, after error: KubernetesClientError? = nil) -> [Effect] {
        self.failures += 1
        self.state = .pausing(then: resumption)
        let asked = Duration.seconds(error?.status?.details.retryAfterSeconds ?? 0)
        return [.pause(failures: self.failures, atLeast: min(asked, Self.longestRetryAfter))]
    }

    /// A version that is too old asks for a new list, and so does a refusal, which may mean that the type was replaced.
    ///
    /// So does a server that was away: it may come back with older data (a backup that was restored), and has then nothing to
    /// tell about versions that it has yet to reach. Anything else that is passing goes on where the watch was: a new list of
    /// everything would only add to the server's trouble.
    private static func resumption(
        after error: KubernetesClientError,
        from version: ResourceVersion
    ) -> Resumption {
        switch error.cause {
        case .transport where error.wasNeverSent:
            return .list
        case .transport, .unreadableAnswer, .credential:
            return .watch(from: version)
        case .refused(let status):
            let needsList = status.isExpired || status.isVersionTooLarge
            return self.isPassing(status) && !needsList ? .watch(from: version) : .list
        }
    }

    /// Whether the server does not do what was asked for, so that there is no use in asking again.
    private static func refusesStreams(_ error: KubernetesClientError) -> Bool {
        guard let status = error.status else { return false }
        return !self.isPassing(status) && !status.isExpired
    }

    private static func isPassing(_ status: KubernetesStatus) -> Bool {
        [401, 429, 500, 502, 503, 504].contains(status.code)
    }
}
