/// Looking through bytes eight at a time.
///
/// In each test of a word a byte's top bit is set where it hits; a carry can only set wrong bits above a right one, so the
/// lowest bit is always right.
extension Span<UInt8> {
    /// Where the bytes of a JSON string that stand for themselves end: at a quote, a backslash, a control character or the end.
    func endOfRun(from start: Int) -> Int {
        self.first(from: start) { word in
            word.hits(UInt8(ascii: "\"")) | word.hits(UInt8(ascii: "\\")) | ((word &- .eight(0x20)) & ~word)
        } ofBytes: { byte in
            byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
        }
    }

    /// Where the next quote or backslash is, or the end; nothing else matters to who only looks for a string's end.
    func quoteOrBackslash(from start: Int) -> Int {
        self.first(from: start) { word in
            word.hits(UInt8(ascii: "\"")) | word.hits(UInt8(ascii: "\\"))
        } ofBytes: { byte in
            byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
        }
    }

    /// Where the next line feed is, or the end.
    func lineFeed(from start: Int) -> Int {
        self.first(from: start, ofWords: { $0.hits(UInt8(ascii: "\n")) }, ofBytes: { $0 == UInt8(ascii: "\n") })
    }

    @inline(__always)
    private func first(from start: Int, ofWords hits: (UInt64) -> UInt64, ofBytes isHit: (UInt8) -> Bool) -> Int {
        // `UInt8` has no padding that the raw view could show.
        let raw = unsafe self.bytes
        var offset = start
        while offset + 8 <= self.count {
            // The loop's condition keeps the eight bytes within the span.
            let word = UInt64(littleEndian: unsafe raw.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
            let tops = hits(word) & .eight(0x80)
            if tops != 0 { return offset + tops.trailingZeroBitCount / 8 }
            offset += 8
        }
        while offset < self.count, !isHit(self[offset]) { offset += 1 }
        return min(offset, self.count)
    }
}

extension UInt64 {
    /// This byte eight times.
    @inline(__always)
    fileprivate static func eight(_ byte: UInt8) -> UInt64 { 0x0101_0101_0101_0101 &* UInt64(byte) }

    /// The top bits of the bytes that are this one.
    @inline(__always)
    fileprivate func hits(_ byte: UInt8) -> UInt64 {
        let difference = self ^ .eight(byte)
        return (difference &- .eight(1)) & ~difference
    }
}
