internal import JSON
public import Logging

/// Writes each log event as one line.
///
/// The line is written with a single call, so that lines of several tasks never mix; its metadata is sorted by key, so that
/// two lines can be compared.
public struct LineLogHandler: LogHandler {
    /// What is added to every line.
    public var metadata: Logger.Metadata = [:]
    /// Lines below this level are not written.
    public var logLevel: Logger.Level
    /// What is added to every line at the time of writing.
    public var metadataProvider: Logger.MetadataProvider?

    private let format: LogFormat
    private let now: @Sendable () -> String
    private let write: @Sendable (String) -> Void

    /// A handler.
    ///
    /// - Parameters:
    ///   - format: How a line looks.
    ///   - level: The least level that is written.
    ///   - now: The time as RFC 3339 in UTC with milliseconds.
    ///   - write: Takes a line with its line break.
    public init(
        format: LogFormat,
        level: Logger.Level,
        now: @escaping @Sendable () -> String,
        write: @escaping @Sendable (String) -> Void
    ) {
        self.format = format
        self.logLevel = level
        self.now = now
        self.write = write
    }

    /// The value of a metadata key.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    /// Writes an event.
    public func log(event: LogEvent) {
        var merged = self.metadata
        if let provided = self.metadataProvider?.get() {
            merged.merge(provided) { _, new in new }
        }
        if let own = event.metadata {
            merged.merge(own) { _, new in new }
        }
        let fields = merged.sorted { $0.key < $1.key }.map { (key: $0.key, value: "\($0.value)") }
        switch self.format {
        case .text: self.write(textLine(event, fields, time: self.now()))
        case .json: self.write(jsonLine(event, fields, time: self.now()))
        }
    }
}

private func textLine(_ event: LogEvent, _ fields: [(key: String, value: String)], time: String) -> String {
    let level = event.level.rawValue.uppercased()
    // The longest level has 8 letters.
    let padding = String(repeating: " ", count: max(1, 9 - level.count))
    var line = "\(time) \(level)\(padding)\(oneLine("\(event.message)"))"
    for field in fields {
        line += " \(field.key)=\(quotedIfNeeded(field.value))"
    }
    return line + "\n"
}

private func jsonLine(_ event: LogEvent, _ fields: [(key: String, value: String)], time: String) -> String {
    var object = JSONObject()
    object["time"] = .string(time)
    object["level"] = .string(event.level.rawValue)
    object["message"] = .string("\(event.message)")
    for field in fields {
        // A field never takes the place of what every line has.
        let key = ["time", "level", "message"].contains(field.key) ? "field.\(field.key)" : field.key
        object[key] = .string(field.value)
    }
    return JSONValue.object(object).text() + "\n"
}

private func oneLine(_ text: String) -> String {
    text.contains(where: \.isNewline) ? text.split(whereSeparator: \.isNewline).joined(separator: " ") : text
}

private func quotedIfNeeded(_ value: String) -> String {
    let needsQuotes = value.isEmpty || value.contains { $0 == " " || $0 == "\"" || $0 == "=" || $0.isNewline }
    return needsQuotes ? JSONValue.string(value).text() : value
}
