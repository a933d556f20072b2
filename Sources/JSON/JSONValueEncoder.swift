/// Makes values out of `Encodable` types.
public struct JSONValueEncoder: Sendable {
    /// An encoder; it has no settings.
    public init() {}

    /// Makes the value of a type; members come in the order in which the type writes them.
    public func encode<T: Encodable>(_ value: T) throws(JSONEncodingError) -> JSONValue {
        let slot = JSONEncodingSlot()
        do {
            try JSONTreeEncoder(slot: slot, codingPath: []).encode(value)
        } catch EncodingError.invalidValue(_, let context) {
            throw .invalid(path: JSONPath(context.codingPath), reason: context.debugDescription)
        } catch {
            throw .invalid(path: JSONPath(), reason: "\(error)")
        }
        return slot.value
    }
}

/// A place that a value is being written to.
///
/// Containers stay open while others are written beside them, so a place has an identity.
final class JSONEncodingSlot {
    private enum Content {
        /// A type that writes nothing at all is an empty object.
        case nothing
        case value(JSONValue)
        case elements([JSONEncodingSlot])
        case members([(key: String, slot: JSONEncodingSlot)])
    }

    private var content = Content.nothing

    var value: JSONValue {
        switch self.content {
        case .nothing:
            return .object(JSONObject())
        case .value(let value):
            return value
        case .elements(let slots):
            return .array(slots.map(\.value))
        case .members(let slots):
            var object = JSONObject()
            for (key, slot) in slots {
                object[key] = slot.value
            }
            return .object(object)
        }
    }

    var elementCount: Int {
        guard case .elements(let slots) = self.content else { return 0 }
        return slots.count
    }

    func set(_ value: JSONValue) {
        self.content = .value(value)
    }

    /// Opens an array; one that is open stays as it is.
    func openArray() {
        guard case .elements = self.content else {
            self.content = .elements([])
            return
        }
    }

    /// Opens an object; one that is open stays as it is.
    func openObject() {
        guard case .members = self.content else {
            self.content = .members([])
            return
        }
    }

    func addElement() -> JSONEncodingSlot {
        let slot = JSONEncodingSlot()
        guard case .elements(var slots) = self.content else {
            self.content = .elements([slot])
            return slot
        }
        self.content = .nothing
        slots.append(slot)
        self.content = .elements(slots)
        return slot
    }

    func addMember(_ key: String) -> JSONEncodingSlot {
        let slot = JSONEncodingSlot()
        guard case .members(var slots) = self.content else {
            self.content = .members([(key, slot)])
            return slot
        }
        self.content = .nothing
        slots.append((key, slot))
        self.content = .members(slots)
        return slot
    }
}

/// The encoder that a type sees: one place and where it lies.
struct JSONTreeEncoder: Encoder, SingleValueEncodingContainer {
    let slot: JSONEncodingSlot
    let codingPath: [any CodingKey]

    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        self.slot.openObject()
        return KeyedEncodingContainer(JSONKeyedEncoding<Key>(slot: self.slot, codingPath: self.codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        self.slot.openArray()
        return JSONUnkeyedEncoding(slot: self.slot, codingPath: self.codingPath)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        self
    }

    // MARK: - One value

    func encodeNil() { self.slot.set(.null) }
    func encode(_ value: Bool) { self.slot.set(.bool(value)) }
    func encode(_ value: String) { self.slot.set(.string(value)) }
    func encode(_ value: Int) { self.slot.set(JSONValue(value)) }
    func encode(_ value: Int8) { self.slot.set(.integer(Int64(value))) }
    func encode(_ value: Int16) { self.slot.set(.integer(Int64(value))) }
    func encode(_ value: Int32) { self.slot.set(.integer(Int64(value))) }
    func encode(_ value: Int64) { self.slot.set(.integer(value)) }
    func encode(_ value: UInt) { self.encode(UInt64(value)) }
    func encode(_ value: UInt8) { self.slot.set(.integer(Int64(value))) }
    func encode(_ value: UInt16) { self.slot.set(.integer(Int64(value))) }
    func encode(_ value: UInt32) { self.slot.set(.integer(Int64(value))) }

    func encode(_ value: UInt64) {
        if let small = Int64(exactly: value) {
            self.slot.set(.integer(small))
        } else {
            self.slot.set(.number(JSONNumber(text: "\(value)")))
        }
    }

    func encode(_ value: Double) throws {
        guard value.isFinite else { throw self.invalid(value) }
        self.slot.set(JSONValue(value))
    }

    func encode(_ value: Float) throws {
        guard value.isFinite else { throw self.invalid(value) }
        // The shortest text of the single is not the one of the double it equals: 0.1 must not become 0.10000000149.
        self.slot.set(Int64(exactly: value).map(JSONValue.integer) ?? .number(JSONNumber(text: "\(value)")))
    }

    func encode<T: Encodable>(_ value: T) throws {
        if let value = value as? JSONValue {
            self.slot.set(value)
        } else {
            try value.encode(to: self)
        }
    }

    private func invalid(_ value: some BinaryFloatingPoint) -> EncodingError {
        let context = EncodingError.Context(
            codingPath: self.codingPath,
            debugDescription: "\(value) is not a JSON number"
        )
        return .invalidValue(value, context)
    }
}
