/// A value as the bytes of its document: a fraction of the memory of a tree, for what is held long and read seldom.
public struct PackedJSON: Sendable, Hashable {
    let bytes: [UInt8]

    /// Packs a value.
    public init(_ value: JSONValue) {
        // Writing leaves room to grow, which an array made of a whole slice would keep; a copy with nothing cut out is as large as it will ever be.
        self.init(cutting: [], from: value.bytes()[...])
    }

    /// Packs a document that is known to be sound, without some members of its objects.
    ///
    /// - Parameter members: Where they lie, from a key's first byte to the value's last, counted from the first byte and in order.
    init(cutting members: [Range<Int>], from document: ArraySlice<UInt8>) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(document.count - members.reduce(0) { $0 + $1.count })
        var position = document.startIndex
        for member in members {
            bytes += document[position..<(document.startIndex + member.lowerBound)]
            position = document.startIndex + member.upperBound
            while position < document.endIndex, isSpace(document[position]) { position += 1 }
            if position < document.endIndex, document[position] == UInt8(ascii: ",") {
                position += 1
            } else {
                // The last one goes with the comma before it.
                while let last = bytes.last, isSpace(last) { bytes.removeLast() }
                if bytes.last == UInt8(ascii: ",") { bytes.removeLast() }
            }
        }
        bytes += document[position...]
        self.bytes = bytes
    }

    /// How many bytes that takes.
    public var byteCount: Int { self.bytes.count }

    /// The value.
    public var value: JSONValue {
        // The writer's own bytes can be read, but for a tree that no parser has made and that is deeper than any may be.
        (try? JSONValue(parsing: self.bytes)) ?? .null
    }
}

private func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
}
