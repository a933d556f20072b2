import Foundation
import TestFiles
import Testing

/// A link within the repository leads somewhere.
struct LinkTests {
    @Test("Every link and every picture of a page is there")
    func links() throws {
        for page in try Repository.pages() {
            let folder = Repository.root.appending(path: page.path).deletingLastPathComponent()
            let text = try TestFolder.read("../../\(page.path)")
            let pictures = text.matches(of: /src="([^"]+)"/).map(\.output.1)
            let targets = text.matches(of: /\]\(([^)\s]+)\)/).map(\.output.1) + pictures
            for target in targets where !target.contains("://") && !target.hasPrefix("#") {
                let path = target.split(separator: "#").first.map(String.init) ?? ""
                let file = folder.appending(path: path).standardized
                #expect(FileManager.default.fileExists(atPath: file.path()), "\(page.path): \(target)")
                let anchor = target.split(separator: "#").dropFirst().first.map(String.init)
                if let anchor, path.hasSuffix(".md") {
                    let headings = try Self.anchors(in: String(contentsOf: file, encoding: .utf8))
                    #expect(headings.contains(anchor), "\(page.path): \(target)")
                }
            }
        }
    }

    /// As GitHub makes them of headings.
    private static func anchors(in text: String) -> Set<String> {
        let headings = text.split(separator: "\n").filter { $0.hasPrefix("#") }
        return Set(
            headings.map { line in
                let title = line.drop { $0 == "#" }.trimmingCharacters(in: .whitespaces).lowercased()
                return title.replacing(" ", with: "-").filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
            }
        )
    }
}
