import JSON
import KubernetesTesting
import Testing

@Suite("PackedJSON")
struct PackedJSONTests {
    @Test("What was packed comes out as it was, in no more bytes than its document has")
    func roundTrip() {
        var random = RandomJSON(seed: 20_26)
        for _ in 0..<200 {
            let value = random.value()
            let packed = PackedJSON(value)
            #expect(packed.value == value)
            #expect(packed.byteCount == value.text().utf8.count)
        }
    }

    @Test("A tree that is deeper than any document may be comes out as nothing")
    func tooDeep() {
        var value = JSONValue.null
        for _ in 0..<2000 { value = .array([value]) }
        #expect(PackedJSON(value).value == .null)
    }
}
