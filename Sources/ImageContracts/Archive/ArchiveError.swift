/// Why an image archive cannot be read.
///
/// Nothing in it is ever written anywhere, so a hostile one can do no more than this.
public enum ArchiveError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The system does not give the bytes.
    case cannotRead(String)
    /// It is no image archive at all.
    case isNoImage(String)
    /// It ends too soon.
    case isTruncated(String)
    /// Something in it is not as its format says.
    case isBroken(String)
    /// It tries to lead out of itself.
    case isHostile(String)
    /// It is larger than what is read.
    case isTooLarge(String)
    /// It is in order, and not read here.
    case isUnsupported(String)

    /// One line.
    public var description: String {
        switch self {
        case .cannotRead(let reason): "it cannot be read: \(reason)"
        case .isNoImage(let reason): "no image archive: \(reason)"
        case .isTruncated(let place): "\(place) ends too soon"
        case .isBroken(let reason), .isHostile(let reason), .isTooLarge(let reason), .isUnsupported(let reason): reason
        }
    }
}

/// How much of an archive is read before it is too much.
///
/// The defaults are far above what any image of a contract has.
public struct ArchiveLimits: Sendable, Hashable {
    /// Bytes of all layers together when they are unpacked.
    public var unpackedBytes: Int64 = 16 << 30
    /// How many times larger than its compressed bytes a layer may get; gzip itself ends at 1032.
    public var expansion: Int64 = 200
    /// Unpacked bytes below which the expansion does not matter.
    public var harmlessBytes: Int64 = 64 << 20
    /// Bytes of a JSON document.
    public var documentBytes = 4 << 20
    /// Entries of one tar.
    public var entries = 1_000_000
    /// Entries of the archive itself.
    public var members = 10_000
    /// Layers of an image.
    public var layers = 1000
    /// Bytes of an entry's name and of everything else that stands before its content.
    public var headerBytes = 1 << 20
    /// Findings that are remembered.
    public var findings = 1000

    /// The defaults.
    public init() {}
}
