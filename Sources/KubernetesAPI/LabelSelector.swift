/// Which objects are meant, by their labels, as people write it: `team=blue,tier!=cache,stage in (test, prod),!old`.
///
/// The syntax is that of the API server's `labelSelector`, without its comparisons of numbers. Reading it here finds a slip
/// before anything is asked; only the API server applies it.
public struct LabelSelector: Sendable, Hashable, CustomStringConvertible {
    /// The requirements, all of which must hold, in the order of their text, each once: the same selection is the same text,
    /// however it was written.
    public let description: String

    /// Reads a selector.
    ///
    /// - Throws: ``LabelSelectorError``; a selector without any requirement is one, too, as it would mean everything.
    public init(parsing text: String) throws(LabelSelectorError) {
        var requirements: Set<String> = []
        for part in Self.parts(of: text) {
            requirements.insert(try Self.requirement(part, of: text))
        }
        guard !requirements.isEmpty else { throw LabelSelectorError(selector: text, part: text) }
        self.description = requirements.sorted().joined(separator: ",")
    }

    /// The parts between the commas that stand in no parenthesis.
    private static func parts(of text: String) -> [String] {
        var (parts, isInside) = ([""], false)
        for character in text {
            if character == "(" { isInside = true }
            if character == ")" { isInside = false }
            if character == ",", !isInside {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
        }
        return parts
    }

    /// One requirement in one spelling.
    private static func requirement(_ part: String, of text: String) throws(LabelSelectorError) -> String {
        let requirement = trimmed(part[...])
        let refusal = LabelSelectorError(selector: text, part: requirement)
        if requirement.hasPrefix("!") {
            let key = trimmed(requirement.dropFirst())
            guard isKey(key) else { throw refusal }
            return "!\(key)"
        }
        if let set = try Self.set(requirement, refusal) { return set }
        for (sign, spelling) in [("!=", "!="), ("==", "="), ("=", "=")] {
            guard let range = requirement.firstRange(of: sign) else { continue }
            let key = trimmed(requirement[..<range.lowerBound])
            let value = trimmed(requirement[range.upperBound...])
            guard isKey(key), isValue(value) else { throw refusal }
            return key + spelling + value
        }
        guard isKey(requirement) else { throw refusal }
        return requirement
    }

    /// `stage in (test, prod)`; `nil` for what is no requirement of that kind.
    private static func set(
        _ requirement: String,
        _ refusal: LabelSelectorError
    ) throws(LabelSelectorError) -> String? {
        guard let open = requirement.firstIndex(of: "(") else { return nil }
        guard requirement.last == ")" else { throw refusal }
        let words = requirement[..<open].split(separator: " ").map(String.init)
        let values = requirement[requirement.index(after: open)...].dropLast()
            .split(separator: ",", omittingEmptySubsequences: false).map { trimmed($0) }
        guard words.count == 2, isKey(words[0]), ["in", "notin"].contains(words[1]), values.allSatisfy(isValue) else {
            throw refusal
        }
        return "\(words[0]) \(words[1]) (\(Set(values).sorted().joined(separator: ",")))"
    }
}

/// A text that is no label selector.
public struct LabelSelectorError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The whole text.
    public let selector: String
    /// What of it cannot be understood.
    public let part: String

    /// What is wrong, in one line.
    public var description: String {
        self.part.isEmpty
            ? "'\(self.selector)' is no label selector: something stands between commas, such as team=blue"
            : "'\(self.part)' is no requirement of labels, such as team=blue, team!=blue, team in (blue, red), team or !team"
    }
}

private func trimmed(_ text: Substring) -> String {
    var text = text.drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
}

/// A label's name, with or without a prefix that is a domain.
private func isKey(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard let name = parts.last, parts.count <= 2, !name.isEmpty, isValue(String(name)) else { return false }
    guard parts.count == 2 else { return true }
    let isDomain = parts[0].utf8.allSatisfy {
        isLetterOrDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
    }
    return isDomain && !parts[0].isEmpty && parts[0].utf8.count <= 253
}

/// A label's value, which may be empty.
private func isValue(_ text: String) -> Bool {
    guard let first = text.utf8.first, let last = text.utf8.last else { return true }
    return text.utf8.count <= 63 && isLetterOrDigit(first) && isLetterOrDigit(last)
        && text.utf8.allSatisfy { isLetterOrDigit($0) || "-_.".utf8.contains($0) }
}

private func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
    default: false
    }
}
