import Foundation
import JSON
import KubernetesTesting
import Testing

/// Foundation is the second opinion on what JSON is; it is a dependency of these tests alone.
struct JSONFoundationTests {
    @Test("random documents mean the same to Foundation and survive writing and reading", arguments: 1...20)
    func agrees(seed: UInt64) throws {
        var random = RandomJSON(seed: seed)
        for _ in 0..<150 {
            let value = random.value()
            for style in [JSONStyle.compact, .pretty, .canonical] {
                let bytes = value.bytes(style)
                #expect(try JSONValue(parsing: bytes) == value, "seed \(seed)")
                let foundation = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
                #expect(Self.means(foundation, value), "seed \(seed): \(value.text())")
            }
        }
    }

    @Test("what Foundation writes is read as it was meant", arguments: 21...30)
    func readsFoundation(seed: UInt64) throws {
        var random = RandomJSON(seed: seed)
        for _ in 0..<100 {
            let value = random.value()
            let foundation = try JSONSerialization.jsonObject(with: Data(value.bytes()), options: .fragmentsAllowed)
            let data = try JSONSerialization.data(withJSONObject: foundation, options: .fragmentsAllowed)
            let readBack = try JSONValue(parsing: Array(data))
            #expect(Self.means(foundation, readBack), "seed \(seed): \(value.text())")
        }
    }

    @Test("damaged documents are read or refused, never a crash", arguments: 31...50)
    func survivesDamage(seed: UInt64) {
        var random = RandomJSON(seed: seed)
        for _ in 0..<200 {
            var bytes = random.value().bytes()
            for _ in 0..<Int.random(in: 1...4, using: &random.generator) where !bytes.isEmpty {
                let index = Int.random(in: bytes.indices, using: &random.generator)
                switch Int.random(in: 0..<3, using: &random.generator) {
                case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random.generator)
                case 1: bytes.remove(at: index)
                default: bytes.insert(UInt8.random(in: 0...255, using: &random.generator), at: index)
                }
            }
            do {
                let value = try JSONValue(parsing: bytes)
                // What was accepted must be JSON to Foundation too, but for numbers that no double holds.
                let foundation = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
                #expect(foundation != nil || Self.hasHugeNumber(value), "seed \(seed): \(value.text())")
            } catch {
                #expect((0...bytes.count).contains(error.offset), "seed \(seed)")
            }
        }
    }

    private static func hasHugeNumber(_ value: JSONValue) -> Bool {
        switch value {
        case .number(let number): !number.double.isFinite
        case .array(let elements): elements.contains(where: self.hasHugeNumber)
        case .object(let object): object.contains { self.hasHugeNumber($0.value) }
        default: false
        }
    }

    private static func means(_ foundation: Any, _ value: JSONValue) -> Bool {
        switch (foundation, value) {
        case (is NSNull, .null):
            true
        case (let text as String, .string(let value)):
            Array(text.utf8) == Array(value.utf8)
        case (let number as NSNumber, .bool(let value)):
            number.boolValue == value
        case (let number as NSNumber, .integer(let value)):
            number.int64Value == value
        case (let number as NSNumber, .number(let value)):
            // Foundation writes one digit too few for some numbers.
            abs(number.doubleValue - value.double) <= abs(value.double) * 1e-15
        case (let elements as [Any], .array(let values)):
            elements.count == values.count && zip(elements, values).allSatisfy(Self.means)
        case (let members as [String: Any], .object(let object)):
            // A dictionary of Swift strings takes keys for equal that differ in their composition alone.
            members.allSatisfy { key, member in
                object.contains { $0.key == key && Self.means(member, $0.value) }
            }
        default:
            false
        }
    }
}
