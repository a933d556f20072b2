import JSON
import Testing

struct JSONLineSplitterTests {
    private static func lines(_ chunks: [[UInt8]], limit: Int = 8 << 20) throws(JSONLineError) -> [String] {
        var splitter = JSONLineSplitter(maximumLineSize: limit)
        var lines: [String] = []
        for chunk in chunks {
            splitter.append(chunk)
            while let line = try splitter.next() {
                lines.append(String(decoding: line, as: UTF8.self))
            }
        }
        return lines
    }

    @Test("lines come out whole wherever two cuts fall")
    func cutAnywhere() throws {
        let bytes = Array("{\"a\":\"é\"}\n\n{}\n😀 long line\nrest".utf8)
        for first in 0...bytes.count {
            for second in first...bytes.count {
                let chunks = [Array(bytes[..<first]), Array(bytes[first..<second]), Array(bytes[second...])]
                #expect(try Self.lines(chunks) == ["{\"a\":\"é\"}", "{}", "😀 long line"])
            }
        }
    }

    @Test("the splitter knows whether the stream ended with a complete line")
    func lineStart() throws {
        var splitter = JSONLineSplitter()
        #expect(splitter.isAtLineStart)
        splitter.append(Array("a\nb".utf8))
        #expect(try splitter.next() == Array("a".utf8)[...])
        #expect(try splitter.next() == nil)
        #expect(!splitter.isAtLineStart)
        splitter.append(Array("\n".utf8))
        #expect(try splitter.next().map(Array.init) == Array("b".utf8))
        #expect(splitter.isAtLineStart)
    }

    @Test("a line that is too long is refused whether it is complete or not")
    func tooLong() throws {
        #expect(try Self.lines([Array("1234\n".utf8)], limit: 4) == ["1234"])
        #expect(throws: JSONLineError.tooLong(limit: 4)) { try Self.lines([Array("12345\n".utf8)], limit: 4) }
        let pieces = [Array("123".utf8), Array("45".utf8)]
        #expect(throws: JSONLineError.tooLong(limit: 4)) { try Self.lines(pieces, limit: 4) }
    }

    @Test("a line in ten thousand pieces is put together")
    func manyPieces() throws {
        let piece = Array(repeating: UInt8(ascii: "x"), count: 100)
        let lines = try Self.lines(Array(repeating: piece, count: 10_000) + [[0x0A]])
        #expect(lines.map(\.utf8.count) == [1_000_000])
    }
}
