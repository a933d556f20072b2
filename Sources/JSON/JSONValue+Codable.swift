extension JSONValue: Codable {
    /// Takes the value over as it is from a ``JSONValueDecoder``; from any other decoder it is read piece by piece.
    public init(from decoder: any Decoder) throws {
        if let own = decoder as? JSONTreeDecoder {
            self = own.value
        } else if let members = try? decoder.container(keyedBy: JSONCodingKey.self) {
            var object = JSONObject()
            for key in members.allKeys {
                object[key.stringValue] = try members.decode(JSONValue.self, forKey: key)
            }
            self = .object(object)
        } else if var elements = try? decoder.unkeyedContainer() {
            var array: [JSONValue] = []
            while !elements.isAtEnd {
                array.append(try elements.decode(JSONValue.self))
            }
            self = .array(array)
        } else {
            self = try Self.simple(try decoder.singleValueContainer())
        }
    }

    private static func simple(_ container: any SingleValueDecodingContainer) throws -> JSONValue {
        if container.decodeNil() {
            return .null
        } else if let value = try? container.decode(Bool.self) {
            return .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            return .integer(value)
        } else if let value = try? container.decode(Double.self) {
            return JSONValue(value)
        }
        return .string(try container.decode(String.self))
    }

    /// Writes the value to any encoder; numbers that are not 64-bit integers go through a double.
    public func encode(to encoder: any Encoder) throws {
        if let own = encoder as? JSONTreeEncoder {
            own.slot.set(self)
            return
        }
        switch self {
        case .object(let object):
            var container = encoder.container(keyedBy: JSONCodingKey.self)
            for member in object {
                try container.encode(member.value, forKey: JSONCodingKey(stringValue: member.key))
            }
        case .array(let elements):
            var container = encoder.unkeyedContainer()
            for element in elements {
                try container.encode(element)
            }
        case .null, .bool, .integer, .number, .string:
            var container = encoder.singleValueContainer()
            try self.encodeSimple(to: &container)
        }
    }

    private func encodeSimple(to container: inout any SingleValueEncodingContainer) throws {
        switch self {
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value.double)
        case .string(let value): try container.encode(value)
        case .null, .array, .object: try container.encodeNil()
        }
    }
}
