internal import FoundationEssentials

/// Times as Kubernetes writes them: RFC 3339, in UTC, to the second.
public enum Timestamp {
    /// The text for a time in seconds since 1970.
    public static func text(_ seconds: Double) -> String {
        Date(timeIntervalSince1970: seconds.rounded(.down)).formatted(.iso8601)
    }

    /// The seconds since 1970 for a text; `nil` where it is no time.
    ///
    /// Fractions of a second are dropped.
    public static func seconds(_ text: String) -> Double? {
        var whole = text
        if let dot = text.firstIndex(of: ".") {
            whole = String(text[..<dot]) + text[dot...].drop { $0 == "." || $0.isNumber }
        }
        return (try? Date.ISO8601FormatStyle().parse(whole))?.timeIntervalSince1970
    }
}
