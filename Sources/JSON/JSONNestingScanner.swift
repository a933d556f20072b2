/// Follows strings and brackets through a document, byte by byte, to know where its top-level value ends.
struct JSONNestingScanner: Sendable {
    private(set) var depth: Int
    private(set) var isInString = false
    private var isEscaped = false
    private var hasStarted: Bool

    /// A scanner that is so many brackets deep already.
    init(depth: Int = 0) {
        self.depth = depth
        self.hasStarted = depth > 0
    }

    /// Whether every bracket that was opened is closed.
    var isComplete: Bool {
        self.hasStarted && self.depth == 0 && !self.isInString
    }

    @inline(__always)
    mutating func take(_ byte: UInt8) {
        guard !self.isInString else {
            if self.isEscaped {
                self.isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                self.isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                self.isInString = false
            }
            return
        }
        switch byte {
        case UInt8(ascii: "\""):
            self.isInString = true
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            self.depth += 1
            self.hasStarted = true
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            self.depth -= 1
        default:
            break
        }
    }

    /// Takes bytes up to the closing bracket of the top-level value; gives the index behind the last one taken.
    mutating func takeUntilComplete(_ bytes: [UInt8], from start: Int) -> Int {
        let span = bytes.span
        var index = start
        while index < span.count {
            if self.isInString, !self.isEscaped {
                // Nothing but a quote or a backslash changes anything within a string.
                index = span.endOfRun(from: index)
                guard index < span.count else { break }
            }
            self.take(span[index])
            index += 1
            if self.isComplete { break }
        }
        return index
    }
}
