/// Cuts a watch's stream of bytes into lines as the bytes arrive; each line is one JSON document.
public struct JSONLineSplitter: Sendable {
    private let maximumLineSize: Int
    private var buffer: [UInt8] = []
    /// Where the line at hand starts.
    private var start = 0
    /// Up to where no line feed was found, so that no byte is looked at twice.
    private var scanned = 0

    /// A splitter that refuses lines of more than so many bytes; 8 MiB unless told, several times what the API server
    /// stores for an object at most.
    public init(maximumLineSize: Int = 8 << 20) {
        self.maximumLineSize = maximumLineSize
    }

    /// Takes in the bytes that came.
    public mutating func append(_ chunk: [UInt8]) {
        guard self.start < self.buffer.count else {
            // Nothing is left over: the chunk is taken over without a copy.
            self.buffer = chunk
            self.start = 0
            self.scanned = 0
            return
        }
        if self.start > 0 {
            self.buffer.removeSubrange(..<self.start)
            self.scanned -= self.start
            self.start = 0
        }
        self.buffer.append(contentsOf: chunk)
    }

    /// The next complete line without its line feed; `nil` until more bytes come.
    ///
    /// Empty lines are passed over.
    public mutating func next() throws(JSONLineError) -> ArraySlice<UInt8>? {
        while true {
            let end = self.buffer.span.lineFeed(from: self.scanned)
            guard end < self.buffer.count else { break }
            let line = self.buffer[self.start..<end]
            self.start = end + 1
            self.scanned = end + 1
            guard line.count <= self.maximumLineSize else { throw .tooLong(limit: self.maximumLineSize) }
            if !line.isEmpty {
                return line
            }
        }
        self.scanned = self.buffer.count
        guard self.scanned - self.start <= self.maximumLineSize else { throw .tooLong(limit: self.maximumLineSize) }
        return nil
    }

    /// Whether the bytes so far end with a complete line.
    ///
    /// If the stream ends where they do not, the rest is lost.
    public var isAtLineStart: Bool {
        self.start == self.buffer.count
    }
}

/// Why a stream cannot be cut into lines.
public enum JSONLineError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A line has more bytes than the splitter takes.
    case tooLong(limit: Int)

    /// One line with the limit.
    public var description: String {
        switch self {
        case .tooLong(let limit): "a line is longer than \(limit) bytes"
        }
    }
}
