/// An image reference, taken apart: `registry.example.com:5000/team/app:1.2.3@sha256:…`.
public struct ImageReference: Sendable, Hashable {
    /// Registry, path and name.
    public let repository: String
    /// What stands after the colon.
    public let tag: String?
    /// What stands after the at sign, with its algorithm.
    public let digest: String?

    /// Takes a reference apart; `nil` if it is none.
    public init?(_ text: String) {
        // Bytes and not characters: nothing but ASCII may occur, and to look for the bounds of characters is slow.
        let halves = text.utf8.split(separator: UInt8(ascii: "@"), maxSplits: 1, omittingEmptySubsequences: false)
        if halves.count == 2 {
            guard Self.isDigest(halves[1]) else { return nil }
            self.digest = String(Substring(halves[1]))
        } else {
            self.digest = nil
        }

        // A colon before the last slash belongs to the registry's port.
        let name = halves[0]
        let lastSlash = name.lastIndex(of: UInt8(ascii: "/")) ?? name.startIndex
        var repository = name
        if let colon = name[lastSlash...].lastIndex(of: UInt8(ascii: ":")) {
            let tag = name[name.index(after: colon)...]
            guard Self.isTag(tag) else { return nil }
            self.tag = String(Substring(tag))
            repository = name[..<colon]
        } else {
            self.tag = nil
        }
        guard Self.isRepository(repository) else { return nil }
        self.repository = String(Substring(repository))
    }

    /// Whether the same reference may mean another image tomorrow: no digest, and the tag `latest`, `local` or none.
    public var isMutable: Bool {
        guard self.digest == nil else { return false }
        return self.tag == nil || self.tag == "latest" || self.tag == "local"
    }

    private static func isDigest(_ text: Substring.UTF8View) -> Bool {
        guard text.starts(with: "sha256:".utf8) else { return false }
        let hash = text.dropFirst(7)
        return hash.count == 64 && hash.allSatisfy(\.isLowerCaseHexDigit)
    }

    private static func isTag(_ text: Substring.UTF8View) -> Bool {
        guard let first = text.first, text.count <= 128 else { return false }
        guard first.isLetterOrDigit || first == UInt8(ascii: "_") else { return false }
        return text.allSatisfy { $0.isLetterOrDigit || "-_.".utf8.contains($0) }
    }

    private static func isRepository(_ text: Substring.UTF8View) -> Bool {
        var parts = text.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)[...]
        if parts.count > 1, let first = parts.first, Self.isRegistry(first) {
            parts.removeFirst()
        }
        return parts.allSatisfy(Self.isPathPart)
    }

    /// A first part with a dot, a port or a capital letter, or `localhost`, is a registry and no path.
    private static func isRegistry(_ text: Substring.UTF8View) -> Bool {
        let parts = text.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2 {
            guard !parts[1].isEmpty, parts[1].allSatisfy(\.isDigit) else { return false }
        }
        return parts[0].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
            guard let first = label.first, let last = label.last else { return false }
            guard first.isLetterOrDigit, last.isLetterOrDigit else { return false }
            return label.allSatisfy { $0.isLetterOrDigit || $0 == UInt8(ascii: "-") }
        }
    }

    private static func isPathPart(_ text: Substring.UTF8View) -> Bool {
        guard let first = text.first, let last = text.last else { return false }
        guard first.isLowerCaseLetterOrDigit, last.isLowerCaseLetterOrDigit else { return false }
        return text.allSatisfy { $0.isLowerCaseLetterOrDigit || "-_.".utf8.contains($0) }
    }
}
