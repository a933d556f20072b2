/// Whether output is coloured, as `--color` says it.
public enum ColorChoice: String, Sendable, CaseIterable {
    /// On a terminal that knows colours, and where `NO_COLOR` does not forbid it.
    case auto
    /// In any case.
    case always
    /// In no case.
    case never
}

/// The size of a terminal, in characters.
public struct TerminalSize: Sendable, Equatable {
    /// How many fit in a line.
    public var columns: Int
    /// How many lines there are.
    public var rows: Int

    /// A size.
    public init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }
}

/// How text is drawn: with which signs, in colour or not, and how wide.
public struct Style: Sendable, Equatable {
    /// Whether colours are used; what they say is always said by a sign or a word too.
    public var isColoured: Bool
    /// Whether lines and signs beyond ASCII are used.
    public var isUnicode: Bool
    /// The width of the terminal; `nil` where lines may be as long as they are.
    public var width: Int?

    /// A style by its parts.
    public init(isColoured: Bool, isUnicode: Bool, width: Int?) {
        self.isColoured = isColoured
        self.isUnicode = isUnicode
        self.width = width
    }

    /// The style that fits.
    ///
    /// - Parameters:
    ///   - terminal: The terminal that is written to; `nil` for a pipe or a file.
    ///   - environment: `NO_COLOR`, `TERM`, and the locale in `LC_ALL`, `LC_CTYPE`, `LANG` count.
    public init(_ choice: ColorChoice, terminal: TerminalSize?, environment: [String: String]) {
        let isDumb = isDumbTerminal(environment)
        let isForbidden = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        self.isColoured =
            switch choice {
            case .always: true
            case .never: false
            case .auto: terminal != nil && !isDumb && !isForbidden
            }
        // The first of the three that is set decides; where none is, most terminals take UTF-8 all the same.
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? "UTF-8"
        let isUTF8 = ["utf-8", "utf8"].contains { locale.lowercased().contains($0) }
        self.isUnicode = isUTF8 && !(isDumb && terminal != nil)
        self.width = terminal?.columns
    }

    /// The sign for a mark.
    func sign(_ mark: TreeNode.Mark) -> String {
        switch mark {
        case .good: self.isUnicode ? "✔" : "+"
        case .progress: self.isUnicode ? "◌" : "~"
        case .bad: self.isUnicode ? "✖" : "x"
        case .off: self.isUnicode ? "‖" : "-"
        }
    }

    /// The lines of the tree: before a child, before the last child, beside what hangs below, and where nothing does.
    var branches: (child: String, last: String, through: String, none: String) {
        self.isUnicode ? ("├─ ", "└─ ", "│  ", "   ") : ("|- ", "`- ", "|  ", "   ")
    }

    /// What stands before a hint.
    var arrow: String { self.isUnicode ? "→ " : "> " }

    /// What stands where text was cut off.
    var ellipsis: String { self.isUnicode ? "…" : "~" }
}

/// Whether the terminal can do nothing but print line after line.
func isDumbTerminal(_ environment: [String: String]) -> Bool {
    environment["TERM"] == "dumb"
}

// MARK: - Ink

/// How a run of text looks, by what it means.
enum Ink: Sendable {
    case plain
    case strong
    case faint
    case hint
    case mark(TreeNode.Mark)
    /// One of six colours, for telling sources apart.
    case source(Int)

    /// The numbers of ECMA-48's "select graphic rendition".
    fileprivate var code: String {
        switch self {
        case .plain: ""
        case .strong: "1"
        case .faint: "2"
        case .hint: "36"
        case .mark(.good): "32"
        case .mark(.progress): "33"
        case .mark(.bad): "31"
        case .mark(.off): "2"
        case .source(let number): ["36", "33", "35", "32", "34", "31"][number % 6]
        }
    }
}

/// A line in the making: runs of text, each in its ink.
struct InkedLine: Sendable {
    private var runs: [(text: String, ink: Ink)] = []

    mutating func append(_ text: String, _ ink: Ink = .plain) {
        guard !text.isEmpty else { return }
        self.runs.append((text, ink))
    }

    /// Appends a text and as many spaces as it lacks.
    mutating func append(_ text: String, _ ink: Ink = .plain, paddedTo width: Int) {
        self.append(text, ink)
        self.append(String(repeating: " ", count: max(0, width - text.count)))
    }

    /// The line as it is written, cut where the style's width ends.
    func text(_ style: Style) -> String {
        var runs = self.runs
        // Blanks at the end would make copied text untidy, and are nothing that could be cut off.
        while let last = runs.last, last.text.allSatisfy({ $0 == " " }) { runs.removeLast() }
        let width = runs.reduce(0) { $0 + $1.text.count }
        var left = style.width ?? .max
        let isCut = width > left
        if isCut { left -= style.ellipsis.count }
        var text = ""
        for run in runs where left > 0 {
            let shown = String(run.text.prefix(left))
            left -= shown.count
            text += inked(shown, run.ink, style)
        }
        return isCut ? text + style.ellipsis : text
    }
}

func inked(_ text: String, _ ink: Ink, _ style: Style) -> String {
    guard style.isColoured, !ink.code.isEmpty, text.contains(where: { $0 != " " }) else { return text }
    return "\u{1B}[\(ink.code)m\(text)\u{1B}[0m"
}
