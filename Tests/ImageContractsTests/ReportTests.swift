import JSON
import TestFiles
import Testing
import TodoAppAPI

@testable import ImageContracts

/// The three forms of a report.
struct ReportTests {
    private static let dockerfile = Report(
        file: "my app/Dockerfile",
        contract: .of(.openai, .backend),
        version: "1.2.3",
        findings: [
            Finding(.port, "port 8000/tcp is not exposed", at: .line(12)),
            Finding(.packageCache, "apk's index stays", at: .line(3)),
            Finding(.healthCheck, "it is as it is", level: .note),
        ]
    )

    private static let image = Report(
        file: "/tmp/image.tar",
        contract: .of(.taskflow, .frontend),
        version: "1.2.3",
        findings: [Finding(.secretFile, "such a file holds secrets", at: .layer(3, path: "app/.env"))],
        layerSizes: [120_000_000, 3_449_999]
    )

    @Test("Text is a line for each finding, as compilers write them, and a verdict")
    func text() {
        #expect(
            Self.dockerfile.text == """
                my app/Dockerfile:12: error: port 8000/tcp is not exposed [port]
                my app/Dockerfile:3: warning: apk's index stays [package-cache]
                my app/Dockerfile: note: it is as it is [health-check]
                my app/Dockerfile does not meet contract openai, backend: 1 error, 1 warning, 1 note

                """
        )
        #expect(
            Self.image.text == """
                /tmp/image.tar: layer 3: app/.env: error: such a file holds secrets [secret-file]
                /tmp/image.tar (123 MB in 2 layers) does not meet contract taskflow, frontend: 1 error

                """
        )
    }

    @Test("Notes are no reason to fail")
    func notes() {
        var report = Self.dockerfile
        report.findings.removeAll { $0.level != .note }
        #expect(report.findings.isClean)
        #expect(report.text.hasSuffix("my app/Dockerfile meets contract openai, backend: 1 note\n"))
    }

    @Test("JSON has every finding with its place, and what was measured")
    func json() {
        #expect(Self.dockerfile.json["met"] == false)
        #expect(Self.dockerfile.json["findings"]?[0]?["line"] == 12)
        #expect(Self.dockerfile.json["findings"]?[2]?["line"] == nil)
        #expect(Self.image.json["bytes"] == 123_449_999)
        #expect(Self.image.json["layers"] == [120_000_000, 3_449_999])
        #expect(Self.image.json["findings"]?[0]?["path"] == "app/.env")
        #expect(Self.image.json["findings"]?[0]?["layer"] == 3)
    }

    @Test("SARIF has what its readers insist on: version, tool, rules by index, levels, URIs, lines from 1 up")
    func sarif() throws {
        let sarif = Self.dockerfile.sarif
        #expect(sarif["version"] == "2.1.0")
        let run = try #require(sarif["runs"]?[0])
        let driver = try #require(run["tool"]?["driver"])
        #expect(driver["name"] == "todoapp-operator")
        let rules = try #require(driver["rules"]?.array)
        #expect(Set(rules.compactMap { $0["id"]?.string }).count == rules.count)
        let results = try #require(run["results"]?.array)
        #expect(results.count == 3)
        for result in results {
            let index = try #require(result["ruleIndex"]?.integer)
            #expect(rules[Int(index)]["id"] == result["ruleId"])
            #expect(["error", "warning", "note"].contains(result["level"]?.string))
            let place = try #require(result["locations"]?[0]?["physicalLocation"])
            #expect(place["artifactLocation"]?["uri"] == "my%20app/Dockerfile")
            #expect(try #require(place["region"]?["startLine"]?.integer) >= 1)
        }
        let image = Self.image.sarif["runs"]?[0]?["results"]?[0]?["locations"]?[0]
        #expect(image?["physicalLocation"]?["artifactLocation"]?["uri"] == "file:///tmp/image.tar")
        #expect(image?["logicalLocations"]?[0]?["fullyQualifiedName"] == "layer 3: app/.env")
    }

    @Test("The rules of docs/image-contracts.md are those of the code, whole")
    func ruleTable() throws {
        let file = "../../docs/image-contracts.md"
        let (begin, end) = ("<!-- the rules, made by: ReportTests -->\n", "<!-- end -->\n")
        var text = try TestFolder.read(file)
        let from = try #require(text.firstRange(of: begin)?.upperBound)
        let to = try #require(text[from...].firstRange(of: end)?.lowerBound)
        let table = "\n\(ImageRule.table)\n"
        if TestFolder.isUpdating {
            text.replaceSubrange(from..<to, with: table)
            try TestFolder.write(text, to: file)
            return
        }
        #expect(String(text[from..<to]) == table)
    }
}
