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
        let halves = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        if halves.count == 2 {
            guard Self.isDigest(halves[1]) else { return nil }
            self.digest = String(halves[1])
        } else {
            self.digest = nil
        }

        // A colon before the last slash belongs to the registry's port.
        let name = halves[0]
        let lastSlash = name.lastIndex(of: "/") ?? name.startIndex
        if let colon = name[lastSlash...].lastIndex(of: ":") {
            let tag = name[name.index(after: colon)...]
            guard Self.isTag(tag) else { return nil }
            self.tag = String(tag)
            self.repository = String(name[..<colon])
        } else {
            self.tag = nil
            self.repository = String(name)
        }
        guard Self.isRepository(self.repository) else { return nil }
    }

    /// Whether the same reference may mean another image tomorrow: no digest, and the tag `latest`, `local` or none.
    public var isMutable: Bool {
        guard self.digest == nil else { return false }
        return self.tag == nil || self.tag == "latest" || self.tag == "local"
    }

    private static func isDigest(_ text: Substring) -> Bool {
        guard text.hasPrefix("sha256:") else { return false }
        let hash = text.utf8.dropFirst(7)
        return hash.count == 64 && hash.allSatisfy(\.isLowerCaseHexDigit)
    }

    private static func isTag(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 128 else { return false }
        guard first.isLetterOrDigit || first == UInt8(ascii: "_") else { return false }
        return text.utf8.allSatisfy { $0.isLetterOrDigit || "-_.".utf8.contains($0) }
    }

    private static func isRepository(_ text: String) -> Bool {
        var parts = text.split(separator: "/", omittingEmptySubsequences: false)[...]
        if parts.count > 1, let first = parts.first, Self.isRegistry(first) {
            parts.removeFirst()
        }
        return parts.allSatisfy(Self.isPathPart)
    }

    /// A first part with a dot, a port or a capital letter, or `localhost`, is a registry and no path.
    private static func isRegistry(_ text: Substring) -> Bool {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2 {
            guard !parts[1].isEmpty, parts[1].utf8.allSatisfy(\.isDigit) else { return false }
        }
        return parts[0].split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            guard let first = label.utf8.first, let last = label.utf8.last else { return false }
            guard first.isLetterOrDigit, last.isLetterOrDigit else { return false }
            return label.utf8.allSatisfy { $0.isLetterOrDigit || $0 == UInt8(ascii: "-") }
        }
    }

    private static func isPathPart(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last else { return false }
        guard first.isLowerCaseLetterOrDigit, last.isLowerCaseLetterOrDigit else { return false }
        return text.utf8.allSatisfy { $0.isLowerCaseLetterOrDigit || "-_.".utf8.contains($0) }
    }
}
