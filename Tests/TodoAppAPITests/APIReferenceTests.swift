import Foundation
import JSON
import Testing
import YAML

/// `docs/api.md` is written from the CustomResourceDefinition: `UPDATE_DOCS=1` writes it anew.
@Suite("The API reference")
struct APIReferenceTests {
    @Test("docs/api.md says what the CustomResourceDefinition says")
    func reference() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let definition = try Data(contentsOf: root.appending(path: "crds/todo.taskflow.dev_todoapps.yaml"))
        let document = try #require(try YAML.documents(in: [UInt8](definition)).first)
        let wanted = try #require(APIReference(definition: document.value)).markdown
        let file = root.appending(path: "docs/api.md")
        if ProcessInfo.processInfo.environment["UPDATE_DOCS"] == "1" {
            try Data(wanted.utf8).write(to: file)
        }
        let written = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        #expect(written == wanted, "UPDATE_DOCS=1 swift test --filter APIReferenceTests writes it anew")
    }
}
