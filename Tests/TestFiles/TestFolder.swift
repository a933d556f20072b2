internal import FoundationEssentials

/// The folder of a test target, in which its fixtures and golden files lie; whoever calls says by its own place which one.
public enum TestFolder {
    /// The text of a file.
    public static func read(_ path: String, besides caller: String = #filePath) throws -> String {
        try String(contentsOf: Self.url(path, caller), encoding: .utf8)
    }

    /// Writes a file.
    public static func write(_ text: String, to path: String, besides caller: String = #filePath) throws {
        try Data(text.utf8).write(to: Self.url(path, caller))
    }

    /// Whether golden files are to be written and not compared.
    public static var isUpdating: Bool {
        ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1"
    }

    private static func url(_ path: String, _ caller: String) -> URL {
        var folder = URL(filePath: caller).deletingLastPathComponent()
        // A target's folder lies in the one that holds them all.
        while folder.pathComponents.count > 1, folder.deletingLastPathComponent().lastPathComponent != "Tests" {
            folder = folder.deletingLastPathComponent()
        }
        return folder.appending(path: path)
    }
}
