internal import CZlib

/// What a gzip stream holds, unpacked piece by piece and never more than is allowed.
final class GzipStream: ByteStream {
    private let packed: any ByteStream
    private let name: String
    private let limits: ArchiveLimits
    private let inflater: OpaqueInflater
    private var input: ArraySlice<UInt8> = []
    private var packedBytes: Int64 = 0
    private var unpackedBytes: Int64 = 0
    private var isInMember = true
    /// Whether zlib may hold back what had no room in the last piece.
    private var mayHoldBack = false

    private static let pieceSize = 256 << 10

    init(_ packed: any ByteStream, name: String, limits: ArchiveLimits) throws(ArchiveError) {
        (self.packed, self.name, self.limits) = (packed, name, limits)
        self.inflater = try OpaqueInflater()
    }

    func next() throws(ArchiveError) -> [UInt8]? {
        while true {
            if self.input.isEmpty, !self.mayHoldBack {
                guard let more = try self.packed.next() else {
                    guard !self.isInMember else { throw .isTruncated(self.name) }
                    return nil
                }
                self.input = more[...]
                self.packedBytes += Int64(more.count)
            }
            // Padding of zeros may follow the last member; another member begins otherwise.
            if !self.isInMember {
                self.input = self.input.drop { $0 == 0 }
                guard !self.input.isEmpty else { continue }
                self.inflater.reset()
                self.isInMember = true
            }
            let (output, taken, state) = self.inflater.step(self.input, size: Self.pieceSize)
            self.input = self.input.dropFirst(taken)
            self.mayHoldBack = output.count == Self.pieceSize && state == .more
            switch state {
            case .broken: throw .isBroken("\(self.name): its gzip is broken")
            case .end: self.isInMember = false
            case .more where taken == 0 && output.isEmpty && !self.input.isEmpty:
                throw .isBroken("\(self.name): its gzip is broken")
            case .more: break
            }
            guard !output.isEmpty else { continue }
            self.unpackedBytes += Int64(output.count)
            try self.judge()
            return output
        }
    }

    private func judge() throws(ArchiveError) {
        guard self.unpackedBytes > self.limits.harmlessBytes,
            self.unpackedBytes > self.packedBytes * self.limits.expansion
        else { return }
        throw .isTooLarge("\(self.name) gets more than \(self.limits.expansion) times larger when it is unpacked")
    }
}

/// zlib's state, which is freed with this.
@safe
private final class OpaqueInflater {
    enum State {
        case more
        case end
        case broken
    }

    private let stream: UnsafeMutablePointer<todoapp_inflater>

    init() throws(ArchiveError) {
        guard let stream = unsafe todoapp_inflater_new() else { throw .cannotRead("zlib has no memory") }
        unsafe self.stream = stream
    }

    deinit {
        unsafe todoapp_inflater_free(self.stream)
    }

    func reset() {
        unsafe todoapp_inflater_reset(self.stream)
    }

    /// Unpacks what it can of the input into one piece.
    func step(_ input: ArraySlice<UInt8>, size: Int) -> (output: [UInt8], taken: Int, state: State) {
        var (taken, answer) = (0, TODOAPP_INFLATE_BROKEN)
        let output = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, made in
            unsafe input.withUnsafeBufferPointer { bytes in
                answer = unsafe todoapp_inflate(
                    self.stream,
                    bytes.baseAddress,
                    bytes.count,
                    &taken,
                    buffer.baseAddress,
                    size,
                    &made
                )
            }
        }
        switch answer {
        case TODOAPP_INFLATE_END: return (output, taken, .end)
        case TODOAPP_INFLATE_MORE: return (output, taken, .more)
        default: return (output, taken, .broken)
        }
    }
}
