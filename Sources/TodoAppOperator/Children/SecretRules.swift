/// What a value in a Secret must be, so that the app can start with it.
public enum SecretRule: Sendable, Hashable {
    /// A PostgreSQL URL with a host; with `requiresTLS` it must also ask for an encrypted connection.
    case postgresURL(requiresTLS: Bool)
    /// At least so many characters.
    case minimumLength(Int)
    /// Anything that is not empty.
    case notEmpty

    /// The rule as a sentence that follows the key's name.
    public var text: String {
        switch self {
        case .postgresURL(requiresTLS: false): "must be a PostgreSQL URL: postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
        case .postgresURL(requiresTLS: true):
            "must be a PostgreSQL URL with ssl=require: postgresql://USER:PASSWORD@HOST:PORT/DATABASE?ssl=require"
        case .minimumLength(let count): "must have \(count) characters or more"
        case .notEmpty: "must not be empty"
        }
    }

    /// Whether a value keeps the rule.
    public func accepts(_ value: [UInt8]) -> Bool {
        switch self {
        case .postgresURL(let requiresTLS): isPostgresURL(value, requiresTLS: requiresTLS)
        case .minimumLength(let count): characterCount(value) >= count
        case .notEmpty: !value.isEmpty
        }
    }
}

private func characterCount(_ value: [UInt8]) -> Int {
    // A value that is no text is as long as its bytes are.
    String(validating: value, as: UTF8.self)?.unicodeScalars.count ?? value.count
}

// MARK: - PostgreSQL URLs

/// libpq's and SQLAlchemy's form, as far as both agree: `postgresql://`, `postgres://`, or `postgresql+DRIVER://`.
private func isPostgresURL(_ value: [UInt8], requiresTLS: Bool) -> Bool {
    guard let text = String(validating: value, as: UTF8.self) else { return false }
    // The line end that `echo` leaves in a Secret is the most frequent mistake of all.
    guard text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F }) else { return false }
    guard let scheme = text.firstRange(of: "://"), isPostgresScheme(text[..<scheme.lowerBound]) else { return false }

    let rest = text[scheme.upperBound...].prefix { $0 != "#" }
    let beforeQuery = rest.prefix { $0 != "?" }
    let query = queryItems(rest.dropFirst(beforeQuery.count + 1))
    // Passwords hold unescaped "@" more often than hosts do, and may hold "/" then: the last "@" ends them.
    let userEnd = beforeQuery.lastIndex(of: "@").map { beforeQuery.index(after: $0) } ?? beforeQuery.startIndex
    let hosts = beforeQuery[userEnd...].prefix { $0 != "/" }

    let hasHost = hosts.isEmpty ? query.contains { $0.name == "host" && !$0.value.isEmpty } : areHosts(hosts)
    return hasHost && (!requiresTLS || asksForTLS(query))
}

private func isPostgresScheme(_ scheme: Substring) -> Bool {
    let parts = scheme.split(separator: "+", omittingEmptySubsequences: false)
    guard let dialect = parts.first, dialect == "postgresql" || dialect == "postgres" else { return false }
    switch parts.count {
    case 1: return true
    case 2: return !parts[1].isEmpty && parts[1].allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    default: return false
    }
}

private func areHosts(_ hosts: Substring) -> Bool {
    hosts.split(separator: ",", omittingEmptySubsequences: false).allSatisfy(isHostAndPort)
}

private func isHostAndPort(_ text: Substring) -> Bool {
    let host: Substring
    let port: Substring
    if text.first == "[" {
        guard let end = text.firstIndex(of: "]") else { return false }
        host = text[text.index(after: text.startIndex)..<end]
        port = text[text.index(after: end)...]
    } else {
        host = text.prefix { $0 != ":" }
        port = text.dropFirst(host.count)
    }
    guard !host.isEmpty else { return false }
    if port.isEmpty { return true }
    guard port.first == ":", let number = UInt16(port.dropFirst()) else { return false }
    return number > 0
}

private struct QueryItem {
    var name: Substring
    var value: Substring
}

private func queryItems(_ query: Substring) -> [QueryItem] {
    query.split(separator: "&").map { item in
        let name = item.prefix { $0 != "=" }
        return QueryItem(name: name, value: item.dropFirst(name.count + 1))
    }
}

/// `ssl` is asyncpg's name and the seed's, `sslmode` libpq's; verifying the server as well is more than was asked for.
private func asksForTLS(_ query: [QueryItem]) -> Bool {
    let encrypting: Set<Substring> = ["require", "verify-ca", "verify-full"]
    let modes = query.filter { $0.name == "ssl" || $0.name == "sslmode" }
    return !modes.isEmpty && modes.allSatisfy { encrypting.contains($0.value) }
}
