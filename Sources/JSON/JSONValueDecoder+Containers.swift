/// An object's members by their keys.
struct JSONKeyedDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let object: JSONObject
    let codingPath: [any CodingKey]

    var allKeys: [Key] {
        self.object.keys.compactMap(Key.init(stringValue:))
    }

    func contains(_ key: Key) -> Bool {
        self.object[key.stringValue] != nil
    }

    func decodeNil(forKey key: Key) throws -> Bool {
        try self.member(key).decodeNil()
    }

    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try self.member(key).decode(type) }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try self.member(key).decode(type) }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try self.member(key).decode(type) }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try self.member(key).decode(type) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try self.member(key).decode(type) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try self.member(key).decode(type) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try self.member(key).decode(type) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try self.member(key).decode(type) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try self.member(key).decode(type) }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try self.member(key).decode(type) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try self.member(key).decode(type) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try self.member(key).decode(type) }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try self.member(key).decode(type) }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try self.member(key).decode(type) }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
        try self.member(key).decode(type)
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type,
        forKey key: Key
    ) throws -> KeyedDecodingContainer<NestedKey> {
        try self.member(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try self.member(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder {
        let key = JSONCodingKey(stringValue: "super")
        return JSONTreeDecoder(value: self.object["super"] ?? .null, codingPath: self.codingPath + [key])
    }

    func superDecoder(forKey key: Key) throws -> any Decoder {
        JSONTreeDecoder(value: self.object[key.stringValue] ?? .null, codingPath: self.codingPath + [key])
    }

    private func member(_ key: Key) throws -> JSONTreeDecoder {
        guard let value = self.object[key.stringValue] else {
            let context = DecodingError.Context(codingPath: self.codingPath, debugDescription: "is missing")
            throw DecodingError.keyNotFound(key, context)
        }
        return JSONTreeDecoder(value: value, codingPath: self.codingPath + [key])
    }
}

/// An array's elements, one after another.
struct JSONUnkeyedDecoding: UnkeyedDecodingContainer {
    let elements: [JSONValue]
    let codingPath: [any CodingKey]
    private(set) var currentIndex = 0

    init(elements: [JSONValue], codingPath: [any CodingKey]) {
        self.elements = elements
        self.codingPath = codingPath
    }

    var count: Int? { self.elements.count }
    var isAtEnd: Bool { self.currentIndex >= self.elements.count }

    mutating func decodeNil() throws -> Bool {
        guard try self.element().decodeNil() else { return false }
        self.currentIndex += 1
        return true
    }

    mutating func decode(_ type: Bool.Type) throws -> Bool { try self.next { try $0.decode(type) } }
    mutating func decode(_ type: String.Type) throws -> String { try self.next { try $0.decode(type) } }
    mutating func decode(_ type: Double.Type) throws -> Double { try self.next { try $0.decode(type) } }
    mutating func decode(_ type: Float.Type) throws -> Float { try self.next { try $0.decode(type) } }
    mutating func decode(_ type: Int.Type) throws -> Int { try self.next { try $0.decode(type) } }
    mutating func decode(_ type: Int8.Type) throws -> Int8 { try self.next { try $0.decode(type) } }
    mutating func decode(_ type: Int16.Type) throws -> Int16 { try self.next { try $0.decode(type) } }
    mutating func decode(_ type: Int32.Type) throws -> Int32 { try self.next { try $0.decode(type) } }
    mutating func decode(_ type: Int64.Type) throws -> Int64 { try self.next { try $0.decode(type) } }
    mutating func decode(_ type: UInt.Type) throws -> UInt { try self.next { try $0.decode(type) } }
    mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try self.next { try $0.decode(type) } }
    mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try self.next { try $0.decode(type) } }
    mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try self.next { try $0.decode(type) } }
    mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try self.next { try $0.decode(type) } }

    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
        try self.next { try $0.decode(type) }
    }

    mutating func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        try self.next { try $0.container(keyedBy: type) }
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try self.next { try $0.unkeyedContainer() }
    }

    mutating func superDecoder() throws -> any Decoder {
        try self.next { $0 }
    }

    /// Goes on to the next element only if this one could be read, as types that try several things rely on.
    private mutating func next<T>(_ read: (JSONTreeDecoder) throws -> T) throws -> T {
        let result = try read(try self.element())
        self.currentIndex += 1
        return result
    }

    private func element() throws -> JSONTreeDecoder {
        let key = JSONCodingKey(intValue: self.currentIndex)
        guard !self.isAtEnd else {
            let context = DecodingError.Context(codingPath: self.codingPath, debugDescription: "is missing")
            throw DecodingError.keyNotFound(key, context)
        }
        return JSONTreeDecoder(value: self.elements[self.currentIndex], codingPath: self.codingPath + [key])
    }
}
