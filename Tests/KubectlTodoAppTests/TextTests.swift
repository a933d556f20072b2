import Testing

@testable import KubectlTodoApp

struct TextTests {
    @Test(
        "A text is broken between words, and a word that is too long within",
        arguments: [
            ("short", 10, ["short"]), ("one two three", 7, ["one two", "three"]),
            ("abcdefgh ij", 3, ["abc", "def", "gh", "ij"]), ("", 5, [""]), ("a  b", 1, ["a", "b"]),
        ]
    )
    func wrapping(text: String, width: Int, lines: [String]) {
        #expect(wrapped(text, width: width) == lines)
    }

    @Test(
        "Ages are as in kubectl's AGE column",
        arguments: [
            (0, "0s"), (119, "119s"), (120, "2m"), (200, "3m20s"), (600, "10m"), (10_799, "179m"), (10_800, "3h"),
            (12_000, "3h20m"), (90_000, "25h"), (172_800, "2d"), (200_000, "2d7h"), (691_200, "8d"), (-5, "0s"),
        ]
    )
    func ages(seconds: Int, text: String) {
        #expect(ageText(since: 1000, now: 1000 + Double(seconds)) == text)
    }

    @Test(
        "Time spans are as kubectl's",
        arguments: [("90s", 90), ("5m", 300), ("1h30m", 5400), ("2d", 172_800)] as [(String, Int64)]
    )
    func spans(text: String, seconds: Int64) throws {
        #expect(try timeSpan(text) == .seconds(seconds))
    }

    @Test("What is no time span is refused", arguments: ["", "5", "m", "0s", "-5m", "5x", "99999999999999h", "1.5h"])
    func noSpans(text: String) {
        #expect(throws: (any Error).self) { try timeSpan(text) }
    }

    @Test("A picture that is higher than the screen is cut, and says so")
    func screen() {
        let frame = Screen.frame(["1", "2", "3", "4"], TerminalSize(columns: 80, rows: 3))
        #expect(frame.contains("2\u{1B}[K\r\n(2 more lines: the terminal is too small)"))
        #expect(!frame.contains("3\u{1B}"))
    }

    @Test(
        "The plugin is meant where the program bears its name",
        arguments: [
            ("kubectl-todoapp", true), ("/usr/local/bin/kubectl-todoapp", true), ("todoapp-operator", false),
            ("/x/kubectl-todoapp/todoapp-operator", false), ("", false),
        ]
    )
    func name(program: String, isMeant: Bool) {
        #expect(KubectlTodoApp.isMeant(by: program) == isMeant)
    }
}
