/// A tar's entries one after the other; what they hold is read or passed by, and kept nowhere.
final class TarReader {
    /// An entry, with what extended headers say of it already taken in.
    struct Entry: Equatable {
        var kind: TarHeader.Kind
        var name: String
        var size: Int64
        var linkTarget: String
        /// Where its content begins, counted from the tar's first byte.
        var offset: Int64
    }

    private let reader: ByteReader
    private let name: String
    private let limits: ArchiveLimits
    private let entryLimit: Int
    private var position: Int64 = 0
    /// What is left of the last entry's content, and of its last block.
    private var (content, padding): (Int64, Int64) = (0, 0)
    private var entries = 0
    private var isAtEnd = false

    /// - Parameters:
    ///   - stream: The tar.
    ///   - name: What to call it in an error.
    ///   - entryLimit: How many entries it may have.
    init(_ stream: any ByteStream, name: String, limits: ArchiveLimits, entryLimit: Int) {
        self.reader = ByteReader(stream, name: name)
        (self.name, self.limits, self.entryLimit) = (name, limits, entryLimit)
    }

    /// The next entry; `nil` behind the last one.
    func next() throws(ArchiveError) -> Entry? {
        var properties = TarProperties()
        var (longName, longLink): (String?, String?) = (nil, nil)
        while !self.isAtEnd {
            try self.passBy()
            guard let block = try self.reader.exactly(TarHeader.size) else {
                // Two blocks of zeros end a tar; one is enough to know that nothing was cut off.
                throw .isTruncated(self.name)
            }
            self.position += Int64(TarHeader.size)
            guard let header = try TarHeader(block, in: self.name) else {
                self.isAtEnd = true
                break
            }
            self.entries += 1
            guard self.entries <= self.entryLimit else {
                throw .isTooLarge("\(self.name) has more than \(self.entryLimit) entries")
            }
            self.begin(header.size)
            switch header.kind {
            case .properties: properties = try TarProperties(self.header(header), in: self.name)
            case .globalProperties: _ = try TarProperties(self.header(header), in: self.name)
            case .longName: longName = Self.text(try self.header(header))
            case .longLink: longLink = Self.text(try self.header(header))
            default: return try self.entry(header, properties, longName: longName, longLink: longLink)
            }
        }
        return nil
    }

    /// The next piece of the entry's content; `nil` at its end.
    func piece() throws(ArchiveError) -> ArraySlice<UInt8>? {
        guard self.content > 0 else { return nil }
        let some = try self.reader.some(atMost: Int(min(self.content, 1 << 30)))
        guard !some.isEmpty else { throw .isTruncated(self.name) }
        self.content -= Int64(some.count)
        self.position += Int64(some.count)
        return some
    }

    /// The entry's content as a whole.
    ///
    /// - Parameter limit: The most bytes that it may have.
    func whole(limit: Int) throws(ArchiveError) -> [UInt8] {
        guard self.content <= Int64(limit) else {
            throw .isTooLarge("\(self.name): an entry has more than \(limit) bytes")
        }
        var bytes: [UInt8] = []
        while let piece = try self.piece() {
            bytes += piece
        }
        return bytes
    }

    /// Reads to the stream's end, where gzip has its checksum.
    func drain() throws(ArchiveError) {
        while try !self.reader.some(atMost: 1 << 20).isEmpty {}
    }

    private func header(_ header: TarHeader) throws(ArchiveError) -> [UInt8] {
        try self.whole(limit: self.limits.headerBytes)
    }

    private func entry(
        _ header: TarHeader,
        _ properties: TarProperties,
        longName: String?,
        longLink: String?
    ) throws(ArchiveError) -> Entry {
        guard !properties.isSparse else {
            throw .isUnsupported("\(self.name): a file with holes in it, which no image has")
        }
        if let size = properties.size, header.kind == .file { self.begin(size) }
        return Entry(
            kind: header.kind,
            name: properties.path ?? longName ?? header.name,
            size: self.content,
            linkTarget: properties.linkTarget ?? longLink ?? header.linkTarget,
            offset: self.position
        )
    }

    private func begin(_ size: Int64) {
        self.content = size
        let used = size % Int64(TarHeader.size)
        self.padding = used == 0 ? 0 : Int64(TarHeader.size) - used
    }

    private func passBy() throws(ArchiveError) {
        try self.reader.skip(self.content)
        try self.reader.skip(self.padding)
        self.position += self.content + self.padding
        (self.content, self.padding) = (0, 0)
    }

    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
}

/// A path in an image, without what has no meaning in it.
enum ImagePath {
    /// `app/.env` for `./app//.env` and `/app/.env`.
    ///
    /// - Throws: ``ArchiveError/isHostile(_:)`` for a path that leads out of the image or is longer than any system allows.
    static func normalized(_ path: String, in archive: String) throws(ArchiveError) -> String {
        guard path.utf8.count <= 4096 else { throw .isHostile("\(archive): a name in it has more than 4096 bytes") }
        let parts = path.split(separator: "/").filter { $0 != "." }
        guard !parts.contains("..") else {
            throw .isHostile("\(archive): an entry leads out of it: \(Self.shown(path))")
        }
        return parts.joined(separator: "/")
    }

    /// As in a message: one line, not too long, and nothing in it that a terminal takes for a command.
    static func shown(_ path: String) -> String {
        let text = path.unicodeScalars.map { scalar in
            scalar.value < 32 || (127..<160).contains(scalar.value) ? "?" : Character(scalar)
        }
        return text.count > 200 ? String(text.prefix(200)) + "…" : String(text)
    }
}
