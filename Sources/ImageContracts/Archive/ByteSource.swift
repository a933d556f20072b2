/// Where an archive's bytes come from: a file, or a test's memory.
public protocol ByteSource {
    /// All bytes.
    var count: Int64 { get }

    /// Bytes from a place on; fewer than asked for only at the end.
    ///
    /// - Throws: ``ArchiveError/cannotRead(_:)``.
    func read(at offset: Int64, count: Int) throws(ArchiveError) -> [UInt8]
}

/// A part of an archive.
struct ByteRange: Sendable, Hashable {
    var offset: Int64
    var count: Int64
}

/// Bytes one after the other.
protocol ByteStream: AnyObject {
    /// The next piece, never an empty one; `nil` at the end.
    func next() throws(ArchiveError) -> [UInt8]?
}

/// A part of a source, piece by piece.
final class RangeStream: ByteStream {
    private let source: any ByteSource
    private var rest: ByteRange
    private let name: String

    private let pieceSize: Int

    init(_ source: any ByteSource, _ range: ByteRange, name: String, pieceSize: Int = 256 << 10) {
        (self.source, self.rest, self.name, self.pieceSize) = (source, range, name, pieceSize)
    }

    func next() throws(ArchiveError) -> [UInt8]? {
        guard self.rest.count > 0 else { return nil }
        let piece = try self.source.read(
            at: self.rest.offset,
            count: Int(min(self.rest.count, Int64(self.pieceSize)))
        )
        guard !piece.isEmpty else { throw .isTruncated(self.name) }
        self.rest.offset += Int64(piece.count)
        self.rest.count -= Int64(piece.count)
        return piece
    }
}

/// Exactly as many bytes as are asked for, from a stream whose pieces are as they come.
final class ByteReader {
    private let stream: any ByteStream
    private let name: String
    private var piece: ArraySlice<UInt8> = []

    init(_ stream: any ByteStream, name: String) {
        (self.stream, self.name) = (stream, name)
    }

    /// The next bytes, at most so many, none only at the end.
    func some(atMost count: Int) throws(ArchiveError) -> ArraySlice<UInt8> {
        if self.piece.isEmpty {
            guard let next = try self.stream.next() else { return [] }
            self.piece = next[...]
        }
        let taken = self.piece.prefix(count)
        self.piece = self.piece.dropFirst(taken.count)
        return taken
    }

    /// The next bytes, exactly so many; `nil` where there are none at all.
    func exactly(_ count: Int) throws(ArchiveError) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            let some = try self.some(atMost: count - bytes.count)
            if some.isEmpty {
                guard bytes.isEmpty else { throw .isTruncated(self.name) }
                return nil
            }
            bytes += some
        }
        return bytes
    }

    /// Passes bytes by.
    func skip(_ count: Int64) throws(ArchiveError) {
        var rest = count
        while rest > 0 {
            let some = try self.some(atMost: Int(min(rest, 1 << 30)))
            guard !some.isEmpty else { throw .isTruncated(self.name) }
            rest -= Int64(some.count)
        }
    }
}
