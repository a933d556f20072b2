import Testing

@testable import ImageContracts

/// How a text becomes instructions.
struct DockerfileParserTests {
    private func instructions(_ text: String) throws -> [Instruction] {
        try Dockerfile(parsing: "FROM a:1\n" + text).stages[0].instructions
    }

    @Test("Continued lines are one instruction with the first one's number; comments and empty lines between are none")
    func continuation() throws {
        let run = try self.instructions("# comment\n\nRUN one \\\n  # comment \\\n\n  && two \\  \n && three\nUSER 1\n")
        #expect(run.map(\.line) == [4, 9])
        #expect(ShellCommands.all(in: run[0].arguments) == ["one", "two", "three"])
        #expect(run[1].arguments == "1")
    }

    @Test("The escape directive is read at the top alone")
    func escape() throws {
        let windows = try Dockerfile(parsing: "# escape=`\nFROM a:1\nRUN one `\n two\n")
        #expect(windows.stages[0].instructions.map(\.arguments) == ["one  two"])
        let comment = try Dockerfile(parsing: "FROM a:1\n# escape=`\nRUN one `\nRUN two\n")
        #expect(comment.stages[0].instructions.count == 2)
    }

    @Test("Lines may end as on Windows, and a byte order mark is nothing")
    func lineEnds() throws {
        let file = try Dockerfile(parsing: "\u{FEFF}FROM a:1\r\nRUN one \\\r\n  two\r\nUSER 1\r\n")
        #expect(file.stages[0].instructions.map(\.keyword) == [.run, .user])
        #expect(file.stages[0].instructions[1].arguments == "1")
    }

    @Test(
        "A here-document belongs to its instruction, whatever stands in it",
        arguments: [
            "RUN <<EOF\nUSER root\nEOF\n", "RUN <<-\"EOF\" cat\n\tUSER root\n\tEOF\n",
            "COPY <<'EOF' /a\nUSER root\nEOF\n",
        ]
    )
    func hereDocument(text: String) throws {
        let found = try self.instructions(text + "USER 1000\n")
        #expect(found.count == 2)
        #expect(found[0].documents.first?.contains("USER root") == true)
        #expect(found[1].arguments == "1000")
    }

    @Test("Two here-documents of one line come one after the other; a shift and a here-string are none")
    func hereDocuments() throws {
        let found = try self.instructions("COPY <<A <<B /x/\nfirst\nA\nsecond\nB\nRUN echo $((1<<2)) && cat <<< text\n")
        #expect(found[0].documents == ["first\n", "second\n"])
        #expect(found[1].documents == [])
    }

    @Test("Stages have names in small letters, ARGs in FROM their defaults, and stages may stand on stages")
    func stages() throws {
        let file = try Dockerfile(
            parsing:
                "ARG V=3.13\nARG IMAGE=python:${V}-slim\nFROM ${IMAGE} AS Base\nFROM base\nFROM --platform=a x:1 AS y\nFROM base\n"
        )
        #expect(file.stages.map(\.base) == ["python:3.13-slim", "base", "x:1", "base"])
        #expect(file.stages.map(\.name) == ["base", nil, "y", nil])
        #expect(file.lastLineage == [0, 3])
    }

    @Test("Commands are lists or texts; what is no list of strings is a text, as in Docker")
    func forms() {
        #expect(ProcessForm(#"["a", "b c"]"#) == .list(["a", "b c"]))
        #expect(ProcessForm("a b") == .shell("a b"))
        #expect(ProcessForm("['a']") == .shell("['a']"))
        #expect(ProcessForm("[1]") == .shell("[1]"))
        #expect(ProcessForm(#"["a""#) == .shell(#"["a""#))
    }

    @Test("Quotes hold words together, and ENV has its old form with one name")
    func words() {
        let words = DockerfileWords(escape: "\\")
        #expect(words.split(#"a "b c" d\ e 'f "g'"#) == ["a", "b c", "d e", "f \"g"])
        #expect(words.pairs(#"A=1 B="2 3""#).map { "\($0.name):\($0.value)" } == ["A:1", "B:2 3"])
        #expect(words.pairs("A 1 2").map { "\($0.name):\($0.value)" } == ["A:1 2"])
    }

    @Test(
        "Variables have their values, their defaults, or nothing",
        arguments: [
            ("$A-${A}", "1-1"), ("${B:-x}", "x"), ("${A:-x}", "1"), ("${A:+y}", "y"), ("${B:+y}", ""), ("$B.", "."),
            (#"\$A"#, "$A"), ("/x:$PATH", "/x:$PATH"), ("a$", "a$"), ("${A", "${A"),
        ]
    )
    func variables(text: String, expanded: String) {
        var variables = DockerfileVariables()
        variables.set("A", to: "1")
        #expect(variables.expand(text) == expanded)
    }

    @Test(
        "What is no Dockerfile gives an error with its line",
        arguments: [
            ("", "no FROM is in there"),
            ("# nothing\n", "no FROM is in there"),
            ("RUN a\nFROM a:1\n", "line 1: RUN stands before the first FROM"),
            ("FROM a:1\n\nHELLO world\n", "line 3: \"HELLO\" is no instruction"),
            ("FROM a:1\nRUN\n", "line 2: RUN says nothing"),
            ("FROM a:1 b:2\n", "line 1: FROM takes an image, or an image AS a name"),
            ("FROM a:1\nRUN <<EOF\nx\n", "line 2: the here-document that ends with EOF does not end"),
        ]
    )
    func errors(text: String, message: String) {
        let error = #expect(throws: DockerfileError.self) { try Dockerfile(parsing: text) }
        #expect(error?.description == message)
    }

    @Test("A text of a megabyte and more is refused")
    func large() {
        #expect(throws: DockerfileError.self) {
            try Dockerfile(parsing: "FROM a:1\n" + String(repeating: "#", count: 1 << 20))
        }
    }
}
