/// How a text must be written, and the sentence for one that is not.
///
/// The CustomResourceDefinition states the same rules as patterns.
struct TextSyntax {
    /// The sentence, without the field.
    let sentence: String
    /// The most characters.
    let maxLength: Int
    /// Whether a text is written so.
    let matches: (String) -> Bool

    /// A tag of an image: `1.2.3`, `v1.2.3`, `1.2.3-branch`, `sha-abc123`, `latest`, `local`.
    static var version: TextSyntax {
        TextSyntax(
            sentence: "must be a version such as 1.2.3, v1.2.3, 1.2.3-branch or sha-abc123, or latest or local",
            maxLength: 128,
            matches: Self.isVersion
        )
    }

    /// A host with an optional port and path, as it stands before an image's name.
    static var registry: TextSyntax {
        TextSyntax(
            sentence: "must be a registry such as registry.example.com/team, without scheme and closing slash",
            maxLength: 200,
            matches: { ImageReference("\($0)/image")?.tag == nil && ImageReference("\($0)/image") != nil }
        )
    }

    /// An image reference with an optional tag and digest.
    static var image: TextSyntax {
        TextSyntax(
            sentence: "must be an image such as registry.example.com/team/app:1.2.3",
            maxLength: 400,
            matches: { ImageReference($0) != nil }
        )
    }

    /// The name of an object that may hold dots, such as a Secret's.
    static var objectName: TextSyntax {
        TextSyntax(
            sentence: "must be an object's name: lower-case letters, digits, '-' and '.'",
            maxLength: 253,
            matches: { Self.isSubdomain($0[...]) }
        )
    }

    /// The name of a namespace or of a listener.
    static var labelName: TextSyntax {
        TextSyntax(
            sentence: "must be a name of lower-case letters, digits and '-'",
            maxLength: 63,
            matches: { Self.isDNSLabel($0[...]) }
        )
    }

    /// A host name without wildcard.
    static var host: TextSyntax {
        TextSyntax(
            sentence: "must be a host name such as todo.example.com",
            maxLength: 253,
            matches: { Self.isSubdomain($0[...]) }
        )
    }

    /// The key of a Secret or ConfigMap.
    static var dataKey: TextSyntax {
        TextSyntax(
            sentence: "the keys of a Secret hold letters, digits, '-', '_' and '.'",
            maxLength: 253,
            matches: { !$0.isEmpty && $0.utf8.allSatisfy { $0.isLetterOrDigit || "-_.".utf8.contains($0) } }
        )
    }

    /// The name of an environment variable, as every shell and every program can read it.
    static var variableName: TextSyntax {
        TextSyntax(
            sentence: "variable names hold letters, digits and '_', and start with no digit",
            maxLength: 253,
            matches: { text in
                guard let first = text.utf8.first, !first.isDigit else { return false }
                return text.utf8.allSatisfy { $0.isLetterOrDigit || $0 == UInt8(ascii: "_") }
            }
        )
    }

    /// The name of a resource that a container may request.
    static var resourceName: TextSyntax {
        TextSyntax(
            sentence: "resources are cpu, memory, ephemeral-storage, hugepages-SIZE and names with a domain",
            maxLength: 317,
            matches: { name in
                ["cpu", "memory", "ephemeral-storage"].contains(name) || name.hasPrefix("hugepages-")
                    || name.contains("/")
            }
        )
    }

    /// The path of an HTTP request.
    static var httpPath: TextSyntax {
        TextSyntax(
            sentence: "must be a path that starts with '/' and holds no blanks",
            maxLength: 1024,
            matches: { $0.hasPrefix("/") && $0.utf8.allSatisfy { (0x21...0x7E).contains($0) } }
        )
    }

    /// The name of a label or annotation, with an optional domain before a slash.
    static var labelKey: TextSyntax {
        TextSyntax(
            sentence: "names of labels and annotations are up to 63 letters, digits, '-', '_' and '.', "
                + "after an optional domain and '/'",
            maxLength: 317,
            matches: Self.isLabelKey
        )
    }

    /// The value of a label.
    static var labelValue: TextSyntax {
        TextSyntax(
            sentence: "must be a label's value: up to 63 letters, digits, '-', '_' and '.'",
            maxLength: 63,
            matches: { $0.isEmpty || Self.isQualifiedName($0[...]) }
        )
    }

    /// Anything up to a length.
    static func text(maxLength: Int) -> TextSyntax {
        TextSyntax(sentence: "must be a text", maxLength: maxLength, matches: { _ in true })
    }
}

// MARK: - What the syntaxes are made of

extension TextSyntax {
    /// RFC 1035, which Kubernetes asks of a Service's name: a letter first, then letters, digits and `-`.
    static func isServiceName(_ text: String) -> Bool {
        guard let first = text.utf8.first, first.isLowerCaseLetter else { return false }
        return Self.isDNSLabel(text[...])
    }

    private static func isDNSLabel(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last else { return false }
        guard first.isLowerCaseLetterOrDigit, last.isLowerCaseLetterOrDigit else { return false }
        return text.utf8.allSatisfy { $0.isLowerCaseLetterOrDigit || $0 == UInt8(ascii: "-") }
    }

    private static func isSubdomain(_ text: Substring) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { Self.isDNSLabel($0) }
    }

    private static func isQualifiedName(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last, text.utf8.count <= 63 else { return false }
        guard first.isLetterOrDigit, last.isLetterOrDigit else { return false }
        return text.utf8.allSatisfy { $0.isLetterOrDigit || "-_.".utf8.contains($0) }
    }

    private static func isLabelKey(_ text: String) -> Bool {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return Self.isQualifiedName(text[...]) }
        return parts[0].utf8.count <= 253 && Self.isSubdomain(parts[0]) && Self.isQualifiedName(parts[1])
    }

    private static func isVersion(_ text: String) -> Bool {
        if text == "latest" || text == "local" {
            return true
        }
        if text.hasPrefix("sha-") {
            let hash = text.utf8.dropFirst(4)
            return (6...64).contains(hash.count) && hash.allSatisfy(\.isLowerCaseHexDigit)
        }
        let release = text.hasPrefix("v") ? text.dropFirst() : text[...]
        let parts = release.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let numbers = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        guard numbers.count == 3, numbers.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(\.isDigit) }) else {
            return false
        }
        guard parts.count == 2 else { return true }
        guard let first = parts[1].utf8.first, first.isLetterOrDigit else { return false }
        return parts[1].utf8.allSatisfy { $0.isLetterOrDigit || "-_.".utf8.contains($0) }
    }
}

extension UInt8 {
    /// Whether it is `0` to `9`.
    var isDigit: Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
    }

    /// Whether it is `a` to `z`.
    var isLowerCaseLetter: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self)
    }

    /// Whether it is `a` to `z` or `0` to `9`.
    var isLowerCaseLetterOrDigit: Bool {
        self.isLowerCaseLetter || self.isDigit
    }

    /// Whether it is an ASCII letter or digit.
    var isLetterOrDigit: Bool {
        self.isLowerCaseLetterOrDigit || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self)
    }

    /// Whether it is `0` to `9` or `a` to `f`.
    var isLowerCaseHexDigit: Bool {
        self.isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self)
    }
}
