import KubernetesAPI
import Testing

@Suite("Base64")
struct Base64Tests {
    @Test(
        "Bytes come back as they went in",
        arguments: [[], [0], [0, 255], [1, 2, 3], Array(0...255)] as [[UInt8]]
    )
    func roundTrip(_ bytes: [UInt8]) {
        #expect(Base64.decode(Base64.encode(bytes)) == bytes)
    }

    @Test("The alphabet is the one of RFC 4648, with padding")
    func alphabet() {
        #expect(Base64.encode(Array("hello".utf8)) == "aGVsbG8=")
        #expect(Base64.encode([0xFB, 0xFF]) == "+/8=")
    }

    @Test("Line breaks and blanks are passed over, as base64 prints them", arguments: ["aGVs\nbG8=", " aGVsbG8=\r\n"])
    func lineBreaks(_ text: String) {
        #expect(Base64.decode(text) == Array("hello".utf8))
    }

    @Test("What is not base64 is refused", arguments: ["a", "aGVsbG8", "aGVsbG8*", "-_8=", "aGVs=bG8"])
    func malformed(_ text: String) {
        #expect(Base64.decode(text) == nil)
    }
}
