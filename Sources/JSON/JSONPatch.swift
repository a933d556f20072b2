/// Changes to a document in the form of RFC 6902, made one after another.
public struct JSONPatch: Sendable, Hashable {
    /// One change.
    public enum Operation: Sendable, Hashable {
        /// Sets a member, or inserts an element before the one that is there.
        case add(JSONPointer, JSONValue)
        /// Takes away what must be there.
        case remove(JSONPointer)
        /// Puts something else in the place of what must be there.
        case replace(JSONPointer, JSONValue)
        /// Lets the patch fail unless this is there.
        case test(JSONPointer, JSONValue)
    }

    /// The changes in order.
    public var operations: [Operation]

    /// A patch of these changes.
    public init(_ operations: [Operation] = []) {
        self.operations = operations
    }

    /// The patch as the API server takes it.
    public var value: JSONValue {
        .array(self.operations.map(\.value))
    }

    /// The document that the patch makes out of another one; either all changes are made or none.
    public func applied(to document: JSONValue) throws(JSONPatchError) -> JSONValue {
        var result = document
        for operation in self.operations {
            try operation.apply(to: &result)
        }
        return result
    }
}

/// Why a patch does not fit a document.
public enum JSONPatchError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There is nothing at this place, or no place of this kind.
    case notFound(JSONPointer)
    /// Something else is at this place than the test asks for.
    case testFailed(JSONPointer)

    /// One line that names the place.
    public var description: String {
        switch self {
        case .notFound(let pointer): "nothing to change at \"\(pointer)\""
        case .testFailed(let pointer): "the value at \"\(pointer)\" is not the expected one"
        }
    }
}

extension JSONPatch.Operation {
    fileprivate var value: JSONValue {
        switch self {
        case .add(let pointer, let value): ["op": "add", "path": .string(pointer.description), "value": value]
        case .remove(let pointer): ["op": "remove", "path": .string(pointer.description)]
        case .replace(let pointer, let value): ["op": "replace", "path": .string(pointer.description), "value": value]
        case .test(let pointer, let value): ["op": "test", "path": .string(pointer.description), "value": value]
        }
    }

    private var pointer: JSONPointer {
        switch self {
        case .add(let pointer, _), .remove(let pointer), .replace(let pointer, _), .test(let pointer, _): pointer
        }
    }

    fileprivate func apply(to document: inout JSONValue) throws(JSONPatchError) {
        try self.apply(to: &document, through: self.pointer.tokens[...])
    }

    private func apply(to value: inout JSONValue, through tokens: ArraySlice<String>) throws(JSONPatchError) {
        guard let token = tokens.first else {
            try self.applyHere(to: &value)
            return
        }
        guard tokens.count == 1 else {
            try self.descend(into: &value, token: token, rest: tokens.dropFirst())
            return
        }
        switch (self, value) {
        case (.add(_, let new), .object):
            value[token] = new
        case (.add(_, let new), .array(var elements)):
            guard let index = token == "-" ? elements.count : Self.index(token), index <= elements.count else {
                throw .notFound(self.pointer)
            }
            elements.insert(new, at: index)
            value = .array(elements)
        case (.remove, .object) where value[token] != nil:
            value[token] = nil
        case (.remove, .array(var elements)):
            guard let index = Self.index(token), index < elements.count else { throw .notFound(self.pointer) }
            elements.remove(at: index)
            value = .array(elements)
        default:
            try self.descend(into: &value, token: token, rest: [])
        }
    }

    /// Changes the whole of what the pointer leads to.
    private func applyHere(to value: inout JSONValue) throws(JSONPatchError) {
        switch self {
        case .add(_, let new), .replace(_, let new):
            value = new
        case .test(_, let wanted):
            guard value == wanted else { throw .testFailed(self.pointer) }
        case .remove:
            throw .notFound(self.pointer)
        }
    }

    private func descend(
        into value: inout JSONValue,
        token: String,
        rest: ArraySlice<String>
    ) throws(JSONPatchError) {
        switch value {
        case .object(var members):
            guard var member = members[token] else { throw .notFound(self.pointer) }
            try self.apply(to: &member, through: rest)
            members[token] = member
            value = .object(members)
        case .array(var elements):
            guard let index = Self.index(token), index < elements.count else { throw .notFound(self.pointer) }
            try self.apply(to: &elements[index], through: rest)
            value = .array(elements)
        default:
            throw .notFound(self.pointer)
        }
    }

    /// An index as RFC 6901 has it: no sign, no leading zero.
    private static func index(_ token: String) -> Int? {
        guard token.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") <= 9 }) else { return nil }
        guard token == "0" || token.utf8.first != UInt8(ascii: "0") else { return nil }
        return Int(token)
    }
}
