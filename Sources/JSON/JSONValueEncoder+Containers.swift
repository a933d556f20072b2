/// An object that is being written, member by member.
struct JSONKeyedEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let slot: JSONEncodingSlot
    let codingPath: [any CodingKey]

    mutating func encodeNil(forKey key: Key) throws { self.member(key).encodeNil() }
    mutating func encode(_ value: Bool, forKey key: Key) throws { self.member(key).encode(value) }
    mutating func encode(_ value: String, forKey key: Key) throws { self.member(key).encode(value) }
    mutating func encode(_ value: Double, forKey key: Key) throws { try self.member(key).encode(value) }
    mutating func encode(_ value: Float, forKey key: Key) throws { try self.member(key).encode(value) }
    mutating func encode(_ value: Int, forKey key: Key) throws { self.member(key).encode(value) }
    mutating func encode(_ value: Int8, forKey key: Key) throws { self.member(key).encode(value) }
    mutating func encode(_ value: Int16, forKey key: Key) throws { self.member(key).encode(value) }
    mutating func encode(_ value: Int32, forKey key: Key) throws { self.member(key).encode(value) }
    mutating func encode(_ value: Int64, forKey key: Key) throws { self.member(key).encode(value) }
    mutating func encode(_ value: UInt, forKey key: Key) throws { self.member(key).encode(value) }
    mutating func encode(_ value: UInt8, forKey key: Key) throws { self.member(key).encode(value) }
    mutating func encode(_ value: UInt16, forKey key: Key) throws { self.member(key).encode(value) }
    mutating func encode(_ value: UInt32, forKey key: Key) throws { self.member(key).encode(value) }
    mutating func encode(_ value: UInt64, forKey key: Key) throws { self.member(key).encode(value) }

    mutating func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
        try self.member(key).encode(value)
    }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy keyType: NestedKey.Type,
        forKey key: Key
    ) -> KeyedEncodingContainer<NestedKey> {
        self.member(key).container(keyedBy: keyType)
    }

    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        self.member(key).unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder {
        let key = JSONCodingKey(stringValue: "super")
        return JSONTreeEncoder(slot: self.slot.addMember("super"), codingPath: self.codingPath + [key])
    }

    mutating func superEncoder(forKey key: Key) -> any Encoder {
        self.member(key)
    }

    private func member(_ key: Key) -> JSONTreeEncoder {
        JSONTreeEncoder(slot: self.slot.addMember(key.stringValue), codingPath: self.codingPath + [key])
    }
}

/// An array that is being written, element by element.
struct JSONUnkeyedEncoding: UnkeyedEncodingContainer {
    let slot: JSONEncodingSlot
    let codingPath: [any CodingKey]

    var count: Int { self.slot.elementCount }

    mutating func encodeNil() throws { self.element().encodeNil() }
    mutating func encode(_ value: Bool) throws { self.element().encode(value) }
    mutating func encode(_ value: String) throws { self.element().encode(value) }
    mutating func encode(_ value: Double) throws { try self.element().encode(value) }
    mutating func encode(_ value: Float) throws { try self.element().encode(value) }
    mutating func encode(_ value: Int) throws { self.element().encode(value) }
    mutating func encode(_ value: Int8) throws { self.element().encode(value) }
    mutating func encode(_ value: Int16) throws { self.element().encode(value) }
    mutating func encode(_ value: Int32) throws { self.element().encode(value) }
    mutating func encode(_ value: Int64) throws { self.element().encode(value) }
    mutating func encode(_ value: UInt) throws { self.element().encode(value) }
    mutating func encode(_ value: UInt8) throws { self.element().encode(value) }
    mutating func encode(_ value: UInt16) throws { self.element().encode(value) }
    mutating func encode(_ value: UInt32) throws { self.element().encode(value) }
    mutating func encode(_ value: UInt64) throws { self.element().encode(value) }

    mutating func encode<T: Encodable>(_ value: T) throws {
        try self.element().encode(value)
    }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy keyType: NestedKey.Type
    ) -> KeyedEncodingContainer<NestedKey> {
        self.element().container(keyedBy: keyType)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        self.element().unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder {
        self.element()
    }

    private func element() -> JSONTreeEncoder {
        let key = JSONCodingKey(intValue: self.count)
        return JSONTreeEncoder(slot: self.slot.addElement(), codingPath: self.codingPath + [key])
    }
}
