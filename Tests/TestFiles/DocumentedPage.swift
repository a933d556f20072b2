internal import FoundationEssentials

/// A page of documentation, as far as tests hold it against what there is.
///
/// A block marked `console` has command lines behind `$ `, and below each what it prints; a block marked `sh` has command
/// lines alone; one without a mark has none. A comment `<!-- needs … -->` above a block says what no test has. A block with a
/// file's name behind its language is that file.
public struct DocumentedPage: Sendable {
    /// Its path in the repository.
    public let path: String
    /// Its command lines in the order in which they stand there.
    public private(set) var commands: [DocumentedCommand] = []
    /// The files that it shows whole: name and text.
    public private(set) var files: [(name: String, text: String)] = []
    /// The lines of blocks that have no commands.
    public private(set) var plainLines: [String] = []
    /// What stands between single back quotes outside of blocks; a line break within is a blank.
    public private(set) var spans: [String] = []

    /// Reads a page.
    ///
    /// - Parameter path: From the repository's own folder.
    public init(_ path: String, besides caller: String = #filePath) throws {
        self.path = path
        let text = try TestFolder.read("../../\(path)", besides: caller)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var prose = ""
        var mark = ""
        var index = 0
        while index < lines.count {
            let line = lines[index].trimmingPrefix(while: { $0 == " " })
            if line.hasPrefix("```") {
                let start = index + 1
                index = lines[start...].firstIndex { $0.trimmingPrefix(while: { $0 == " " }) == "```" } ?? lines.count
                self.readBlock(
                    Array(lines[start..<index]),
                    from: start + 1,
                    marked: String(line.dropFirst(3)),
                    need: need(in: mark)
                )
            } else {
                prose += line.isEmpty ? "\n\n" : "\(line) "
            }
            // A comment belongs to the block below it, with or without an empty line between.
            if !line.isEmpty { mark = String(line) }
            index += 1
        }
        for paragraph in prose.split(separator: "\n") {
            let parts = paragraph.split(separator: "`", omittingEmptySubsequences: false)
            self.spans += parts.enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
        }
    }

    private mutating func readBlock(_ lines: [String], from number: Int, marked mark: String, need: String?) {
        let words = mark.split(separator: " ").map(String.init)
        if words.count > 1 {
            self.files.append((words[1], lines.joined(separator: "\n") + "\n"))
            return
        }
        switch words.first {
        case "console": self.readConsole(lines, from: number, need: need)
        case "sh":
            for (offset, line) in joined(lines) where !line.isEmpty && !line.hasPrefix("#") {
                self.commands.append(DocumentedCommand(path, number + offset, line, need: need))
            }
        case nil, "text": self.plainLines += lines
        default: break
        }
    }

    private mutating func readConsole(_ lines: [String], from number: Int, need: String?) {
        for (offset, line) in joined(lines) {
            if line.hasPrefix("$ ") {
                let command = String(line.dropFirst(2))
                self.commands.append(DocumentedCommand(path, number + offset, command, need: need))
            } else if !self.commands.isEmpty {
                self.commands[self.commands.count - 1].output.append(line)
            }
        }
    }
}

/// A command line that a page shows.
public struct DocumentedCommand: Sendable, CustomStringConvertible {
    /// The page's path in the repository.
    public let page: String
    /// Its number among the page's lines.
    public let line: Int
    /// The command line, in one line.
    public let text: String
    /// What it prints, a line each; empty where the page does not show that.
    public internal(set) var output: [String] = []
    /// What it takes that no test has: `a real Minikube`; `nil` where a test can run it.
    public let need: String?

    fileprivate init(_ page: String, _ line: Int, _ text: String, need: String?) {
        (self.page, self.line, self.text, self.need) = (page, line, text, need)
    }

    /// Where it stands, and the command line.
    public var description: String { "\(self.page):\(self.line): \(self.text)" }

    /// Its words, without the assignments before the program's name and without a comment.
    public var words: [String] {
        let words = self.text.split(separator: " ").map(String.init)
        let program = words.firstIndex { !$0.contains("=") } ?? words.count
        return Array(words[program...].prefix { $0 != "#" })
    }

    /// Whether a text is what the page shows, but for what is another one each time; a line `…` stands for any lines.
    public func shows(_ printed: String) -> Bool {
        let lines = skeletons(of: printed.split(separator: "\n").map(String.init))
        let shown = skeletons(of: self.output.filter { !$0.isEmpty })
        // Between two `…` lines follow one another without a gap.
        var parts = shown.split(separator: "…", omittingEmptySubsequences: false).map(Array.init)
        let first = parts.removeFirst()
        guard lines.starts(with: first) else { return false }
        var rest = lines.dropFirst(first.count)
        guard let last = parts.popLast() else { return rest.isEmpty }
        for part in parts {
            guard let found = rest.firstRange(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return rest.count >= last.count && rest.suffix(last.count).elementsEqual(last)
    }
}

/// `<!-- needs a real Minikube -->` needs `a real Minikube`.
private func need(in comment: String) -> String? {
    guard comment.hasPrefix("<!-- needs "), comment.hasSuffix(" -->") else { return nil }
    return String(comment.dropFirst("<!-- needs ".count).dropLast(" -->".count))
}

/// Lines with those that a backslash continues in one, each with the number of its first.
private func joined(_ lines: [String]) -> [(offset: Int, line: String)] {
    var result: [(offset: Int, line: String)] = []
    var isContinued = false
    for (offset, line) in lines.enumerated() {
        let text = line.hasSuffix("\\") ? String(line.dropLast()) : line
        if isContinued {
            result[result.count - 1].line += text.trimmingPrefix(while: { $0 == " " })
        } else {
            result.append((offset, text))
        }
        isContinued = line.hasSuffix("\\")
    }
    return result
}

/// Lines without what is another one in each run: times, addresses, node ports, the pods' suffixes; blanks count once.
private func skeletons(of lines: [String]) -> [String] {
    // Kubernetes' suffixes have no vowels, and no digits that look like one.
    let suffix = /-[bcdfghjklmnpqrstvwxz2456789]{6,10}(-[bcdfghjklmnpqrstvwxz2456789]{5})?(?![a-z0-9])/
    return lines.map { line in
        let words = line.split(separator: " ").map { word in
            if word.wholeMatch(of: /([0-9]+(ms|s|m|h|d))+/) != nil { return "#" }
            return String(word)
                .replacing(/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z/, with: "#")
                .replacing(/[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+/, with: "#")
                .replacing(/:3[0-2][0-9]{3}/, with: ":#")
                .replacing(suffix, with: "-#")
        }
        return words.joined(separator: " ")
    }
}
