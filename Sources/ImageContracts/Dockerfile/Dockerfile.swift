/// A Dockerfile: its stages, each with what its variables are by default.
public struct Dockerfile: Sendable {
    /// One stage.
    public struct Stage: Sendable {
        /// FROM's line.
        public var line: Int
        /// What it stands on, with ARGs replaced by their defaults: an image, or an earlier stage's name.
        public var base: String
        /// Its name, in small letters.
        public var name: String?
        /// What follows FROM.
        public var instructions: [Instruction]
    }

    /// The stages, in order; there is one at least.
    public let stages: [Stage]
    /// The ARGs above the first FROM.
    public let globalArguments: [Instruction]
    /// The character that continues lines.
    let escape: Character

    /// Reads a Dockerfile.
    ///
    /// - Throws: ``DockerfileError`` with the line that is no instruction.
    public init(parsing text: String) throws(DockerfileError) {
        let (lines, escape) = try DockerfileLines.read(text)
        self.escape = escape
        let words = DockerfileWords(escape: escape)
        var globals: [Instruction] = []
        var variables = DockerfileVariables()
        var stages: [Stage] = []
        for line in lines {
            let instruction = try Instruction(line)
            if instruction.keyword == .from {
                stages.append(try Self.stage(instruction, words, variables))
            } else if !stages.isEmpty {
                stages[stages.count - 1].instructions.append(instruction)
            } else if instruction.keyword == .arg {
                globals.append(instruction)
                for (name, value) in Self.arguments(instruction, words) {
                    variables.set(name, to: variables.expand(value ?? ""))
                }
            } else {
                throw .cannotParse(line: line.line, "\(instruction.keyword.rawValue) stands before the first FROM")
            }
        }
        guard !stages.isEmpty else { throw .hasNoStage }
        self.stages = stages
        self.globalArguments = globals
    }

    private static func stage(
        _ from: Instruction,
        _ words: DockerfileWords,
        _ variables: DockerfileVariables
    ) throws(DockerfileError) -> Stage {
        let parts = words.split(from.arguments)
        let isNamed = parts.count == 3 && parts[1].uppercased() == "AS"
        guard parts.count == 1 || isNamed else {
            throw .cannotParse(line: from.line, "FROM takes an image, or an image AS a name")
        }
        return Stage(
            line: from.line,
            base: variables.expand(parts[0]),
            name: isNamed ? parts[2].lowercased() : nil,
            instructions: []
        )
    }

    /// ARG's names with their defaults, if they have any.
    static func arguments(_ arg: Instruction, _ words: DockerfileWords) -> [(name: String, value: String?)] {
        words.split(arg.arguments).map { word in
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count > 1 ? String(parts[1]) : nil)
        }
    }

    /// How words are taken apart here.
    var words: DockerfileWords { DockerfileWords(escape: self.escape) }

    /// The earlier stage that a stage stands on; `nil` where it stands on an image.
    func parent(of index: Int) -> Int? {
        let base = self.stages[index].base.lowercased()
        return self.stages[..<index].lastIndex { $0.name == base }
    }

    /// The stages that the last one is made of, from the one that stands on an image up to the last itself.
    var lastLineage: [Int] {
        var lineage = [self.stages.count - 1]
        while let parent = self.parent(of: lineage[0]) {
            lineage.insert(parent, at: 0)
        }
        return lineage
    }
}
