internal import Locks
internal import Logging

/// What last went wrong with a watch: shown below the picture, for lines of a log would run across it.
final class Trouble: Sendable {
    private struct Content {
        var text: String?
        var onChange: @Sendable (String) -> Void = { _ in }
    }

    private let content = Locked(Content())

    /// The sentence; `nil` while all is well.
    var text: String? { self.content.withLock { $0.text } }

    /// Has somebody told of each new one.
    func onChange(_ tell: @escaping @Sendable (String) -> Void) {
        self.content.withLock { $0.onChange = tell }
    }

    /// Something went wrong.
    func note(_ text: String) {
        let tell = self.content.withLock { content in
            content.text = text
            return content.onChange
        }
        tell(text)
    }

    /// All is well again.
    func clear() {
        self.content.withLock { $0.text = nil }
    }
}

/// Takes warnings and errors of the runtime to a ``Trouble``.
struct TroubleLog: LogHandler {
    let trouble: Trouble
    var logLevel = Logger.Level.warning
    var metadata: Logger.Metadata = [:]

    init(_ trouble: Trouble) {
        self.trouble = trouble
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let error = event.metadata?["error"].map { ": \($0)" } ?? ""
        self.trouble.note("\(event.message)\(error)")
    }
}
