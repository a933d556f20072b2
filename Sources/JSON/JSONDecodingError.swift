/// Why a value is not what a type asks for.
///
/// Paths lead from the value that was to be decoded.
public enum JSONDecodingError: Error, Sendable, Hashable {
    /// There is something else, for example a string for a number.
    case mismatch(path: JSONPath, expected: String, found: String)
    /// A member or an element that is needed is not there.
    case missing(path: JSONPath)
    /// The kind is right but the type refuses the value; `reason` is the type's own.
    case invalid(path: JSONPath, reason: String)

    /// Where the trouble is.
    public var path: JSONPath {
        switch self {
        case .mismatch(let path, _, _), .missing(let path), .invalid(let path, _): path
        }
    }
}

extension JSONDecodingError: CustomStringConvertible {
    /// One line, for example `users[0].user.token: expected string, found integer`.
    public var description: String {
        let place = self.path.steps.isEmpty ? "" : "\(self.path): "
        return switch self {
        case .mismatch(_, let expected, let found): "\(place)expected \(expected), found \(found)"
        case .missing: "\(place)is missing"
        case .invalid(_, let reason): "\(place)\(reason)"
        }
    }
}

/// Why a type could not be written as a value; the path leads from the value that was to be encoded.
public enum JSONEncodingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// JSON has nothing for this, for example infinity.
    case invalid(path: JSONPath, reason: String)

    /// One line with path and reason.
    public var description: String {
        switch self {
        case .invalid(let path, let reason) where path.steps.isEmpty: reason
        case .invalid(let path, let reason): "\(path): \(reason)"
        }
    }
}

// MARK: - Swift's own errors

extension JSONPath {
    init(_ codingPath: [any CodingKey]) {
        self.init(codingPath.map { $0.intValue.map(Step.index) ?? .member($0.stringValue) })
    }
}

/// What ``JSONValueDecoder`` puts beneath the `DecodingError` that it throws: types that try one thing after another
/// catch Swift's errors, while the caller gets ours.
struct JSONKindMismatch: Error {
    let expected: String
    let found: String
}

extension JSONDecodingError {
    init(_ error: any Error) {
        switch error {
        case let error as JSONDecodingError:
            self = error
        case DecodingError.typeMismatch(let type, let context), DecodingError.valueNotFound(let type, let context):
            let path = JSONPath(context.codingPath)
            if let kinds = context.underlyingError as? JSONKindMismatch {
                self = .mismatch(path: path, expected: kinds.expected, found: kinds.found)
            } else {
                self = .invalid(path: path, reason: "expected \(type): \(context.debugDescription)")
            }
        case DecodingError.keyNotFound(let key, let context):
            self = .missing(path: JSONPath(context.codingPath + [key]))
        case DecodingError.dataCorrupted(let context):
            self = .invalid(path: JSONPath(context.codingPath), reason: context.debugDescription)
        default:
            self = .invalid(path: JSONPath(), reason: "\(error)")
        }
    }
}

/// A coding key for any member or element.
struct JSONCodingKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(stringValue: String) {
        self.stringValue = stringValue
        self.intValue = nil
    }

    init(intValue: Int) {
        self.stringValue = "\(intValue)"
        self.intValue = intValue
    }
}
