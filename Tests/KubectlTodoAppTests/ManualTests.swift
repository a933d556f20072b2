import KubectlTodoApp
import TestFiles
import Testing

/// The manual page says what the command can do, no less and no more.
struct ManualTests {
    @Test("The manual has every option of every subcommand's help, and none that there is not")
    func options() throws {
        let manual = try Self.manual()
        var inHelp = Self.options(in: KubectlTodoApp.help() ?? "")
        for subcommand in KubectlTodoApp.subcommands {
            inHelp.formUnion(Self.options(in: try #require(KubectlTodoApp.help(subcommand))))
        }
        #expect(Self.options(in: manual).symmetricDifference(inHelp).sorted() == [])
    }

    @Test("The manual has a paragraph for each subcommand")
    func subcommands() throws {
        let manual = try Self.manual()
        for subcommand in KubectlTodoApp.subcommands {
            #expect(manual.contains("\n.B \(subcommand)\n"), "\(subcommand)")
        }
    }

    /// The page as plain text, as far as options go.
    private static func manual() throws -> String {
        try TestFolder.read("../../docs/kubectl-todoapp.1").replacing("\\-", with: "-")
    }

    /// The long options that a text names.
    private static func options(in text: String) -> Set<String> {
        Set(text.matches(of: /--[a-z][a-z-]*/).map { String($0.output) })
    }
}
