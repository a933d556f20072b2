internal import TodoAppAPI
internal import TodoAppOperator

/// The rules about what runs, which hold for a Dockerfile as for the image that is made of it.
struct RuntimeRules {
    let contract: ImageContract
    let facts: ImageFacts

    /// What they find.
    func findings() -> [Finding] {
        self.user() + self.ports() + self.workingDirectory() + self.process() + self.environment() + self.labels()
            + HealthCheckRules(contract: self.contract, facts: self.facts).findings()
    }

    // MARK: - User

    private func user() -> [Finding] {
        let wanted = self.contract.user.value
        let place = self.facts.user?.place ?? self.facts.end
        let name = self.facts.user?.value ?? ""
        let rootLevel: Finding.Level = self.contract.userDemand == .nothing ? .warning : .error
        guard !name.isEmpty else {
            return [
                Finding(
                    .nonRootUser,
                    "no USER: it runs as root; write USER \(wanted.text)",
                    at: place,
                    level: rootLevel
                )
            ]
        }
        guard let numbers = self.facts.accounts.numbers(of: name) else {
            let message = "the number of user \(name) cannot be told; write USER \(wanted.text)"
            return [Finding(.userID, message, at: place, level: .warning)]
        }
        guard numbers.uid != 0 else {
            return [
                Finding(.nonRootUser, "USER \(name) is root; write USER \(wanted.text)", at: place, level: rootLevel)
            ]
        }
        guard self.contract.userDemand == .numbers else { return [] }
        if numbers.uid != wanted.uid {
            let message = "USER \(name) has number \(numbers.uid), the contract says \(wanted.uid)"
            return [Finding(.userID, message, at: place)]
        }
        // Only one contract speaks of the group.
        if case .nonRoot(_, .some(let gid)) = self.contract.runtime.user.value, let actual = numbers.gid,
            actual != Int(gid)
        {
            return [Finding(.userID, "USER \(name) has group \(actual), the contract says \(gid)", at: place)]
        }
        return []
    }

    // MARK: - Port and folder

    private func ports() -> [Finding] {
        let wanted = "\(self.contract.port)/tcp"
        var findings = self.facts.ports.filter { $0.value != wanted }.map {
            Finding(.port, "\($0.value) is exposed; the contract has \(wanted) alone", at: $0.place, level: .warning)
        }
        if !self.facts.ports.contains(where: { $0.value == wanted }) {
            findings.append(
                Finding(.port, "port \(wanted) is not exposed", at: self.facts.ports.first?.place ?? self.facts.end)
            )
        }
        return findings
    }

    private func workingDirectory() -> [Finding] {
        let wanted = ImageContract.workingDirectory
        guard let folder = self.facts.workingDirectory, !folder.value.isEmpty else {
            return [Finding(.workingDirectory, "no WORKDIR; the contract says \(wanted)", at: self.facts.end)]
        }
        guard folder.value != wanted, folder.value != wanted + "/" else { return [] }
        let message = "WORKDIR is \(folder.value), the contract says \(wanted)"
        return [Finding(.workingDirectory, message, at: folder.place)]
    }

    // MARK: - Command

    private func process() -> [Finding] {
        let wanted = self.contract.command.value
        guard let main = self.facts.command ?? self.facts.entrypoint else {
            return [Finding(.command, "no CMD; the contract says \(listText(wanted))", at: self.facts.end)]
        }
        var findings: [Finding] = []
        var words: [String] = []
        for part in [self.facts.entrypoint, self.facts.command].compactMap(\.self) {
            if let script = part.value.shellScript {
                let message = "a shell runs \(script) and keeps SIGTERM for itself; write \(listText(wanted))"
                findings.append(Finding(.commandForm, message, at: part.place))
                words += DockerfileWords(escape: "\\").split(script)
            } else if case .list(let list) = part.value {
                words += list
            }
        }
        let candidates = [wanted] + self.contract.otherCommands.value
        let problems = candidates.map { CommandComparison(contract: self.contract, wanted: $0).problem(of: words) }
        if !problems.contains(.none), let problem = problems[0] {
            findings.append(Finding(.command, problem, at: main.place))
        }
        return findings
    }

    // MARK: - Environment and labels

    private func environment() -> [Finding] {
        var values: [String: ImageFacts.Fact<(name: String, value: String)>] = [:]
        for variable in self.facts.environment {
            values[variable.value.name] = variable
        }
        return self.contract.demandedEnvironment.compactMap { wanted in
            guard let actual = values[wanted.name] else {
                return Finding(.environment, "\(wanted.name) is not set to \(wanted.value)", at: self.facts.end)
            }
            let isRight =
                wanted.value.hasSuffix("$PATH")
                ? actual.value.value.hasPrefix(wanted.value.dropLast("$PATH".count))
                : actual.value.value == wanted.value
            guard !isRight else { return nil }
            return Finding(.environment, "\(wanted.name) is not \(wanted.value)", at: actual.place)
        }
    }

    private func labels() -> [Finding] {
        self.contract.labels.value.compactMap { label in
            let names = Self.otherNames[label, default: []] + [label]
            guard names.allSatisfy({ self.facts.labels[$0, default: ""].isEmpty }) else { return nil }
            return Finding(.labels, "label \(names.joined(separator: " or ")) is missing", at: self.facts.end)
        }
    }

    /// OCI's names for what older labels say.
    private static let otherNames = [
        "maintainer": ["org.opencontainers.image.authors"],
        "version": ["org.opencontainers.image.version"],
    ]
}

/// `["node","server.js"]`.
func listText(_ words: [String]) -> String {
    ProcessForm.list(words).text
}

extension ProcessForm {
    /// What a shell is given, whether it is said so or spelt out; `nil` for a program that is run itself.
    var shellScript: String? {
        switch self {
        case .shell(let text): return text
        case .list(let words):
            guard words.count >= 3, ["/bin/sh", "sh", "/bin/bash", "bash", "/bin/ash"].contains(words[0]),
                words[1] == "-c"
            else { return nil }
            return words[2]
        }
    }
}
