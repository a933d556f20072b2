/// Cuts the response to a list request into its items as the bytes arrive, so that a page is never held as a whole.
///
/// It looks only at where strings and brackets begin and end; that an item is sound is for its parser to say. Chunks may
/// be cut anywhere. After each ``append(_:)``, call ``next()`` until it gives `nil`; at the end of the response,
/// ``finish()`` gives what was around the items.
public struct JSONListSplitter: Sendable {
    private enum State {
        /// Outside the items: these bytes are kept for ``JSONListSplitter/finish()``.
        case envelope
        /// Behind `"items":`, before its value.
        case itemsValue
        /// In the list of items, where one may start.
        case beforeItem(isFirst: Bool)
        /// In the list of items, behind one.
        case behindItem
        /// In an item.
        case item
    }

    private let maximumItemSize: Int
    private var state = State.envelope
    private var scanner = JSONNestingScanner()
    private var chunk: [UInt8] = []
    private var position = 0
    /// Bytes of earlier chunks.
    private var consumed = 0
    private var envelope: [UInt8] = []
    private var partialItem: [UInt8] = []
    /// Where in the envelope the latest string of its top level starts.
    private var topStringStart = 0
    private var topStringIsItems = false
    private var hadItems = false

    /// A splitter that refuses items, and an envelope, of more than so many bytes; 8 MiB unless told.
    public init(maximumItemSize: Int = 8 << 20) {
        self.maximumItemSize = maximumItemSize
    }

    /// Takes in the bytes that came.
    public mutating func append(_ chunk: [UInt8]) {
        self.consumed += self.position
        if self.position == self.chunk.count {
            self.chunk = chunk
        } else {
            self.chunk.removeSubrange(..<self.position)
            self.chunk.append(contentsOf: chunk)
        }
        self.position = 0
    }

    /// The next complete item; `nil` until more bytes come.
    public mutating func next() throws(JSONListError) -> ArraySlice<UInt8>? {
        while self.position < self.chunk.count {
            switch self.state {
            case .envelope:
                try self.readEnvelope()
            case .item:
                if let item = try self.readItem() { return item }
            case .itemsValue, .beforeItem, .behindItem:
                try self.readBetweenItems(self.chunk[self.position])
            }
        }
        return nil
    }

    /// The list's own members (`kind`, `apiVersion`, `metadata`) without `items`, when the response has ended.
    public mutating func finish() throws(JSONListError) -> JSONValue {
        guard case .envelope = self.state, self.position == self.chunk.count, self.scanner.isComplete else {
            throw .truncated
        }
        do {
            var value = try JSONValue(parsing: self.envelope)
            value["items"] = nil
            return value
        } catch {
            throw .badEnvelope(error)
        }
    }

    // MARK: - The envelope

    private mutating func readEnvelope() throws(JSONListError) {
        let start = self.position
        var isItems = false
        while self.position < self.chunk.count, !isItems {
            let byte = self.chunk[self.position]
            let wasInString = self.scanner.isInString
            if self.scanner.depth == 1, !wasInString, byte == UInt8(ascii: "\"") {
                self.topStringStart = self.envelope.count + (self.position - start)
            }
            self.scanner.take(byte)
            self.position += 1
            guard self.scanner.depth == 1, !self.scanner.isInString else { continue }
            if wasInString {
                self.topStringIsItems = self.isItemsKey(upTo: self.position, from: start)
            } else if byte == UInt8(ascii: ":") {
                isItems = self.topStringIsItems
            }
        }
        self.envelope.append(contentsOf: self.chunk[start..<self.position])
        guard self.envelope.count <= self.maximumItemSize else { throw .tooLarge(limit: self.maximumItemSize) }
        if isItems {
            guard !self.hadItems else { throw self.malformed(expected: "one list of items") }
            self.hadItems = true
            self.topStringIsItems = false
            self.state = .itemsValue
        }
    }

    /// Whether the string that has just ended at the envelope's top level is the key `items`.
    private func isItemsKey(upTo end: Int, from start: Int) -> Bool {
        let inEnvelope = self.envelope[min(self.topStringStart, self.envelope.count)...]
        let inChunk = self.chunk[(start + max(0, self.topStringStart - self.envelope.count))..<end]
        // No escape makes it longer than six times its length.
        guard inEnvelope.count + inChunk.count <= 6 * 5 + 2 else { return false }
        let key = try? JSONValue(parsing: Array(inEnvelope + inChunk))
        return key == .string("items")
    }

    // MARK: - The items

    private mutating func readBetweenItems(_ byte: UInt8) throws(JSONListError) {
        switch (self.state, byte) {
        case (_, 0x20), (_, 0x0A), (_, 0x0D), (_, 0x09):
            break
        case (.itemsValue, UInt8(ascii: "[")):
            self.state = .beforeItem(isFirst: true)
        case (.itemsValue, UInt8(ascii: "n")):
            // `null`, as Go writes a slice that was never made; the envelope's parser sees to the rest of it.
            self.state = .envelope
            return
        case (.beforeItem, UInt8(ascii: "{")):
            self.scanner = JSONNestingScanner()
            self.state = .item
            return
        case (.beforeItem(isFirst: true), UInt8(ascii: "]")), (.behindItem, UInt8(ascii: "]")):
            self.envelope.append(contentsOf: "null".utf8)
            self.scanner = JSONNestingScanner(depth: 1)
            self.state = .envelope
        case (.behindItem, UInt8(ascii: ",")):
            self.state = .beforeItem(isFirst: false)
        case (.itemsValue, _):
            throw self.malformed(expected: "a list of items")
        case (.beforeItem, _):
            throw self.malformed(expected: "an object")
        default:
            throw self.malformed(expected: "\",\" or \"]\"")
        }
        self.position += 1
    }

    private mutating func readItem() throws(JSONListError) -> ArraySlice<UInt8>? {
        let start = self.position
        self.position = self.scanner.takeUntilComplete(self.chunk, from: start)
        let size = self.partialItem.count + (self.position - start)
        guard size <= self.maximumItemSize else { throw .tooLarge(limit: self.maximumItemSize) }
        guard self.scanner.isComplete else {
            self.partialItem.append(contentsOf: self.chunk[start..<self.position])
            return nil
        }
        self.state = .behindItem
        guard !self.partialItem.isEmpty else { return self.chunk[start..<self.position] }
        self.partialItem.append(contentsOf: self.chunk[start..<self.position])
        let item = self.partialItem
        self.partialItem = []
        return item[...]
    }

    private func malformed(expected: String) -> JSONListError {
        .malformed(expected: expected, offset: self.consumed + self.position)
    }
}

/// Why bytes are not the response to a list request.
///
/// Offsets count bytes from 0.
public enum JSONListError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Something else was expected at this byte.
    case malformed(expected: String, offset: Int)
    /// An item, or what is around the items, has more bytes than the splitter takes.
    case tooLarge(limit: Int)
    /// The response ended before the list did.
    case truncated
    /// What is around the items is not JSON; offsets leave out the items.
    case badEnvelope(JSONParseError)

    /// One line with the place and the reason.
    public var description: String {
        switch self {
        case .malformed(let expected, let offset): "byte \(offset) of the list: expected \(expected)"
        case .tooLarge(let limit): "an item of the list is larger than \(limit) bytes"
        case .truncated: "the list ends in the middle"
        case .badEnvelope(let error): "the list around its items: \(error)"
        }
    }
}
