import Foundation
import TestFiles

/// The repository as the pages speak of it.
enum Repository {
    /// Its own folder.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// A file or folder of it.
    static func file(_ path: String) -> String { Self.root.appending(path: path).path() }

    /// Everything that is written for people, but for the changes, which speak of the past.
    static func pages() throws -> [DocumentedPage] {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.file("docs"))
            .filter { $0.hasSuffix(".md") }.sorted().map { "docs/\($0)" }
        return try (["README.md", "CONTRIBUTING.md", "SECURITY.md", "Examples/README.md"] + names)
            .map { try DocumentedPage($0) }
    }

    /// What `make` can make.
    static func makeTargets() throws -> Set<String> {
        let text = try String(contentsOfFile: Self.file("Makefile"), encoding: .utf8)
        return Set(text.matches(of: /(?m)^([a-z0-9][a-z0-9.-]*):( |$)/).map { String($0.output.1) })
    }

    /// The source text of every Swift file below `Tests`.
    static func testSources() throws -> [String] {
        let folder = Self.root.appending(path: "Tests")
        let files = FileManager.default.enumerator(atPath: folder.path())?.compactMap { $0 as? String } ?? []
        return try files.filter { $0.hasSuffix(".swift") }.map {
            try String(contentsOf: folder.appending(path: $0), encoding: .utf8)
        }
    }
}
