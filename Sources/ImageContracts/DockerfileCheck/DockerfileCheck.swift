/// Holds a Dockerfile against a contract.
public struct DockerfileCheck: Sendable {
    let dockerfile: Dockerfile
    let contract: ImageContract

    /// A check of this file.
    public init(_ dockerfile: Dockerfile, against contract: ImageContract) {
        self.dockerfile = dockerfile
        self.contract = contract
    }

    /// Everything that there is to say, by line.
    public func findings() -> [Finding] {
        let findings =
            BaseRules(check: self).findings() + InstallRules(check: self).findings()
            + SecretRules(check: self).findings()
            + LastStageRules(check: self).findings()
            + RuntimeRules(contract: self.contract, facts: self.facts).findings()
        return findings.sorted { $0.line < $1.line }
    }

    /// What the last stage is made of, from its base image's first instruction to its own last one.
    var lastInstructions: [Instruction] {
        self.dockerfile.lastLineage.flatMap { self.dockerfile.stages[$0].instructions }
    }

    /// The last stage's first line.
    var lastLine: Int { self.dockerfile.stages[self.dockerfile.stages.count - 1].line }

    var words: DockerfileWords { self.dockerfile.words }

    /// What the last stage lays down.
    ///
    /// What its base image lays down cannot be seen from here.
    var facts: ImageFacts {
        var reader = FactsReader(words: self.words)
        reader.facts.end = .line(self.lastLine)
        for arg in self.dockerfile.globalArguments {
            reader.readGlobal(arg)
        }
        for index in self.dockerfile.lastLineage {
            reader.beginStage()
            for instruction in self.dockerfile.stages[index].instructions {
                reader.read(instruction)
            }
        }
        return reader.facts
    }
}

extension Finding {
    /// The line; findings about the whole come first.
    fileprivate var line: Int {
        guard case .line(let line) = self.place else { return 0 }
        return line
    }
}

/// Follows instructions and remembers what holds at the end.
private struct FactsReader {
    let words: DockerfileWords
    var facts = ImageFacts()
    private var globals: [String: String] = [:]
    private var variables = DockerfileVariables()

    init(words: DockerfileWords) {
        self.words = words
    }

    mutating func readGlobal(_ arg: Instruction) {
        for (name, value) in Dockerfile.arguments(arg, self.words) {
            self.globals[name] = value ?? ""
        }
    }

    /// ARGs end with their stage; ENV goes on.
    mutating func beginStage() {
        self.variables = DockerfileVariables()
        for variable in self.facts.environment {
            self.variables.set(variable.value.name, to: variable.value.value)
        }
    }

    mutating func read(_ instruction: Instruction) {
        let place = Finding.Place.line(instruction.line)
        switch instruction.keyword {
        case .arg:
            for (name, value) in Dockerfile.arguments(instruction, self.words) {
                self.variables.set(name, to: self.variables.expand(value ?? self.globals[name] ?? ""))
            }
        case .env:
            for (name, value) in self.words.pairs(instruction.arguments) {
                let value = self.variables.expand(value)
                self.variables.set(name, to: value)
                self.facts.environment.append(.init((name, value), at: place))
            }
        case .label:
            for (name, value) in self.words.pairs(instruction.arguments) {
                self.facts.labels[name] = self.variables.expand(value)
            }
        case .maintainer: self.facts.labels["maintainer"] = instruction.arguments
        case .user: self.facts.user = .init(self.expanded(instruction), at: place)
        case .workdir: self.facts.workingDirectory = .init(self.folder(self.expanded(instruction)), at: place)
        case .expose:
            for port in self.words.split(self.variables.expand(instruction.arguments)) {
                self.facts.ports += Self.ports(port).map { ImageFacts.Fact($0, at: place) }
            }
        case .cmd: self.facts.command = .init(instruction.process, at: place)
        case .entrypoint:
            // A new entrypoint takes the base's command with it.
            self.facts.entrypoint = .init(instruction.process, at: place)
            self.facts.command = nil
        case .healthcheck: self.facts.healthCheck = .init(Self.healthCheck(instruction), at: place)
        case .run: self.facts.accounts.read(script: instruction.script, words: self.words)
        default: break
        }
    }

    private func expanded(_ instruction: Instruction) -> String {
        self.words.split(self.variables.expand(instruction.arguments)).first ?? ""
    }

    /// A relative WORKDIR goes on from the one before.
    private func folder(_ path: String) -> String {
        guard !path.hasPrefix("/") else { return path }
        let current = self.facts.workingDirectory?.value ?? "/"
        return current.hasSuffix("/") ? current + path : "\(current)/\(path)"
    }

    /// `8000`, `8000/tcp`, `8000-8002/udp`.
    ///
    /// A range of thousands says no more than its ends.
    private static func ports(_ text: String) -> [String] {
        let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
        let suffix = parts.count > 1 ? parts[1].lowercased() : "tcp"
        let ends = (parts.first ?? "").split(separator: "-").compactMap { Int($0) }
        guard ends.count == 2, ends[0] <= ends[1], ends[1] - ends[0] < 100 else {
            return ["\(parts.first ?? text)/\(suffix)"]
        }
        return (ends[0]...ends[1]).map { "\($0)/\(suffix)" }
    }

    /// With Docker's defaults for what is not said.
    private static func healthCheck(_ instruction: Instruction) -> HealthCheckFact {
        let keyword = instruction.arguments.prefix { !$0.isWhitespace }
        guard keyword.uppercased() == "CMD" else { return .off }
        func seconds(_ flag: String, _ standard: Double) -> Double {
            instruction.flags[flag].flatMap(DockerDuration.seconds) ?? standard
        }
        return .runs(
            ProcessForm(instruction.arguments.dropFirst(keyword.count).trimmed),
            interval: seconds("interval", 30),
            timeout: seconds("timeout", 30),
            startPeriod: seconds("start-period", 0),
            retries: instruction.flags["retries"].flatMap { Int($0) } ?? 3
        )
    }
}
