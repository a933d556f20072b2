import TestFiles
import Testing
import TodoAppOperator

/// `docs/troubleshooting.md` has a section for every reason; those for the alerts are held by `AlertTests`.
struct TroubleshootingTests {
    @Test("Every reason has its section, and every section is a reason's")
    func sections() throws {
        let reasons =
            FailureClass.allCases.map(\.rawValue) + SyncReason.allCases.map(\.rawValue)
            + StatusReason.allCases.map(\.rawValue)
        let headings = try Self.sections().map(\.heading)
        #expect(Set(headings).symmetricDifference(reasons).sorted() == [])
        #expect(headings.count == Set(headings).count, "a second heading of the same name has another anchor")
    }

    @Test("Every section says what to do, if only that there is nothing")
    func actions() throws {
        for section in try Self.sections() {
            let says = section.text.contains("\nDo") || section.text.contains("Nothing to do.")
            let refers = ["has the cause", "has the reason", "has the figure", "says at what", "says what."]
                .contains(where: section.text.contains)
            #expect(says || refers, "\(section.heading)")
        }
    }

    @Test("Failures are in the order of precedence, as the page says")
    func order() throws {
        let headings = try Self.sections().map(\.heading)
        let failures = FailureClass.allCases.map(\.rawValue)
        #expect(headings.filter(failures.contains) == failures)
    }

    @Test("Links within the page lead to a heading")
    func links() throws {
        let text = try Self.text()
        let anchors = text.split(separator: "\n").filter { $0.hasPrefix("## ") || $0.hasPrefix("### ") }.map { line in
            line.drop { $0 == "#" || $0 == " " }.lowercased().replacing(" ", with: "-").filter { $0 != "," }
        }
        for link in text.matches(of: /\]\(#([^)]*)\)/) {
            #expect(anchors.contains(String(link.output.1)), "\(link.output.1)")
        }
    }

    private struct Section {
        var heading: String
        var text: String
    }

    private static func text() throws -> String {
        try TestFolder.read("../../docs/troubleshooting.md")
    }

    private static func sections() throws -> [Section] {
        var sections: [Section] = []
        for line in try Self.text().split(separator: "\n", omittingEmptySubsequences: false) {
            if line == "## Alerts" { break }
            if line.hasPrefix("### ") {
                sections.append(Section(heading: String(line.dropFirst(4)), text: ""))
            } else if line.hasPrefix("## ") {
                continue
            } else if !sections.isEmpty {
                sections[sections.count - 1].text += "\n\(line)"
            }
        }
        return sections
    }
}
