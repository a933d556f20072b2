internal import JSON

/// Why a text is not YAML that stands for JSON.
public enum YAMLError: Error, Sendable, Hashable {
    /// The text is not YAML; `problem` is libyaml's.
    case syntax(problem: String, at: YAMLLocation)
    /// A mapping has the same key twice.
    case duplicateKey(String, at: YAMLLocation)
    /// A key is not a string, a number or a truth value.
    case invalidKey(at: YAMLLocation)
    /// A tag that JSON has nothing for, for example `!!binary`.
    case unsupportedTag(String, at: YAMLLocation)
    /// A scalar is not what its tag says, or a number that JSON lacks.
    case invalidScalar(String, expected: String, at: YAMLLocation)
    /// An alias names an anchor that does not come before it, or one that it is itself a part of.
    case unknownAnchor(String, at: YAMLLocation)
    /// The value of a merge key `<<` is not a mapping or a sequence of mappings.
    case invalidMerge(at: YAMLLocation)
    /// One of the ``YAMLLimits`` is exceeded.
    case limit(Limit, of: Int, at: YAMLLocation)

    /// What there may be too much of.
    public enum Limit: String, Sendable, Hashable {
        /// Of bytes.
        case size = "bytes"
        /// Of documents.
        case documents = "documents"
        /// Of nesting.
        case depth = "levels of nesting"
        /// Of values that come through aliases.
        case aliasedNodes = "values through aliases"
    }

    /// Where the trouble is.
    public var location: YAMLLocation {
        switch self {
        case .syntax(_, let location), .duplicateKey(_, let location), .invalidKey(let location),
            .unsupportedTag(_, let location), .invalidScalar(_, _, let location), .unknownAnchor(_, let location),
            .invalidMerge(let location), .limit(_, _, let location):
            location
        }
    }
}

extension YAMLError: CustomStringConvertible {
    /// One line with place and reason.
    public var description: String {
        "\(self.location): \(self.problem)"
    }

    private var problem: String {
        switch self {
        case .syntax(let problem, _): problem
        case .duplicateKey(let key, _): "duplicate key \(Self.quoted(key))"
        case .invalidKey: "a key must be a string, a number or a boolean"
        case .unsupportedTag(let tag, _):
            "unsupported tag \(tag.split(whereSeparator: \.isNewline).joined(separator: " "))"
        case .invalidScalar(let text, let expected, _): "\(Self.quoted(text)) is not \(expected)"
        case .unknownAnchor(let name, _): "unknown anchor \"\(name)\""
        case .invalidMerge: "the value of \"<<\" must be a mapping or a list of mappings"
        case .limit(let limit, let count, _): "more than \(count) \(limit.rawValue)"
        }
    }

    /// With escapes for line breaks and the like, so that the message stays one line.
    private static func quoted(_ text: String) -> String {
        JSONValue.string(text).text()
    }
}
