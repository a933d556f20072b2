/// How a log line looks.
public enum LogFormat: String, Sendable, Hashable, CaseIterable {
    /// For people: time, level, message, then `key=value`.
    case text
    /// For machines: one JSON object a line.
    case json
}
