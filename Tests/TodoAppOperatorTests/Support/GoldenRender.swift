import TestFiles
import Testing
import TodoAppOperator

/// What is rendered, in files: a folder for each render revision.
///
/// Another render is another revision: `UPDATE_GOLDEN=1` writes the files of the present one anew, whose difference is then to be
/// read, and which is only right while no release has that revision.
enum GoldenRender {
    /// A render is that of the file, byte by byte.
    static func expect(_ text: String, _ name: String) throws {
        let file = "Golden/renders/r\(renderRevision)/\(name).yaml"
        if TestFolder.isUpdating { try TestFolder.write(text, to: file) }
        let golden = (try? TestFolder.read(file)) ?? ""
        #expect(
            text == golden,
            """
            \(name) is not rendered as in \(file): an upgrade would replace pods. \
            Raise the render revision and say so in CHANGELOG.md
            """
        )
    }
}
