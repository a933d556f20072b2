internal import TodoAppAPI
internal import TodoAppOperator

extension ImageContract {
    /// The `.dockerignore` beside the Dockerfile: what must not reach the build, and so no layer.
    ///
    /// Docker's patterns begin at the top of the build context, other than Git's: `*.pyc` alone would leave those in folders
    /// where they are, so each pattern without a slash is there for every depth too.
    public var dockerignore: String {
        let patterns = self.ignored.value
        var text =
            "# What contract \"\(self.contract.rawValue)\" keeps out of the image (\(self.ignored.source.text)).\n"
        for pattern in patterns + Self.alwaysIgnored where text.firstRange(of: "\n\(pattern)\n") == nil {
            text += "\(pattern)\n"
            if !pattern.dropLast().contains("/"), !Self.atTheTop.contains(pattern) { text += "**/\(pattern)\n" }
        }
        return text
    }

    /// Whether one of the contract's patterns names a path among the sources.
    func ignores(_ path: String) -> Bool {
        path.split(separator: "/").map(String.init).contains { part in
            (self.ignored.value + Self.alwaysIgnored).contains { pattern in
                let name = pattern.hasSuffix("/") ? String(pattern.dropLast()) : pattern
                return !Self.madeByBuilds.contains(name) && matches(part, name)
            }
        }
    }

    /// What holds secrets stays outside in any contract.
    private static let alwaysIgnored = [".env", ".env.*"]

    /// What stands at the top of a build context alone.
    private static let atTheTop: Set<String> = ["Dockerfile", ".dockerignore", ".gitignore", "README.md"]

    /// What a build may make anew, so that it is no mistake in the image.
    private static let madeByBuilds: Set<String> = [
        "node_modules", ".next", "dist", "build", ".venv", "venv", "docs", "*.egg-info",
    ]
}

/// Whether a name is what a pattern with stars says.
private func matches(_ name: String, _ pattern: String) -> Bool {
    let pieces = pattern.split(separator: "*", omittingEmptySubsequences: false)
    guard let first = pieces.first, let last = pieces.last, pieces.count > 1 else { return name == pattern }
    guard name.count >= first.count + last.count, name.hasPrefix(first), name.hasSuffix(last) else { return false }
    var rest = name.dropFirst(first.count).dropLast(last.count)
    for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
        guard let found = rest.firstRange(of: piece) else { return false }
        rest = rest[found.upperBound...]
    }
    return true
}
