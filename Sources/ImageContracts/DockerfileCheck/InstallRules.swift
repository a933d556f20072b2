internal import TodoAppOperator

/// The rules about dependencies: how they come, and that they come before the sources.
struct InstallRules {
    let check: DockerfileCheck

    func findings() -> [Finding] {
        self.installer() + self.order()
    }

    // MARK: - By which program

    private func installer() -> [Finding] {
        // Where the seed does not say how, any way will do.
        guard case .seed = self.check.contract.installer.source else { return [] }
        var installs: [(words: [String], line: Int)] = []
        for run in self.check.dockerfile.stages.flatMap(\.instructions) where run.keyword == .run {
            for words in ShellCommands.all(in: run.script).map(Self.words) where Self.isInstall(words) {
                installs.append((words, run.line))
            }
        }
        let place = Finding.Place.line(installs.first?.line ?? self.check.dockerfile.stages[0].line)
        switch self.check.contract.installer.value {
        case .uvPip:
            guard !installs.contains(where: { $0.words.first == "uv" }) else { return [] }
            return [Finding(.installer, "dependencies do not come by uv", at: place)]
        case .uvSync:
            guard let sync = installs.first(where: { $0.words.starts(with: ["uv", "sync"]) }) else {
                return [Finding(.installer, "dependencies do not come by uv sync", at: place)]
            }
            let isPinned = sync.words.contains("--frozen") || sync.words.contains("--locked")
            guard !isPinned else { return [] }
            return [Finding(.installer, "uv sync without --frozen may change uv.lock", at: .line(sync.line))]
        case .pipVenv, .pipUser:
            guard !installs.contains(where: { ["uv", "pip"].contains($0.words.first) }) else { return [] }
            return [Finding(.installer, "dependencies come neither by pip nor by uv", at: place)]
        case .npm:
            guard !installs.contains(where: { $0.words.starts(with: ["npm", "ci"]) }) else { return [] }
            return [Finding(.installer, "npm ci alone installs what package-lock.json says", at: place)]
        }
    }

    // MARK: - Before the sources

    private func order() -> [Finding] {
        self.check.dockerfile.stages.flatMap { stage -> [Finding] in
            let install = stage.instructions.lastIndex { instruction in
                instruction.keyword == .run
                    && ShellCommands.all(in: instruction.script).contains { Self.isInstall(Self.words($0)) }
            }
            guard let install else { return [] }
            return stage.instructions[..<install].compactMap { instruction in
                guard let source = self.source(copiedBy: instruction) else { return nil }
                let message =
                    "\(source) is copied before the dependencies are installed in line \(stage.instructions[install].line): "
                    + "every change of the sources installs them anew"
                return Finding(.cacheOrder, message, at: .line(instruction.line))
            }
        }
    }

    /// What an instruction brings from the build context that says nothing of dependencies.
    private func source(copiedBy instruction: Instruction) -> String? {
        guard instruction.keyword == .copy || instruction.keyword == .add, instruction.flags["from"] == nil,
            instruction.documents.isEmpty
        else { return nil }
        return instruction.copySources(self.check.words).first { !Self.isManifest($0) }
    }

    static func isManifest(_ path: String) -> Bool {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        if name.hasPrefix("requirements"), name.hasSuffix(".txt") || name.hasSuffix(".in") { return true }
        return name.hasPrefix("package") && name.hasSuffix("json") || Self.manifests.contains(name)
    }

    private static let manifests: Set<String> = [
        "pyproject.toml", "uv.lock", "poetry.lock", "pdm.lock", "Pipfile", "Pipfile.lock", "setup.py", "setup.cfg",
        "constraints.txt", "yarn.lock", "pnpm-lock.yaml", "npm-shrinkwrap.json", ".python-version",
    ]

    // MARK: - Commands

    /// A command's words, with its program's own name first and without what only finds the program.
    static func words(_ command: String) -> [String] {
        var words = DockerfileWords(escape: "\\").split(command)[...]
        while let first = words.first, first.contains("="), !first.hasPrefix("-") {
            words = words.dropFirst()
        }
        if words.count > 2, words[words.startIndex].programName.hasPrefix("python"), words[words.startIndex + 1] == "-m"
        {
            words = words.dropFirst(2)
        }
        guard let program = words.first?.programName else { return [] }
        // `pip3`, `pip3.13`.
        return [program.hasPrefix("pip3") ? "pip" : program] + words.dropFirst()
    }

    /// Whether a command installs the app's dependencies, and not one tool.
    static func isInstall(_ words: [String]) -> Bool {
        switch words.first {
        case "pip", "uv":
            if words.starts(with: ["uv", "sync"]) { return true }
            guard words.contains("install") else { return false }
            return words.contains { $0 == "-r" || $0.hasPrefix("--requirement") || $0 == "." || $0.hasPrefix("-r") }
        case "npm", "pnpm":
            return words.count > 1 && ["ci", "install", "i"].contains(words[1]) && !words.contains("-g")
        case "yarn": return words.count == 1 || words[1] == "install"
        case "poetry", "pipenv", "pdm": return words.count > 1 && ["install", "sync"].contains(words[1])
        default: return false
        }
    }
}

extension String {
    /// What stands behind the last slash.
    var programName: String { self.split(separator: "/").last.map(String.init) ?? self }
}

extension Instruction {
    /// The sources of COPY or ADD; the last word is where they go.
    func copySources(_ words: DockerfileWords) -> [String] {
        if case .list(let list) = self.process { return Array(list.dropLast()) }
        return Array(words.split(self.arguments).dropLast())
    }
}
