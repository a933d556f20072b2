import FoundationEssentials

/// The folder of these tests, in which fixtures and golden files lie.
enum TestFolder {
    /// The text of a file.
    static func read(_ path: String) throws -> String {
        try String(contentsOf: Self.url(path), encoding: .utf8)
    }

    /// Writes a file.
    static func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: Self.url(path))
    }

    /// Whether golden files are to be written and not compared.
    static var isUpdating: Bool {
        ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1"
    }

    private static func url(_ path: String) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: path)
    }
}
