/// Whether a command is the contract's.
///
/// Uvicorn may have more options than the contract names; Node.js has none.
struct CommandComparison {
    let contract: ImageContract
    /// The contract's command.
    let wanted: [String]

    /// What is wrong with a command; `nil` where nothing is.
    func problem(of words: [String]) -> String? {
        let actual = Self.withoutWrappers(words)
        guard self.wanted.first == "uvicorn" else {
            return actual == self.wanted ? nil : self.difference(words)
        }
        guard actual.first == "uvicorn" else { return self.difference(words) }
        let (theirs, ours) = (Options(actual.dropFirst()), Options(self.wanted.dropFirst()))
        if theirs.values["--reload"] != nil { return "--reload is for a developer's own machine" }
        for (option, value) in ours.values.sorted(by: { $0.key < $1.key }) {
            guard let actual = theirs.values[option] else { return self.difference(words) }
            // How many workers there are is the app's business.
            guard option == "--workers" || actual == value else { return self.difference(words) }
        }
        if self.contract.leavesModuleOpen, theirs.positional.count == 1 { return nil }
        return theirs.positional == ours.positional ? nil : self.difference(words)
    }

    private func difference(_ words: [String]) -> String {
        "it runs \(listText(words)), the contract says \(listText(self.wanted))"
    }

    /// The program itself: by its own name, without an init before it and without Python, which only looks it up.
    private static func withoutWrappers(_ words: [String]) -> [String] {
        var rest = words[...]
        while let first = rest.first, ["exec", "tini", "dumb-init", "docker-entrypoint.sh", "--"].contains(name(first))
        {
            rest = rest.dropFirst()
        }
        if rest.count > 2, name(rest[rest.startIndex]).hasPrefix("python"), rest[rest.startIndex + 1] == "-m" {
            rest = rest.dropFirst(2)
        }
        return rest.isEmpty ? [] : [name(rest[rest.startIndex])] + rest.dropFirst()
    }
}

private func name(_ program: String) -> String {
    program.split(separator: "/").last.map(String.init) ?? program
}

/// Uvicorn's options by name, and what stands without one.
private struct Options {
    var values: [String: String] = [:]
    var positional: [String] = []

    init(_ words: some Sequence<String>) {
        var pending: String?
        for word in words {
            if word.hasPrefix("--") {
                if let option = pending { self.values[option] = "" }
                let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
                let takesNext = parts.count == 1 && !Self.flags.contains(word)
                pending = takesNext ? word : nil
                if !takesNext { self.values[parts[0]] = parts.count == 2 ? parts[1] : "" }
            } else if let option = pending {
                self.values[option] = word
                pending = nil
            } else {
                self.positional.append(word)
            }
        }
        if let option = pending { self.values[option] = "" }
    }

    /// Uvicorn's options that take no value.
    private static let flags: Set<String> = [
        "--reload", "--access-log", "--no-access-log", "--use-colors", "--no-use-colors", "--proxy-headers",
        "--no-proxy-headers", "--server-header", "--no-server-header", "--date-header", "--no-date-header", "--factory",
    ]
}
