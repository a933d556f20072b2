import Foundation
import TestFiles
import Testing

/// docs/security.md names for each of its answers the tests that show it.
struct SecurityPageTests {
    @Test("Every answer names a test, and every test that is named is there")
    func answers() throws {
        let text = try TestFolder.read("../../docs/security.md")
        let section = try #require(text.split(separator: "\n## ").first { $0.hasPrefix("What may someone") })
        let rows = section.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst()
        #expect(rows.count > 10)
        let sources = try Repository.testSources()
        for row in rows {
            let columns = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            try #require(columns.count == 3, "\(row)")
            let named = columns[2].split(separator: "`").filter { $0.contains(".") }.map(String.init)
            #expect(!named.isEmpty, "\(columns[0])")
            for name in named {
                #expect(Self.isThere(name, in: sources), "\(columns[0]) \(name)")
            }
        }
    }

    @Test("Every suite that a page names is there")
    func suites() throws {
        let sources = try Repository.testSources()
        for page in try Repository.pages() {
            for span in page.spans where span.wholeMatch(of: /[A-Z][A-Za-z0-9]+Tests/) != nil {
                let isThere = sources.contains {
                    $0.contains("struct \(span)") || $0.contains("enum \(span)") || $0.contains("extension \(span)")
                }
                // A whole target is named by its folder.
                let isTarget = FileManager.default.fileExists(atPath: Repository.file("Tests/\(span)"))
                #expect(isThere || isTarget, "\(page.path): \(span)")
            }
        }
    }

    /// `SuiteTests.function`, or a file among the validator's fixtures.
    private static func isThere(_ name: String, in sources: [String]) -> Bool {
        if name.hasPrefix("Fixtures/") {
            return FileManager.default.fileExists(atPath: Repository.file("Tests/TodoAppAPITests/\(name)"))
        }
        let parts = name.split(separator: ".")
        guard parts.count == 2 else { return false }
        return sources.contains { $0.contains("struct \(parts[0])") && $0.contains("func \(parts[1])(") }
    }
}
