/// How long a watch may be silent before it counts as dead.
///
/// Most API servers send a bookmark about once a minute when nothing changes. Kubernetes 1.20 sends none for a type that has
/// not changed since the server was started; there, a watch can only be known to be dead when it does not end in time.
struct StreamLiveness: Sendable, Equatable {
    private enum Experience: Equatable {
        /// Nothing has been learnt yet: be strict, which costs one more watch if the server is of the silent kind.
        case none
        /// Bookmarks come.
        case bookmarks
        /// A watch was silent and had no bookmark.
        case silence
    }

    private var experience = Experience.none

    /// Notes that a bookmark came.
    mutating func sawBookmark() {
        self.experience = .bookmarks
    }

    /// Notes that a watch was ended for its silence.
    mutating func timedOut() {
        if self.experience == .none {
            self.experience = .silence
        }
    }

    /// How long the next watch may be silent.
    ///
    /// - Parameter timeout: When the server is to end it.
    func idleLimit(timeout: Duration) -> Duration {
        switch self.experience {
        // A bookmark a minute, and half as much again for a server under load.
        case .none, .bookmarks: .seconds(90)
        case .silence: timeout + .seconds(30)
        }
    }
}
