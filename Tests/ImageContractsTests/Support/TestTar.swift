import CZlib

/// A tar that a test puts together, byte by byte where it must be.
struct TestTar {
    private(set) var bytes: [UInt8] = []

    /// An entry; `kind` is the letter of its header.
    mutating func add(
        _ name: String,
        _ content: [UInt8] = [],
        kind: Character = "0",
        linkTarget: String = ""
    ) {
        let size = octal(content.count, digits: 11)
        self.bytes += Self.header(name, size: size, kind: kind, linkTarget: linkTarget)
        self.bytes += content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    /// A text file.
    mutating func add(_ name: String, text: String) {
        self.add(name, Array(text.utf8))
    }

    /// What a POSIX extended header says of the entry that follows.
    mutating func addProperties(_ properties: KeyValuePairs<String, String>) {
        var content: [UInt8] = []
        for (key, value) in properties {
            // The length counts its own digits.
            var length = key.utf8.count + value.utf8.count + 3
            while "\(length)".utf8.count + key.utf8.count + value.utf8.count + 3 != length { length += 1 }
            content += Array("\(length) \(key)=\(value)\n".utf8)
        }
        self.add("PaxHeader", content, kind: "x")
    }

    /// The whole tar with the two blocks of zeros that end it.
    var ended: [UInt8] { self.bytes + [UInt8](repeating: 0, count: 1024) }

    /// A header alone.
    static func block(_ name: String) -> [UInt8] {
        Self.header(name, size: "00000000000", kind: "0", linkTarget: "")
    }

    /// A header with the sum that it should have.
    static func summed(_ block: [UInt8]) -> [UInt8] {
        var block = block
        block.replaceSubrange(148..<156, with: [UInt8](repeating: 32, count: 8))
        let sum = Array((octal(block.reduce(0) { $0 + Int($1) }, digits: 6) + "\0 ").utf8)
        block.replaceSubrange(148..<156, with: sum)
        return block
    }

    private static func header(_ name: String, size: String, kind: Character, linkTarget: String) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, _ at: Int, _ room: Int) {
            for (index, byte) in text.utf8.prefix(room).enumerated() { block[at + index] = byte }
        }
        put(name, 0, 100)
        put("0000644", 100, 8)
        put("0000000", 108, 8)
        put("0000000", 116, 8)
        put(size, 124, 12)
        put("00000000000", 136, 12)
        put("        ", 148, 8)
        put("\(kind)", 156, 1)
        put(linkTarget, 157, 100)
        put("ustar", 257, 6)
        put("00", 263, 2)
        let sum = block.reduce(0) { $0 + Int($1) }
        put(octal(sum, digits: 6) + "\0 ", 148, 8)
        return block
    }
}

private func octal(_ number: Int, digits: Int) -> String {
    let text = String(number, radix: 8)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
}

/// Bytes packed as `gzip` packs them.
func gzipped(_ bytes: [UInt8]) -> [UInt8] {
    var stream = unsafe z_stream()
    let size = unsafe Int32(MemoryLayout<z_stream>.size)
    let started = unsafe deflateInit2_(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
    precondition(started == Z_OK)
    var input = bytes
    var output = [UInt8](repeating: 0, count: bytes.count + bytes.count / 100 + 1024)
    let room = output.count
    let made = unsafe input.withUnsafeMutableBufferPointer { input in
        unsafe output.withUnsafeMutableBufferPointer { output in
            unsafe stream.next_in = input.baseAddress
            unsafe stream.avail_in = UInt32(input.count)
            unsafe stream.next_out = output.baseAddress
            unsafe stream.avail_out = UInt32(room)
            let ended = unsafe deflate(&stream, Z_FINISH)
            precondition(ended == Z_STREAM_END)
            return unsafe room - Int(stream.avail_out)
        }
    }
    unsafe deflateEnd(&stream)
    return Array(output.prefix(made))
}
