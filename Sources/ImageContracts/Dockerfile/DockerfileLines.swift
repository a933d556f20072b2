/// A Dockerfile's lines put together to instructions: continued lines are one, comments and empty lines are none.
struct DockerfileLines {
    /// An instruction before its words are looked at.
    struct Logical: Equatable {
        /// The number of the first line, from 1 up.
        var line: Int
        /// The text without continuations and comments.
        var text: String
        /// What stands in its here-documents, in their order.
        var documents: [String]
    }

    private let lines: [Substring]
    private var index = 0
    /// The character that continues lines and takes the meaning from others.
    private(set) var escape: Character = "\\"

    /// The most that is read: a Dockerfile has no megabytes.
    static let largest = 1 << 20

    private init(_ text: String) {
        // CR LF is one Character for Swift; what else Unicode takes for the end of a line Docker does not.
        self.lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    }

    /// All instructions of a text, and the escape character that it chose.
    static func read(_ text: String) throws(DockerfileError) -> (lines: [Logical], escape: Character) {
        guard text.utf8.count <= Self.largest else {
            throw .cannotParse(line: 1, "the file is larger than \(Self.largest) bytes")
        }
        var reader = Self(text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text)
        reader.readDirectives()
        var logical: [Logical] = []
        while let next = try reader.next() {
            logical.append(next)
        }
        return (logical, reader.escape)
    }

    /// `# escape=` stands above everything else, among other directives; a comment ends them.
    private mutating func readDirectives() {
        for line in self.lines {
            let text = line.trimmed
            guard text.hasPrefix("#") else { return }
            let parts = text.dropFirst().split(separator: "=", maxSplits: 1).map(\.trimmed)
            guard parts.count == 2, !parts[0].isEmpty, parts[0].allSatisfy(\.isLetter) else { return }
            if parts[0].lowercased() == "escape", parts[1] == "`" { self.escape = "`" }
        }
    }

    private mutating func next() throws(DockerfileError) -> Logical? {
        while self.index < self.lines.count, Self.isNothing(self.lines[self.index]) {
            self.index += 1
        }
        guard self.index < self.lines.count else { return nil }
        let first = self.index + 1
        var text = ""
        var isContinued = true
        while isContinued, self.index < self.lines.count {
            let line = self.lines[self.index]
            self.index += 1
            // Between continued lines comments are allowed and, by old custom, empty lines.
            if !text.isEmpty, Self.isNothing(line) { continue }
            var part = line
            while part.last?.isWhitespace == true { part.removeLast() }
            isContinued = part.last == self.escape
            text += isContinued ? part.dropLast() : line
        }
        var documents: [String] = []
        for delimiter in HereDocument.all(in: text) {
            documents.append(try self.document(until: delimiter, from: first))
        }
        return Logical(line: first, text: text.trimmed, documents: documents)
    }

    private mutating func document(
        until delimiter: HereDocument,
        from line: Int
    ) throws(DockerfileError) -> String {
        var text = ""
        while self.index < self.lines.count {
            let line = self.lines[self.index]
            self.index += 1
            if (delimiter.stripsTabs ? line.drop { $0 == "\t" } : line) == delimiter.word { return text }
            text += line + "\n"
        }
        throw .cannotParse(line: line, "the here-document that ends with \(delimiter.word) does not end")
    }

    private static func isNothing(_ line: Substring) -> Bool {
        let text = line.trimmed
        return text.isEmpty || text.hasPrefix("#")
    }
}

/// The beginning of a here-document: `<<EOF`, `<<-EOF`, `<<"EOF"`, with a file descriptor before it at most.
struct HereDocument: Equatable {
    /// The line that ends it.
    var word: String
    /// Whether tabs before its lines do not count.
    var stripsTabs: Bool

    /// Those of an instruction.
    ///
    /// Only RUN, COPY and ADD have any.
    static func all(in text: String) -> [HereDocument] {
        let keyword = text.trimmed.prefix { !$0.isWhitespace }.uppercased()
        guard ["RUN", "COPY", "ADD", "ONBUILD"].contains(keyword) else { return [] }
        var found: [HereDocument] = []
        var quote: Character?
        var rest = Substring(text)
        while let character = rest.first {
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if rest.hasPrefix("<<<") {
                rest = rest.dropFirst(2)
            } else if rest.hasPrefix("<<") {
                rest = rest.dropFirst(2)
                let stripsTabs = rest.first == "-"
                if stripsTabs { rest = rest.dropFirst() }
                let isQuoted = rest.first == "\"" || rest.first == "'"
                if isQuoted { rest = rest.dropFirst() }
                let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
                rest = rest.dropFirst(word.count)
                if isQuoted { rest = rest.dropFirst() }
                // `$((1<<2))` is a shift.
                if let first = word.first, !first.isNumber {
                    found.append(HereDocument(word: String(word), stripsTabs: stripsTabs))
                }
                continue
            }
            rest = rest.dropFirst()
        }
        return found
    }
}

extension StringProtocol {
    /// Without the blanks at both ends.
    var trimmed: String {
        var rest = Substring(self)
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
