import JSON
import KubectlTodoApp
import TestFiles
import Testing

/// What is drawn of an app in each of its states, whole.
///
/// `UPDATE_GOLDEN=1` writes the files anew; the difference is then to be read.
struct TreeGoldenTests {
    @Test("The picture of a scene is that of the golden file", arguments: Scene.all.map(\.name))
    func plain(name: String) throws {
        try self.expectGolden("\(name).txt", try self.text(name, Style(isColoured: false, isUnicode: true, width: nil)))
    }

    @Test("Colours, a narrow terminal and ASCII change the picture as the golden files say")
    func styles() throws {
        let name = "failed-rollout"
        let styles: [(String, Style)] = [
            ("colour", Style(isColoured: true, isUnicode: true, width: 120)),
            ("narrow", Style(isColoured: false, isUnicode: true, width: 80)),
            ("very-narrow", Style(isColoured: false, isUnicode: true, width: 40)),
            ("ascii", Style(isColoured: false, isUnicode: false, width: nil)),
        ]
        for (suffix, style) in styles {
            try self.expectGolden("\(name)-\(suffix).txt", try self.text(name, style))
        }
    }

    @Test("No line is wider than the terminal, however narrow that is", arguments: Scene.all.map(\.name))
    func fits(name: String) throws {
        for width in [200, 120, 100, 80, 60, 50] {
            let lines = try self.text(name, Style(isColoured: false, isUnicode: true, width: width)).split(
                separator: "\n"
            )
            #expect(lines.allSatisfy { $0.count <= width }, "\(name) at \(width)")
        }
    }

    @Test("ASCII pictures have no other characters but those of names and messages", arguments: Scene.all.map(\.name))
    func ascii(name: String) throws {
        let text = try self.text(name, Style(isColoured: false, isUnicode: false, width: nil))
        #expect(text.allSatisfy { $0.isASCII || $0 == "…" }, "the ellipsis stands in a message of the scene")
    }

    @Test("Without colours there is no control character; with colours each run ends them again")
    func controls() throws {
        for (name, _) in Scene.all {
            let plain = try self.text(name, Style(isColoured: false, isUnicode: true, width: nil))
            #expect(!plain.contains("\u{1B}"))
            let coloured = try self.text(name, Style(isColoured: true, isUnicode: true, width: 100))
            let bare = coloured.replacing(/\u{1B}\[[0-9]+m/, with: "")
            #expect(bare == (try self.text(name, Style(isColoured: false, isUnicode: true, width: 100))))
        }
    }

    @Test("The picture for programs holds the same tree")
    func json() throws {
        let node = TreeNode(of: try Scene.failedRollout.snapshot())
        try self.expectGolden("failed-rollout.json", node.json.text(.pretty) + "\n")
    }

    @Test("What could not be read is said in the picture")
    func gaps() throws {
        var scene = Scene.ready
        scene.revisions = []
        scene.pods = []
        let node = TreeNode(of: try scene.snapshot(gaps: ["the pods cannot be read: forbidden"]))
        #expect(node.notes == [TreeNode.Note(.remark, "the pods cannot be read: forbidden")])
        #expect(node.children.map(\.status) == ["Ready", "Ready"], "the status still says how the components are")
    }

    private func text(_ name: String, _ style: Style) throws -> String {
        let scene = try #require(Scene.all.first { $0.name == name }?.scene)
        return TreeNode(of: try scene.snapshot()).lines(style, now: noon).joined(separator: "\n") + "\n"
    }

    private func expectGolden(_ file: String, _ text: String) throws {
        if TestFolder.isUpdating {
            try TestFolder.write(text, to: "Golden/\(file)")
        }
        #expect(try text == TestFolder.read("Golden/\(file)"), "\(file)")
    }
}
