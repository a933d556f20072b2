/// What is a secret by its looks, wherever it stands: private keys, the keys of well-known services, URLs with a password.
struct SecretShape: Sendable, Hashable {
    /// What it is called in a message.
    let name: String
    /// The bytes by which it begins.
    let prefix: [UInt8]
    /// The fewest bytes that must follow, each of them one of a key's.
    let length: Int
    /// What else holds, so that prose and code are not taken for keys.
    let shape: Shape

    /// How a secret goes on behind its prefix.
    enum Shape: Sendable, Hashable {
        /// Letters, digits, `_` and `-`, a digit among them, and no such byte before the prefix.
        case key
        /// The rest of a PEM header, and base64 on the next line.
        case pem
        /// User, password and host of a URL; the password is no placeholder.
        case url
    }

    /// What is looked for in files and texts.
    static let inFiles = [
        SecretShape("a private key", "-----BEGIN ", 40, .pem),
        SecretShape("an OpenAI key", "sk-", 32, .key),
        SecretShape("a Groq key", "gsk_", 32, .key),
        SecretShape("an AWS access key", "AKIA", 16, .key),
        SecretShape("a GitHub token", "ghp_", 36, .key),
        SecretShape("a GitHub token", "github_pat_", 40, .key),
        SecretShape("a Slack token", "xoxb-", 24, .key),
    ]

    /// In instructions and variables also URLs; in files of libraries these are examples.
    static let inTexts =
        inFiles
        + ["postgresql://", "postgres://", "postgresql+asyncpg://", "mysql://", "redis://", "https://"].map {
            SecretShape("a URL with a password", $0, 1, .url)
        }

    /// The most bytes that a shape may span; what is read in pieces must overlap by so many.
    static let reach = 256

    private init(_ name: String, _ prefix: String, _ length: Int, _ shape: Shape) {
        self.name = name
        self.prefix = Array(prefix.utf8)
        self.length = length
        self.shape = shape
    }

    /// The first secret in a text, by its name.
    static func found(in text: String) -> String? {
        let bytes = Array(text.utf8)
        return Self.inTexts.first { shape in
            var from = 0
            while let start = bytes.firstOffset(of: shape.prefix, from: from) {
                if shape.matches(bytes, at: start) { return true }
                from = start + 1
            }
            return false
        }?.name
    }

    /// Whether the secret is at a place where its prefix stands.
    func matches(_ bytes: [UInt8], at start: Int) -> Bool {
        let rest = bytes[(start + self.prefix.count)...].prefix(Self.reach)
        switch self.shape {
        case .key:
            if start > 0, bytes[start - 1].isKeyByte { return false }
            let key = rest.prefix { $0.isKeyByte }
            return key.count >= self.length && key.contains { $0.isDigit }
        case .pem:
            return self.isPrivateKey(rest)
        case .url:
            return Self.hasPassword(rest)
        }
    }

    /// `RSA PRIVATE KEY-----`, the end of the line, then a line of base64.
    private func isPrivateKey(_ rest: ArraySlice<UInt8>) -> Bool {
        let end = Array("PRIVATE KEY-----".utf8)
        let header = rest.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: "\r") }
        guard header.count <= 40, header.suffix(end.count).elementsEqual(end) else { return false }
        // In JSON and in environment variables the line ends with the two characters \n.
        let body = rest.dropFirst(header.count).drop { [10, 13, 92, 110].contains($0) }
        return body.prefix { $0.isBase64Byte }.count >= self.length
    }

    /// `user:password@`, in which the password is neither a variable nor a mere placeholder.
    private static func hasPassword(_ rest: ArraySlice<UInt8>) -> Bool {
        let authority = rest.prefix { $0 > 32 && !"/\"'`<>?#".utf8.contains($0) }
        guard let at = authority.lastIndex(of: UInt8(ascii: "@")),
            let colon = authority[..<at].firstIndex(of: UInt8(ascii: ":"))
        else { return false }
        let password = authority[(colon + 1)..<at]
        guard let first = password.first, !"$\\{%".utf8.contains(first)
        else { return false }
        return !placeholders.contains(String(decoding: password, as: UTF8.self).lowercased())
    }

    private static let placeholders: Set<String> = ["password", "pass", "***", "xxx", "...", "changeme"]
}

extension [UInt8] {
    /// Where some bytes stand for the first time; `nil` where they do not.
    func firstOffset(of needle: [UInt8], from: Int = 0) -> Int? {
        guard let first = needle.first, self.count >= needle.count else { return nil }
        var start = from
        while start + needle.count <= self.count, let found = self[start...].firstIndex(of: first) {
            guard found + needle.count <= self.count else { return nil }
            if self[found..<(found + needle.count)].elementsEqual(needle) { return found }
            start = found + 1
        }
        return nil
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (48...57).contains(self) }

    fileprivate var isLetter: Bool { (65...90).contains(self) || (97...122).contains(self) }

    fileprivate var isKeyByte: Bool { self.isDigit || self.isLetter || self == 45 || self == 95 }

    fileprivate var isBase64Byte: Bool { self.isDigit || self.isLetter || self == 43 || self == 47 || self == 61 }
}
