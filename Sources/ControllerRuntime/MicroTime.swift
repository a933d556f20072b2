internal import FoundationEssentials

/// A time as Kubernetes' `MicroTime`: RFC 3339 in UTC with six digits behind the second.
///
/// - Parameter seconds: Since 1970.
func microTime(_ seconds: Double) -> String {
    let whole = seconds.rounded(.down)
    let micros = min(999_999, Int((seconds - whole) * 1_000_000))
    let digits = String(micros)
    let text = Date(timeIntervalSince1970: whole).formatted(.iso8601)
    return "\(text.dropLast()).\(String(repeating: "0", count: 6 - digits.count))\(digits)Z"
}

/// A time as Kubernetes' `Time`: RFC 3339 in UTC, without parts of a second.
func wholeTime(_ seconds: Double) -> String {
    Date(timeIntervalSince1970: seconds.rounded(.down)).formatted(.iso8601)
}
