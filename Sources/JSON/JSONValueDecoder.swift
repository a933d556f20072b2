/// Makes `Decodable` types out of values.
public struct JSONValueDecoder: Sendable {
    /// A decoder; it has no settings.
    public init() {}

    /// Makes a value of a type.
    ///
    /// Members that the type does not ask for are passed over.
    public func decode<T: Decodable>(_ type: T.Type, from value: JSONValue) throws(JSONDecodingError) -> T {
        do {
            return try JSONTreeDecoder(value: value, codingPath: []).decode(type)
        } catch {
            throw JSONDecodingError(error)
        }
    }
}

/// The decoder that a type sees: one value and where it lies.
struct JSONTreeDecoder: Decoder, SingleValueDecodingContainer {
    let value: JSONValue
    let codingPath: [any CodingKey]

    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let object) = self.value else { throw self.mismatch(type, expected: "object") }
        return KeyedDecodingContainer(JSONKeyedDecoding<Key>(object: object, codingPath: self.codingPath))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .array(let elements) = self.value else { throw self.mismatch([Any].self, expected: "array") }
        return JSONUnkeyedDecoding(elements: elements, codingPath: self.codingPath)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer {
        self
    }

    // MARK: - One value

    func decodeNil() -> Bool {
        self.value.isNull
    }

    func decode(_ type: Bool.Type) throws -> Bool {
        guard case .bool(let value) = self.value else { throw self.mismatch(type, expected: "boolean") }
        return value
    }

    func decode(_ type: String.Type) throws -> String {
        guard case .string(let value) = self.value else { throw self.mismatch(type, expected: "string") }
        return value
    }

    func decode(_ type: Double.Type) throws -> Double {
        guard let value = self.value.double else { throw self.mismatch(type, expected: "number") }
        return value
    }

    func decode(_ type: Float.Type) throws -> Float {
        Float(try self.decode(Double.self))
    }

    func decode(_ type: Int.Type) throws -> Int { try self.integer(type) }
    func decode(_ type: Int8.Type) throws -> Int8 { try self.integer(type) }
    func decode(_ type: Int16.Type) throws -> Int16 { try self.integer(type) }
    func decode(_ type: Int32.Type) throws -> Int32 { try self.integer(type) }
    func decode(_ type: Int64.Type) throws -> Int64 { try self.integer(type) }
    func decode(_ type: UInt.Type) throws -> UInt { try self.integer(type) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try self.integer(type) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try self.integer(type) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try self.integer(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try self.integer(type) }

    func decode<T: Decodable>(_ type: T.Type) throws -> T {
        // A member of free form is taken over as it is.
        if let value = self.value as? T, type == JSONValue.self {
            return value
        }
        return try T(from: self)
    }

    private func integer<T: FixedWidthInteger>(_ type: T.Type) throws -> T {
        let whole: T? =
            switch self.value {
            case .integer(let value): T(exactly: value)
            // Beyond 64 bits with sign, or written with a fraction of zero.
            case .number(let number): T(number.text) ?? T(exactly: number.double)
            default: throw self.mismatch(type, expected: "integer")
            }
        guard let whole else {
            guard case .number(let number) = self.value, number.double.rounded() != number.double else {
                throw self.corrupted("the number does not fit \(type)")
            }
            throw self.mismatch(type, expected: "integer")
        }
        return whole
    }

    // MARK: - Errors

    func mismatch(_ type: Any.Type, expected: String) -> DecodingError {
        let kinds = JSONKindMismatch(expected: expected, found: self.value.kindName)
        let context = DecodingError.Context(
            codingPath: self.codingPath,
            debugDescription: "expected \(expected), found \(kinds.found)",
            underlyingError: kinds
        )
        return .typeMismatch(type, context)
    }

    func corrupted(_ reason: String) -> DecodingError {
        .dataCorrupted(DecodingError.Context(codingPath: self.codingPath, debugDescription: reason))
    }
}
