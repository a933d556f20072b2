internal import JSON

/// An image in a docker-archive (`docker save`) or an oci-archive: where its configuration and its layers lie.
public struct ImageArchive {
    /// The formats that there are.
    public enum Format: String, Sendable, Hashable {
        /// With `manifest.json`; what `docker save` writes.
        case docker = "docker-archive"
        /// With `index.json` alone.
        case oci = "oci-archive"
    }

    /// Which format it has.
    public let format: Format
    /// The image's names in the archive, of which there may be none.
    public let names: [String]
    /// What it runs and how it was made.
    let configuration: ImageConfiguration
    /// The layers, the lowest first.
    let layers: [ByteRange]
    private let source: any ByteSource
    private let limits: ArchiveLimits

    /// Opens an archive: reads its members' names and its documents, and no layer.
    ///
    /// - Parameters:
    ///   - source: Its bytes.
    ///   - name: Which image, where there are several: a name with its tag, or a platform such as `linux/arm64`.
    ///   - limits: How much is read.
    public init(
        _ source: any ByteSource,
        image name: String? = nil,
        limits: ArchiveLimits = ArchiveLimits()
    ) throws(ArchiveError) {
        let members = try ArchiveMembers(source, limits: limits)
        let found =
            if try members.range("manifest.json") != nil {
                try DockerManifest.find(in: members, image: name)
            } else if try members.range("index.json") != nil {
                try OCIIndex.find(in: members, image: name)
            } else {
                throw ArchiveError.isNoImage("neither manifest.json nor index.json is in there")
            }
        guard found.layers.count <= limits.layers else {
            throw .isTooLarge("the image has more than \(limits.layers) layers")
        }
        (self.format, self.names) = (found.format, found.names)
        self.configuration = try ImageConfiguration(try members.document(found.configuration))
        var layers: [ByteRange] = []
        for path in found.layers {
            layers.append(try members.content(path))
        }
        self.layers = layers
        (self.source, self.limits) = (source, limits)
        if let digests = self.configuration.layerDigests, digests.count != layers.count {
            throw .isBroken("the configuration speaks of \(digests.count) layers, the archive has \(layers.count)")
        }
    }

    /// How many of the lowest layers are all those of a base image.
    ///
    /// - Returns: `nil` where the image does not stand on this base.
    public func layers(sharedWith base: ImageArchive) -> Int? {
        let theirs = base.configuration.layerDigests ?? []
        guard !theirs.isEmpty, (self.configuration.layerDigests ?? []).starts(with: theirs) else { return nil }
        return theirs.count
    }

    /// A layer's tar, unpacked where it is packed.
    ///
    /// - Parameter index: From 0 up.
    func layer(_ index: Int) throws(ArchiveError) -> TarReader {
        let name = "layer \(index + 1)"
        let range = self.layers[index]
        let start = try self.source.read(at: range.offset, count: Int(min(range.count, 4)))
        let raw = RangeStream(self.source, range, name: name)
        let stream: any ByteStream
        if start.starts(with: [0x1F, 0x8B]) {
            stream = try GzipStream(raw, name: name, limits: self.limits)
        } else if start.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
            throw .isUnsupported("\(name) is packed by zstd; write the archive with gzip or without packing")
        } else {
            stream = raw
        }
        return TarReader(
            BoundedStream(stream, limit: self.limits.unpackedBytes, name: name),
            name: name,
            limits: self.limits,
            entryLimit: self.limits.entries
        )
    }
}

/// What a format's own documents say of an image.
struct FoundImage {
    var format: ImageArchive.Format
    var names: [String]
    var configuration: String
    var layers: [String]
}

/// Ends a stream that goes on for too long.
private final class BoundedStream: ByteStream {
    private let stream: any ByteStream
    private var rest: Int64
    private let name: String

    init(_ stream: any ByteStream, limit: Int64, name: String) {
        (self.stream, self.rest, self.name) = (stream, limit, name)
    }

    func next() throws(ArchiveError) -> [UInt8]? {
        guard let piece = try self.stream.next() else { return nil }
        self.rest -= Int64(piece.count)
        guard self.rest >= 0 else { throw .isTooLarge("\(self.name) has more bytes than are read here") }
        return piece
    }
}
