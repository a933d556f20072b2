import KubectlTodoApp
import Testing

struct StyleTests {
    private static let terminal = TerminalSize(columns: 100, rows: 40)

    @Test(
        "Colours are there on a terminal that knows them, unless somebody forbids it; the flag has the last word",
        arguments: [
            (ColorChoice.auto, true, [:], true), (.auto, false, [:], false),
            (.auto, true, ["NO_COLOR": "1"], false), (.auto, true, ["NO_COLOR": ""], true),
            (.auto, true, ["TERM": "dumb"], false), (.always, false, ["NO_COLOR": "1"], true),
            (.never, true, [:], false),
        ] as [(ColorChoice, Bool, [String: String], Bool)]
    )
    func colours(choice: ColorChoice, isTerminal: Bool, environment: [String: String], isColoured: Bool) {
        let style = Style(choice, terminal: isTerminal ? Self.terminal : nil, environment: environment)
        #expect(style.isColoured == isColoured)
        #expect(style.width == (isTerminal ? 100 : nil), "a pipe has no width")
    }

    @Test(
        "Signs beyond ASCII are used where the locale has them, and where it says nothing",
        arguments: [
            ([:], true), (["LANG": "en_US.UTF-8"], true), (["LANG": "C.utf8"], true), (["LANG": "C"], false),
            (["LC_ALL": "POSIX", "LANG": "en_US.UTF-8"], false), (["LC_ALL": "", "LANG": "en_US.UTF-8"], true),
            (["TERM": "dumb"], false),
        ] as [([String: String], Bool)]
    )
    func signs(environment: [String: String], isUnicode: Bool) {
        #expect(Style(.auto, terminal: Self.terminal, environment: environment).isUnicode == isUnicode)
    }
}
