/// A JSON value, kept as a tree.
///
/// Whole numbers that fit 64 bits are ``integer(_:)``; every other number keeps its text, so that nothing is lost
/// between reading and writing. Equality is by meaning: two objects are equal whatever the order of their members.
public enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

/// A number that is not a 64-bit integer, as the text that stood in the document.
public struct JSONNumber: Sendable, Hashable {
    /// The number as JSON writes it, for example `0.7` or `1e3`.
    public let text: String

    /// Takes over a text that is known to be a JSON number; the parser and the writer are the ones who know.
    public init(text: String) {
        self.text = text
    }

    /// The nearest double.
    public var double: Double {
        Double(self.text) ?? .nan
    }
}

// MARK: - Comparing

extension JSONValue {
    /// Whether both mean the same.
    ///
    /// Strings are compared by their bytes, as the API server does; Swift's own `==` takes `é` for equal however it is
    /// composed.
    public static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.integer(let left), .integer(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left.isSame(as: right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }
}

// MARK: - Reading

extension JSONValue {
    /// The string, if it is one.
    public var string: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    /// The truth value, if it is one.
    public var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The whole number, if it is one that fits.
    public var integer: Int64? {
        guard case .integer(let value) = self else { return nil }
        return value
    }

    /// The number, whole or not.
    public var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value.double
        default: nil
        }
    }

    /// The elements, if it is an array.
    public var array: [JSONValue]? {
        guard case .array(let value) = self else { return nil }
        return value
    }

    /// The members, if it is an object.
    public var object: JSONObject? {
        guard case .object(let value) = self else { return nil }
        return value
    }

    /// The members that are strings, if it is an object; labels and annotations, for example.
    public var stringMembers: [String: String]? {
        guard case .object(let members) = self else { return nil }
        var strings: [String: String] = [:]
        strings.reserveCapacity(members.count)
        for member in members {
            strings[member.key] = member.value.string
        }
        return strings
    }

    /// Whether it is `null`.
    public var isNull: Bool {
        self == .null
    }

    /// What an error message calls this kind of value, for example `integer` or `object`.
    public var kindName: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .integer: "integer"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}

// MARK: - Going down and changing

extension JSONValue {
    /// The member of an object.
    ///
    /// Reading anything that is not an object gives `nil`; writing makes it an object; writing `nil` removes the member.
    public subscript(key: String) -> JSONValue? {
        get {
            guard case .object(let members) = self else { return nil }
            return members[key]
        }
        set {
            var members: JSONObject
            if case .object(let existing) = self {
                members = existing
            } else {
                members = JSONObject()
            }
            // Give up our own hold first, so that the members are changed in place and not copied.
            self = .null
            members[key] = newValue
            self = .object(members)
        }
    }

    /// The element of an array; `nil` where there is none.
    public subscript(index: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }
}

// MARK: - Literals

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    /// The value `null`.
    public init(nilLiteral: ()) {
        self = .null
    }

    /// One of the values `true` and `false`.
    public init(booleanLiteral value: Bool) {
        self = .bool(value)
    }

    /// A whole number.
    public init(integerLiteral value: Int64) {
        self = .integer(value)
    }

    /// A number with a fraction; a whole one becomes an integer.
    public init(floatLiteral value: Double) {
        self = JSONValue(value)
    }

    /// A string.
    public init(stringLiteral value: String) {
        self = .string(value)
    }

    /// An array.
    public init(arrayLiteral elements: JSONValue...) {
        self = .array(elements)
    }

    /// An object; a key that comes twice keeps its last value.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        var members = JSONObject()
        for (key, value) in elements {
            members[key] = value
        }
        self = .object(members)
    }

    /// A number; JSON has no infinity and no NaN, so these become `null`.
    public init(_ value: Double) {
        if let whole = Int64(exactly: value) {
            self = .integer(whole)
        } else if value.isFinite {
            self = .number(JSONNumber(text: "\(value)"))
        } else {
            self = .null
        }
    }

    /// A whole number.
    public init(_ value: Int) {
        self = .integer(Int64(value))
    }

    /// An object of strings, as labels and annotations are.
    public init(_ strings: [String: String]) {
        var members = JSONObject()
        for (key, value) in strings.sorted(by: { $0.key < $1.key }) {
            members[key] = .string(value)
        }
        self = .object(members)
    }
}
