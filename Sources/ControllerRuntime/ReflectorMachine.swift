public import KubernetesAPI
public import KubernetesClient

/// What a reflector does next: the rules by which a copy of a collection is kept, without any I/O.
///
/// A collection is listed page by page, then watched from the list's version on. Whatever happens to a watch, the copy is
/// either continued from the last version seen or replaced as a whole by a new list, so that no change is ever missed.
public struct ReflectorMachine: Sendable, Equatable {
    /// Where the reflector is; each case holds what is valid in it and nothing else.
    public enum State: Sendable, Equatable {
        /// Pages of a list are coming in.
        case listing
        /// A watch is being opened, or runs; all changes up to the version have been seen.
        case watching(from: ResourceVersion)
        /// Something failed; after a pause it goes on.
        case pausing(then: Resumption)
        /// It ended for good.
        case stopped
    }

    /// How to go on after a pause.
    public enum Resumption: Sendable, Equatable {
        /// With a new list.
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
        /// The copy aside is complete: put it in the place of the old one.
        case replaceStore(ResourceVersion)
        /// Watch after this version.
        case openWatch(from: ResourceVersion)
        /// Wait after this many failures in a row.
        case pause(failures: Int)
    }

    /// Where the reflector is.
    public private(set) var state: State = .pausing(then: .list)
    /// How many failures there were since the last success.
    public private(set) var failures = 0

    /// A reflector that has not begun.
    public init() {}

    /// Takes what happened, and says what to do.
    public mutating func step(_ input: Input) -> [Effect] {
        switch (self.state, input) {
        case (.stopped, _):
            return []

        case (_, .stop):
            self.state = .stopped
            return []

        case (.pausing(.list), .begin), (.pausing(.list), .resumed):
            self.state = .listing
            return [.fetchPage(continueToken: "")]

        case (.pausing(.watch(let version)), .resumed):
            self.state = .watching(from: version)
            return [.openWatch(from: version)]

        case (.listing, .page(let page)) where !page.continueToken.isEmpty:
            return [.fetchPage(continueToken: page.continueToken)]

        case (.listing, .page(let page)):
            self.failures = 0
            self.state = .watching(from: page.resourceVersion)
            return [.replaceStore(page.resourceVersion), .openWatch(from: page.resourceVersion)]

        case (.listing, .listFailed):
            // Also when a continue token has expired: the pages so far are of a state that cannot be completed.
            return self.pause(then: .list)

        case (.watching, .advanced(let version)):
            self.failures = 0
            // An event without a version tells nothing about where to go on: the one before it still does.
            if !version.isEmpty {
                self.state = .watching(from: version)
            }
            return []

        case (.watching(let version), .watchEnded(let wasUseful)):
            guard wasUseful else { return self.pause(then: .watch(from: version)) }
            return [.openWatch(from: version)]

        case (.watching(let version), .watchFailed(let error)):
            // The server has answered: what failed before, while it was away, no longer counts.
            if error.status?.isExpired == true { self.failures = 0 }
            return self.pause(then: Self.resumption(after: error, from: version))

        case (.listing, _), (.watching, _), (.pausing, _):
            // An answer to something that was given up meanwhile.
            return []
        }
    }

    private mutating func pause(then resumption: Resumption) -> [Effect] {
        self.failures += 1
        self.state = .pausing(then: resumption)
        return [.pause(failures: self.failures)]
    }

    /// A version that is too old asks for a new list, and so does a refusal, which may mean that the type was replaced.
    ///
    /// Anything passing goes on where the watch was: a new list of everything would only add to the server's trouble.
    private static func resumption(
        after error: KubernetesClientError,
        from version: ResourceVersion
    ) -> Resumption {
        switch error.cause {
        case .transport, .unreadableAnswer, .credential:
            return .watch(from: version)
        case .refused(let status):
            let isPassing = [401, 429, 500, 502, 503, 504].contains(status.code) && !status.isExpired
            return isPassing ? .watch(from: version) : .list
        }
    }
}
