internal import JSON

/// One instruction of a Dockerfile.
public struct Instruction: Sendable, Hashable {
    /// The first line's number, from 1 up.
    public var line: Int
    /// What is to be done.
    public var keyword: Keyword
    /// `--from=builder`; without a value it is empty.
    public var flags: [String: String]
    /// What follows keyword and flags.
    public var arguments: String
    /// What its here-documents hold.
    public var documents: [String]

    /// Docker's instructions.
    public enum Keyword: String, Sendable, Hashable, CaseIterable {
        case add = "ADD"
        case arg = "ARG"
        case cmd = "CMD"
        case copy = "COPY"
        case entrypoint = "ENTRYPOINT"
        case env = "ENV"
        case expose = "EXPOSE"
        case from = "FROM"
        case healthcheck = "HEALTHCHECK"
        case label = "LABEL"
        case maintainer = "MAINTAINER"
        case onbuild = "ONBUILD"
        case run = "RUN"
        case shell = "SHELL"
        case stopsignal = "STOPSIGNAL"
        case user = "USER"
        case volume = "VOLUME"
        case workdir = "WORKDIR"
    }

    init(_ logical: DockerfileLines.Logical) throws(DockerfileError) {
        let word = logical.text.prefix { !$0.isWhitespace }
        guard let keyword = Keyword(rawValue: word.uppercased()) else {
            throw .cannotParse(line: logical.line, "\"\(word.prefix(40))\" is no instruction")
        }
        var rest = logical.text.dropFirst(word.count).drop(while: \.isWhitespace)
        var flags: [String: String] = [:]
        while rest.hasPrefix("--"), keyword != .cmd, keyword != .entrypoint {
            let flag = rest.prefix { !$0.isWhitespace }
            let parts = flag.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            flags[String(parts.first ?? "")] = parts.count > 1 ? String(parts[1]) : ""
            rest = rest.dropFirst(flag.count).drop(while: \.isWhitespace)
        }
        guard !rest.isEmpty else {
            throw .cannotParse(line: logical.line, "\(keyword.rawValue) says nothing")
        }
        self.line = logical.line
        self.keyword = keyword
        self.flags = flags
        self.arguments = String(rest)
        self.documents = logical.documents
    }

    /// What is run, where this runs something.
    var process: ProcessForm { ProcessForm(self.arguments) }

    /// What a shell is given: the arguments and the here-documents.
    var script: String { ([self.arguments] + self.documents).joined(separator: "\n") }
}

/// What is to be run: a list of words, or a text for a shell.
public enum ProcessForm: Sendable, Hashable {
    /// `["node", "server.js"]`.
    case list([String])
    /// `node server.js`, which a shell runs.
    case shell(String)

    /// As Docker does: what is not a list of strings is a text.
    init(_ text: String) {
        if text.hasPrefix("["), let words = (try? JSONValue(parsing: text))?.array {
            let strings = words.compactMap(\.string)
            if strings.count == words.count {
                self = .list(strings)
                return
            }
        }
        self = .shell(text)
    }

    /// As in a message.
    var text: String {
        switch self {
        case .list(let words): JSONValue.array(words.map { .string($0) }).text()
        case .shell(let text): text
        }
    }

    /// All of it in one text, in which something can be looked for.
    var plain: String {
        switch self {
        case .list(let words): words.joined(separator: " ")
        case .shell(let text): text
        }
    }
}
