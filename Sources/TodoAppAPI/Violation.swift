public import JSON

/// One way in which a manifest is not what it must be.
public struct Violation: Sendable, Hashable, CustomStringConvertible {
    /// The field, for example `spec.backend.replicas`.
    public let path: JSONPath
    /// The kind of rule that is broken.
    public let rule: Rule
    /// One sentence that says what is wrong or what is allowed; it never repeats the field's value.
    public let message: String

    /// The kinds of rules.
    public enum Rule: String, Sendable, Hashable, CaseIterable {
        /// There is no such field.
        case unknownField
        /// The value is of another type.
        case wrongType
        /// A field is missing.
        case missing
        /// A number, or how many there are of something, is beyond its bounds.
        case outOfRange
        /// A value is none of those that are listed.
        case notAllowed
        /// A text is not written as it must be.
        case malformed
        /// Two fields, or two entries of a list, exclude each other.
        case conflict
        /// The environment forbids it.
        case environment
        /// The contract forbids it.
        case contract
        /// It is the operator's own.
        case reserved
    }

    /// A rule that is broken at a field.
    public init(path: JSONPath, rule: Rule, message: String) {
        self.path = path
        self.rule = rule
        self.message = message
    }

    /// Field and sentence, as a person reads them: `spec.backend.replicas: must be an integer, found a string`.
    public var description: String {
        "\(self.path): \(self.message)"
    }
}

/// A TodoApp was read and is not valid.
public struct InvalidTodoApp: Error, Hashable, CustomStringConvertible {
    /// Everything that is wrong with it, at least one, in the order of reading.
    public let violations: [Violation]

    /// All fields and sentences in one line.
    public var description: String {
        self.violations.map(\.description).joined(separator: "; ")
    }
}
