internal import Glibc
internal import ImageContracts

/// An archive on disk, open for as long as this lives.
final class ArchiveFile: ByteSource {
    let count: Int64
    private let descriptor: Int32

    /// Opens a file.
    ///
    /// What cannot be read at any place, such as a pipe, is refused: an archive's table of contents may be at its
    /// end.
    init(path: String) throws(ArchiveError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .cannotRead(text(ofError: errno)) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .cannotRead("it is no file")
        }
        (self.descriptor, self.count) = (descriptor, Int64(status.st_size))
    }

    deinit {
        close(self.descriptor)
    }

    func read(at offset: Int64, count: Int) throws(ArchiveError) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let rest = unsafe UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...]
                )
                let got = unsafe pread(self.descriptor, rest.baseAddress, count - filled, off_t(offset) + off_t(filled))
                if got < 0, errno == EINTR { continue }
                if got < 0 { failure = errno }
                guard got > 0 else { return }
                filled += got
            }
        }
        guard failure == 0 else { throw .cannotRead(text(ofError: failure)) }
        return bytes
    }
}

/// What the system says of an error.
private func text(ofError number: Int32) -> String {
    unsafe String(cString: strerror(number))
}
