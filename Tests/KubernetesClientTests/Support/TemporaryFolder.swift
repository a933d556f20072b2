import FoundationEssentials

/// A folder of its own for one test; it is gone when the test is.
final class TemporaryFolder {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "kubernetes-client-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        self.path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: self.path)
    }

    /// Writes a file, and gives its path.
    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        let path = "\(self.path)/\(name)"
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }

    /// Creates a folder in it.
    func makeFolder(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: "\(self.path)/\(name)", withIntermediateDirectories: true)
    }

    /// Removes a file.
    func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: "\(self.path)/\(name)")
    }

    /// Lets a name point to another one, as the kubelet does when it exchanges a mounted volume's content.
    func link(_ name: String, to target: String) throws {
        let path = "\(self.path)/\(name)"
        try? FileManager.default.removeItem(atPath: path)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
    }
}
