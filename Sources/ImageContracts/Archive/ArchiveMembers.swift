internal import JSON

/// What is in an archive, by name: only where it lies, not what it holds.
struct ArchiveMembers {
    private enum Member {
        case file(ByteRange)
        /// Older `docker save` writes a layer once and links to it elsewhere.
        case link(String)
    }

    private let source: any ByteSource
    private let limits: ArchiveLimits
    private var members: [String: Member] = [:]

    init(_ source: any ByteSource, limits: ArchiveLimits) throws(ArchiveError) {
        (self.source, self.limits) = (source, limits)
        let start = try source.read(at: 0, count: 4)
        guard !start.isEmpty else { throw .isNoImage("it is empty") }
        if start.starts(with: [0x1F, 0x8B]) || start.starts(with: [0x28, 0xB5, 0x2F, 0xFD])
            || start.starts(with: [0x42, 0x5A])
        {
            throw .isUnsupported("the archive as a whole is packed; unpack it first (gunzip, zstd -d)")
        }
        // Content is passed by without being read: the next header's place follows from the size.
        var offset: Int64 = 0
        var count = 0
        while true {
            let range = ByteRange(offset: offset, count: source.count - offset)
            let stream = RangeStream(source, range, name: "the archive", pieceSize: TarHeader.size)
            let tar = TarReader(stream, name: "the archive", limits: limits, entryLimit: 8)
            guard let entry = try tar.next() else { break }
            count += 1
            guard count <= limits.members else {
                throw .isTooLarge("the archive has more than \(limits.members) members")
            }
            try self.add(entry, from: offset)
            let end = offset + entry.offset + entry.size
            offset = (end + Int64(TarHeader.size) - 1) / Int64(TarHeader.size) * Int64(TarHeader.size)
            guard end <= source.count else { throw .isTruncated("the archive") }
        }
    }

    private mutating func add(_ entry: TarReader.Entry, from offset: Int64) throws(ArchiveError) {
        let name = try ImagePath.normalized(entry.name, in: "the archive")
        let member: Member
        switch entry.kind {
        case .file: member = .file(ByteRange(offset: offset + entry.offset, count: entry.size))
        case .symbolicLink, .hardLink:
            let isHard = entry.kind == .hardLink
            member = .link(try Self.target(of: name, entry.linkTarget, isHard: isHard))
        default: return
        }
        // Of two readers one would take the first and one the last.
        guard self.members.updateValue(member, forKey: name) == nil else {
            throw .isHostile("the archive holds \(ImagePath.shown(name)) twice")
        }
    }

    /// Where a link leads to, which must be in the archive.
    private static func target(of name: String, _ target: String, isHard: Bool) throws(ArchiveError) -> String {
        var parts = isHard ? [] : name.split(separator: "/").dropLast().map(String.init)
        guard !target.hasPrefix("/") else {
            throw .isHostile("the archive: a link leads out of it: \(ImagePath.shown(target))")
        }
        for part in target.split(separator: "/") where part != "." {
            if part == ".." {
                guard !parts.isEmpty else {
                    throw .isHostile("the archive: a link leads out of it: \(ImagePath.shown(target))")
                }
                parts.removeLast()
            } else {
                parts.append(String(part))
            }
        }
        return parts.joined(separator: "/")
    }

    /// Where a member lies; `nil` where there is none of this name.
    func range(_ name: String) throws(ArchiveError) -> ByteRange? {
        var name = name
        // A link to a link is nothing that anybody writes; a circle of them is.
        for _ in 0..<4 {
            switch self.members[name] {
            case .file(let range): return range
            case .link(let target): name = target
            case .none: return nil
            }
        }
        throw .isHostile("the archive: links lead to links: \(ImagePath.shown(name))")
    }

    /// Where a member lies that must be there.
    func content(_ name: String) throws(ArchiveError) -> ByteRange {
        guard let range = try self.range(name) else {
            throw .isBroken("\(ImagePath.shown(name)) is spoken of and is not in the archive")
        }
        return range
    }

    /// A member that is a JSON document.
    func document(_ name: String) throws(ArchiveError) -> JSONValue {
        let range = try self.content(name)
        guard range.count <= Int64(self.limits.documentBytes) else {
            throw .isTooLarge("\(ImagePath.shown(name)) has more than \(self.limits.documentBytes) bytes")
        }
        let bytes = try self.source.read(at: range.offset, count: Int(range.count))
        guard bytes.count == Int(range.count) else { throw .isTruncated("the archive") }
        do {
            return try JSONValue(parsing: bytes)
        } catch {
            throw .isBroken("\(ImagePath.shown(name)): \(error)")
        }
    }
}
