import Foundation
import JSON
import Testing

/// One member, or element, for each type that Swift's containers know.
private struct Widths: Codable, Equatable {
    var bool = true
    var string = "x"
    var double = 1.5
    var float: Float = 0.1
    var int = Int.min
    var int8 = Int8.min
    var int16 = Int16.min
    var int32 = Int32.min
    var int64 = Int64.max
    var uint: UInt = 7
    var uint8 = UInt8.max
    var uint16 = UInt16.max
    var uint32 = UInt32.max
    var uint64 = UInt64.max
}

/// The same, written into an array by hand.
private struct Row: Codable, Equatable {
    var widths = Widths()

    init() {}

    init(from decoder: any Decoder) throws {
        var row = try decoder.unkeyedContainer()
        self.widths.bool = try row.decode(Bool.self)
        self.widths.string = try row.decode(String.self)
        self.widths.double = try row.decode(Double.self)
        self.widths.float = try row.decode(Float.self)
        self.widths.int = try row.decode(Int.self)
        self.widths.int8 = try row.decode(Int8.self)
        self.widths.int16 = try row.decode(Int16.self)
        self.widths.int32 = try row.decode(Int32.self)
        self.widths.int64 = try row.decode(Int64.self)
        self.widths.uint = try row.decode(UInt.self)
        self.widths.uint8 = try row.decode(UInt8.self)
        self.widths.uint16 = try row.decode(UInt16.self)
        self.widths.uint32 = try row.decode(UInt32.self)
        self.widths.uint64 = try row.decode(UInt64.self)
    }

    func encode(to encoder: any Encoder) throws {
        var row = encoder.unkeyedContainer()
        try row.encode(self.widths.bool)
        try row.encode(self.widths.string)
        try row.encode(self.widths.double)
        try row.encode(self.widths.float)
        try row.encode(self.widths.int)
        try row.encode(self.widths.int8)
        try row.encode(self.widths.int16)
        try row.encode(self.widths.int32)
        try row.encode(self.widths.int64)
        try row.encode(self.widths.uint)
        try row.encode(self.widths.uint8)
        try row.encode(self.widths.uint16)
        try row.encode(self.widths.uint32)
        try row.encode(self.widths.uint64)
    }
}

/// Containers within containers, and the parts that a superclass writes.
private struct Nest: Codable, Equatable {
    enum Key: String, CodingKey {
        case inner, list, base, nothing
    }

    var number = 1
    var texts = ["a", "b"]

    init() {}

    init(from decoder: any Decoder) throws {
        let outer = try decoder.container(keyedBy: Key.self)
        let inner = try outer.nestedContainer(keyedBy: Key.self, forKey: .inner)
        self.number = try inner.decode(Int.self, forKey: .base)
        var list = try outer.nestedUnkeyedContainer(forKey: .list)
        var texts: [String] = []
        if try list.decodeNil() {
            texts.append(try list.nestedContainer(keyedBy: Key.self).decode(String.self, forKey: .base))
            var deeper = try list.nestedUnkeyedContainer()
            texts.append(try deeper.decode(String.self))
            _ = try list.superDecoder().singleValueContainer().decode(Int.self)
        }
        self.texts = texts
        guard try outer.decodeNil(forKey: .nothing), outer.contains(.nothing), !outer.contains(.base) else {
            throw DecodingError.dataCorruptedError(forKey: Key.nothing, in: outer, debugDescription: "is no null")
        }
        _ = try outer.superDecoder().singleValueContainer().decode(Int.self)
        _ = try outer.superDecoder(forKey: .inner).container(keyedBy: Key.self)
    }

    func encode(to encoder: any Encoder) throws {
        var outer = encoder.container(keyedBy: Key.self)
        var inner = outer.nestedContainer(keyedBy: Key.self, forKey: .inner)
        try inner.encode(self.number, forKey: .base)
        var list = outer.nestedUnkeyedContainer(forKey: .list)
        try list.encodeNil()
        var member = list.nestedContainer(keyedBy: Key.self)
        try member.encode(self.texts[0], forKey: .base)
        var deeper = list.nestedUnkeyedContainer()
        try deeper.encode(self.texts[1])
        var own = list.superEncoder().singleValueContainer()
        try own.encode(9)
        try outer.encodeNil(forKey: .nothing)
        var base = outer.superEncoder().singleValueContainer()
        try base.encode(8)
    }
}

struct JSONCodableTests {
    @Test("every type that Swift's containers know keeps its value, as a member and as an element")
    func widths() throws {
        let members = try JSONValueEncoder().encode(Widths())
        #expect(members["int"] == .integer(.min))
        #expect(members["uint64"]?.text() == "18446744073709551615")
        #expect(try JSONValueDecoder().decode(Widths.self, from: members) == Widths())

        let elements = try JSONValueEncoder().encode(Row())
        #expect(elements.array == members.object?.map(\.value))
        #expect(try JSONValueDecoder().decode(Row.self, from: elements) == Row())
    }

    @Test("a value by itself is written and read", arguments: [JSONValue.bool(false), "x", 7, .null])
    func simple(value: JSONValue) throws {
        #expect(try JSONValueEncoder().encode(value) == value)
        #expect(try JSONValueDecoder().decode(JSONValue.self, from: value) == value)
    }

    @Test("containers within containers, and what a superclass writes, have their places")
    func nesting() throws {
        let value = try JSONValueEncoder().encode(Nest())
        let expected: JSONValue = [
            "inner": ["base": 1], "list": [.null, ["base": "a"], ["b"], 9], "nothing": .null, "super": 8,
        ]
        #expect(value == expected)
        #expect(try JSONValueDecoder().decode(Nest.self, from: value) == Nest())
    }

    @Test("an array that ends too soon is an error with its path")
    func tooShort() {
        let error = #expect(throws: JSONDecodingError.self) {
            try JSONValueDecoder().decode([String: Row].self, from: ["a": [true, "x"]])
        }
        #expect(error.map { "\($0.path)" } == "a[2]")
    }

    @Test("a value goes through any other encoder and decoder of Swift's, but for what only JSON's text holds")
    func foreignCoders() throws {
        let value: JSONValue = [
            "null": .null, "bool": true, "whole": -7, "fraction": 1.5, "text": "é", "list": [1, "x", [:]],
            "object": ["a": ["b": .null]],
        ]
        let data = try JSONEncoder().encode(value)
        #expect(try JSONValue(parsing: Array(data)) == value)
        #expect(try JSONDecoder().decode(JSONValue.self, from: data) == value)
    }

    @Test("objects that are equal have the same hash, whatever the order of their members")
    func hashing() {
        let one: JSONValue = ["a": 1, "b": [2, ["c": "x", "d": .null]]]
        let other: JSONValue = ["b": [2, ["d": .null, "c": "x"]], "a": 1]
        #expect(one == other)
        #expect(Set([one, other]).count == 1)
        #expect(Set([one, ["a": 1], ["a": 2], [:]]).count == 4)
    }
}
