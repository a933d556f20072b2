import JSON
import KubernetesTesting
import Testing

struct JSONListSplitterTests {
    private struct Page: Equatable {
        var items: [JSONValue]
        var envelope: JSONValue
    }

    private static func split(_ chunks: [[UInt8]], limit: Int = 8 << 20) throws -> Page {
        var splitter = JSONListSplitter(maximumItemSize: limit)
        var items: [JSONValue] = []
        for chunk in chunks {
            splitter.append(chunk)
            while let item = try splitter.next() {
                items.append(try JSONValue(parsing: item))
            }
        }
        return Page(items: items, envelope: try splitter.finish())
    }

    private static let documents = [
        #"{"kind":"List","apiVersion":"v1","metadata":{"items":[1]},"items":[{"a":"}]\"\\"},{"b":[{"c":{}}]}]}"#,
        #"{ "items" : [ { "x" : "é😀\u00e9" } , {} ] , "kind" : "items", "metadata" : { "continue" : "x" } }"#,
        #"{"kind":"A","items":null,"metadata":{}}"#,
        #"{"kind":"items","items":[],"x":"items"}"#,
        #"{"\u0069tems":[{"a":1}],"list":["items"]}"#,
        #"{"kind":"Status","message":"\"items\":[{}]"}"#,
        #"{}"#,
    ]

    @Test("items and envelope are those of the whole document wherever two cuts fall", arguments: documents)
    func cutAnywhere(document: String) throws {
        let bytes = Array(document.utf8)
        let whole = try JSONValue(parsing: bytes)
        var envelope = whole
        envelope["items"] = nil
        let expected = Page(items: whole["items"]?.array ?? [], envelope: envelope)
        for first in 0...bytes.count {
            for second in first...bytes.count {
                let chunks = [Array(bytes[..<first]), Array(bytes[first..<second]), Array(bytes[second...])]
                #expect(try Self.split(chunks) == expected)
            }
        }
        #expect(try Self.split(bytes.map { [$0] }) == expected)
    }

    @Test("a response that ends too early is truncated, wherever it ends", arguments: documents)
    func truncated(document: String) {
        let bytes = Array(document.utf8)
        for end in 0..<bytes.count {
            #expect(throws: JSONListError.truncated) { try Self.split([Array(bytes[..<end])]) }
        }
    }

    @Test(
        "a response that is not a list is refused",
        arguments: [
            (#"{"items":{}}"#, "byte 9 of the list: expected a list of items"),
            (#"{"items":[1]}"#, "byte 10 of the list: expected an object"),
            (#"{"items":[{},]}"#, "byte 13 of the list: expected an object"),
            (#"{"items":[{} {}]}"#, "byte 13 of the list: expected \",\" or \"]\""),
            (#"{"items":[],"items":[]}"#, "byte 20 of the list: expected one list of items"),
            (#"{"items":nope}"#, "the list around its items: byte 9: expected a value, found \"n\""),
            (#"{"items":[]} x"#, "the list around its items: byte 15: expected the end of the document, found \"x\""),
        ]
    )
    func refuses(document: String, message: String) {
        for chunks in [[Array(document.utf8)], document.utf8.map { [$0] }] {
            let error = #expect(throws: JSONListError.self) { try Self.split(chunks) }
            #expect(error?.description == message)
        }
    }

    @Test("items and envelopes that are too large are refused")
    func tooLarge() throws {
        let item = #"{"a":"0123456789"}"#
        let document = #"{"items":[\#(item),\#(item)]}"#
        #expect(try Self.split([Array(document.utf8)], limit: 18).items.count == 2)
        #expect(throws: JSONListError.tooLarge(limit: 17)) { try Self.split([Array(document.utf8)], limit: 17) }
        #expect(throws: JSONListError.tooLarge(limit: 17)) { try Self.split(document.utf8.map { [$0] }, limit: 17) }
        #expect(throws: JSONListError.tooLarge(limit: 17)) { try Self.split([Array(item.utf8)], limit: 17) }
    }

    @Test("damaged lists are split or refused, never a crash", arguments: 1...20)
    func survivesDamage(seed: UInt64) {
        var random = RandomJSON(seed: seed)
        for _ in 0..<100 {
            let items = (0..<3).map { _ in ["x": random.value()] as JSONValue }
            var bytes = (["kind": "List", "items": .array(items)] as JSONValue).bytes()
            let index = Int.random(in: bytes.indices, using: &random.generator)
            bytes[index] = UInt8.random(in: 0...255, using: &random.generator)
            let cut = Int.random(in: 0...bytes.count, using: &random.generator)
            let page = try? Self.split([Array(bytes[..<cut]), Array(bytes[cut...])])
            if let page {
                #expect(page.envelope.object != nil)
            }
        }
    }
}
