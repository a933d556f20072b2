/// The 512 bytes before each entry of a tar: POSIX's ustar with GNU's additions.
struct TarHeader: Equatable {
    /// What an entry is, as far as anybody here asks.
    enum Kind: Equatable {
        case file
        case hardLink
        case symbolicLink
        case folder
        /// A device or a pipe.
        case special
        /// Properties of the next entry (POSIX pax).
        case properties
        /// Properties of all entries that follow.
        case globalProperties
        /// The next entry's name (GNU).
        case longName
        /// The next entry's link target (GNU).
        case longLink
    }

    var kind: Kind
    var name: String
    var size: Int64
    var linkTarget: String

    static let size = 512
    /// A petabyte: sums of sizes do not overflow below it.
    static let largestSize: Int64 = 1 << 50

    /// Reads one; `nil` where it is the zeros of the archive's end.
    ///
    /// - Parameter archive: What to call the archive in an error.
    init?(_ block: [UInt8], in archive: String) throws(ArchiveError) {
        guard block.contains(where: { $0 != 0 }) else { return nil }
        guard Self.number(block[148..<156]) == Self.checksum(block) else {
            throw .isBroken("\(archive): it is no tar, or a header in it is broken")
        }
        guard let size = Self.number(block[124..<136]), (0...Self.largestSize).contains(size) else {
            throw .isBroken("\(archive): an entry has no size, or one beyond all measure")
        }
        let kind: Kind
        switch block[156] {
        case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): kind = .file
        case UInt8(ascii: "1"): kind = .hardLink
        case UInt8(ascii: "2"): kind = .symbolicLink
        case UInt8(ascii: "3"), UInt8(ascii: "4"), UInt8(ascii: "6"): kind = .special
        case UInt8(ascii: "5"): kind = .folder
        case UInt8(ascii: "x"): kind = .properties
        case UInt8(ascii: "g"): kind = .globalProperties
        case UInt8(ascii: "L"): kind = .longName
        case UInt8(ascii: "K"): kind = .longLink
        default: throw .isUnsupported("\(archive): an entry is of a kind that is not known here: \(block[156])")
        }
        let isPOSIX = block[257..<263].elementsEqual(Array("ustar".utf8) + [0])
        let prefix = isPOSIX ? Self.text(block[345..<500]) : ""
        let name = Self.text(block[0..<100])
        self.kind = kind
        self.name = prefix.isEmpty ? name : "\(prefix)/\(name)"
        // Links and folders have no content, whatever they say of their size.
        self.size = [.hardLink, .symbolicLink, .folder, .special].contains(kind) ? 0 : size
        self.linkTarget = Self.text(block[157..<257])
    }

    /// Up to the first zero.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// Octal digits, or, for what these cannot hold, GNU's bytes behind a first bit that is set.
    private static func number(_ field: ArraySlice<UInt8>) -> Int64? {
        if let first = field.first, first & 0x80 != 0 {
            // Negative numbers, and those above 2^63, are nobody's sizes.
            guard first == 0x80, field.dropFirst().dropLast(8).allSatisfy({ $0 == 0 }) else { return nil }
            let value = field.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return Int64(exactly: value)
        }
        let digits = field.drop { $0 == UInt8(ascii: " ") }.prefix { $0 != 0 && $0 != UInt8(ascii: " ") }
        guard !digits.isEmpty else { return 0 }
        return Int64(String(decoding: digits, as: UTF8.self), radix: 8)
    }

    /// The sum of all bytes, in which its own place counts as blanks.
    private static func checksum(_ block: [UInt8]) -> Int64 {
        block.indices.reduce(0) { sum, index in
            sum + Int64((148..<156).contains(index) ? UInt8(ascii: " ") : block[index])
        }
    }
}

/// What POSIX's extended headers say of an entry: lines of "length key=value".
struct TarProperties: Equatable {
    var path: String?
    var linkTarget: String?
    var size: Int64?
    /// Whether GNU's way to leave out holes is used, which makes sizes mean something else.
    var isSparse = false

    init() {}

    init(_ bytes: [UInt8], in archive: String) throws(ArchiveError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let digits = rest.prefix { $0 != UInt8(ascii: " ") }
            guard let length = Int(String(decoding: digits, as: UTF8.self)), length > digits.count + 1,
                length <= rest.count, rest[rest.startIndex + length - 1] == UInt8(ascii: "\n")
            else { throw .isBroken("\(archive): an extended header in it is broken") }
            let record = rest.prefix(length).dropFirst(digits.count + 1).dropLast()
            rest = rest.dropFirst(length)
            guard let equals = record.firstIndex(of: UInt8(ascii: "=")) else {
                throw .isBroken("\(archive): an extended header in it is broken")
            }
            let key = String(decoding: record[..<equals], as: UTF8.self)
            let value = record[(equals + 1)...]
            switch key {
            case "path": self.path = try Self.text(value, in: archive)
            case "linkpath": self.linkTarget = try Self.text(value, in: archive)
            case "size":
                guard let size = Int64(String(decoding: value, as: UTF8.self)),
                    (0...TarHeader.largestSize).contains(size)
                else { throw .isBroken("\(archive): an entry has no size, or one beyond all measure") }
                self.size = size
            default: self.isSparse = self.isSparse || key.hasPrefix("GNU.sparse.")
            }
        }
    }

    private static func text(_ bytes: ArraySlice<UInt8>, in archive: String) throws(ArchiveError) -> String {
        guard !bytes.contains(0) else { throw .isHostile("\(archive): a name in it holds a zero byte") }
        return String(decoding: bytes, as: UTF8.self)
    }
}
