internal import TodoAppOperator

/// The rules about what the last stage brings into the image.
struct LastStageRules {
    let check: DockerfileCheck

    func findings() -> [Finding] {
        let last = self.check.lastInstructions
        let runs = last.filter { $0.keyword == .run }
        var findings: [Finding] = []
        for run in runs {
            findings += self.buildTools(in: run) + self.caches(of: run)
        }
        for instruction in last {
            findings += self.copiedTools(by: instruction)
            if let finding = self.remote(instruction) { findings.append(finding) }
        }
        return findings + self.healthCheckProgram(installedBy: runs)
    }

    // MARK: - Build tools

    private func buildTools(in run: Instruction) -> [Finding] {
        let commands = ShellCommands.all(in: run.script).map(InstallRules.words)
        // What is taken away in the same RUN leaves nothing in its layer.
        let isTakenAway = commands.contains { words in
            ["apk", "apt-get", "apt"].contains(words.first)
                && words.contains { ["del", "purge", "remove", "autoremove"].contains($0) }
        }
        guard !isTakenAway else { return [] }
        return commands.flatMap { words -> [Finding] in
            let isPackages = ["apk", "apt-get", "apt"].contains(words.first)
            guard isPackages && !Set(words).isDisjoint(with: ["add", "install"]) || words.first == "pip" else {
                return []
            }
            return words.dropFirst().filter { BuildTools.isPackage($0, ofDistribution: isPackages) }.map {
                Finding(.buildTools, "\($0) is installed in the last stage", at: .line(run.line))
            }
        }
    }

    private func copiedTools(by instruction: Instruction) -> [Finding] {
        guard instruction.keyword == .copy, let from = instruction.flags["from"] else { return [] }
        return instruction.copySources(self.check.words).compactMap { source in
            if BuildTools.isProgram(source.programName) {
                return Finding(.buildTools, "\(source) is copied into the last stage", at: .line(instruction.line))
            }
            guard ["/", "/usr", "/usr/", "/usr/local", "/usr/local/", "/usr/local/bin"].contains(source) else {
                return nil
            }
            let message = "\(source) of \(from) brings along what built it"
            return Finding(.buildTools, message, at: .line(instruction.line))
        }
    }

    // MARK: - Left-overs

    private func caches(of run: Instruction) -> [Finding] {
        let hasMount = run.flags["mount"]?.contains("type=cache") == true
        guard !hasMount else { return [] }
        let commands = ShellCommands.all(in: run.script).map(InstallRules.words)
        func has(_ programs: [String], _ verb: String) -> Bool {
            commands.contains { words in programs.contains(words.first ?? "") && words.contains(verb) }
        }
        var findings: [Finding] = []
        let cleans = commands.contains { words in
            words.first == "rm" && words.contains { $0.hasPrefix("/var/lib/apt/lists") }
        }
        if has(["apt-get", "apt"], "install"), !cleans {
            findings.append(.packageCache("apt's lists stay: rm -rf /var/lib/apt/lists/* in the same RUN", run))
        }
        let apkKeeps = commands.contains { words in
            words.first == "apk" && words.contains("add") && !words.contains("--no-cache")
        }
        if apkKeeps { findings.append(.packageCache("apk's index stays: apk add --no-cache", run)) }
        let pipKeeps = commands.contains { words in
            words.first == "pip" && words.contains("install") && !words.contains("--no-cache-dir")
        }
        if pipKeeps, !self.check.facts.environment.contains(where: { $0.value.name == "PIP_NO_CACHE_DIR" }) {
            findings.append(.packageCache("pip's cache stays: pip install --no-cache-dir", run))
        }
        return findings
    }

    private func remote(_ instruction: Instruction) -> Finding? {
        guard instruction.keyword == .add,
            let source = instruction.copySources(self.check.words).first(where: {
                $0.hasPrefix("http://") || $0.hasPrefix("https://") || $0.hasPrefix("git@")
            })
        else { return nil }
        let scheme = source.prefix { $0 != "/" }
        return Finding(.remoteAdd, "ADD \(scheme)… fetches what nobody has looked at", at: .line(instruction.line))
    }

    // MARK: - Health check

    private func healthCheckProgram(installedBy runs: [Instruction]) -> [Finding] {
        guard let check = self.check.facts.healthCheck, case .runs(let process, _, _, _, _) = check.value else {
            return []
        }
        let words = InstallRules.words(process.plain)
        guard let program = words.first, ["curl", "wget"].contains(program) else { return [] }
        // Alpine's busybox has a wget.
        if program == "wget", self.check.contract.base.value.family == .alpine { return [] }
        let isInstalled = runs.contains { run in
            ShellCommands.all(in: run.script).contains { InstallRules.words($0).contains(program) }
        }
        guard !isInstalled else { return [] }
        let base = self.check.contract.base.value.reference
        return [Finding(.healthCheckProgram, "\(base) has no \(program): the check would always fail", at: check.place)]
    }
}

extension Finding {
    fileprivate static func packageCache(_ message: String, _ run: Instruction) -> Finding {
        Finding(.packageCache, message, at: .line(run.line))
    }
}
