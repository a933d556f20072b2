/// The words of an instruction, as Docker takes them apart: quotes hold blanks together, the escape character takes the
/// meaning from what follows it.
struct DockerfileWords {
    let escape: Character

    /// The words with their quotes removed.
    ///
    /// What is in single quotes keeps its `$`, which is marked with an escape.
    func split(_ text: some StringProtocol) -> [String] {
        var words: [String] = []
        var word = ""
        var hasWord = false
        var quote: Character?
        var rest = Substring(text)
        while let character = rest.popFirst() {
            if character == self.escape, quote != "'", let next = rest.first {
                rest.removeFirst()
                // A blank, a quote or the escape itself; before anything else it stays where it is.
                word += next == "$" ? "\\$" : "\(next)"
                hasWord = true
            } else if let open = quote {
                if character == open {
                    quote = nil
                } else {
                    word += open == "'" && character == "$" ? "\\$" : "\(character)"
                }
            } else if character == "\"" || character == "'" {
                quote = character
                hasWord = true
            } else if character.isWhitespace {
                if hasWord { words.append(word) }
                (word, hasWord) = ("", false)
            } else {
                word.append(character)
                hasWord = true
            }
        }
        if hasWord { words.append(word) }
        return words
    }

    /// `a=b c="d e"`, or by the old custom one name and all the rest: `a b c`.
    func pairs(_ text: String) -> [(name: String, value: String)] {
        let words = self.split(text)
        guard let first = words.first else { return [] }
        guard first.contains("=") else {
            return [(first, text.drop { !$0.isWhitespace }.trimmed)]
        }
        return words.map { word in
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
        }
    }
}

/// Values of ARG and ENV, and how they get into a text.
struct DockerfileVariables {
    private(set) var values: [String: String] = [:]

    /// Sets a variable.
    mutating func set(_ name: String, to value: String) {
        self.values[name] = value
    }

    /// The text with `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+other}` replaced; a variable without a value is
    /// nothing, as in Docker, but `$PATH` stays: its value is the base image's.
    func expand(_ text: String) -> String {
        var expanded = ""
        var rest = Substring(text)
        while let character = rest.popFirst() {
            if character == "\\", rest.first == "$" {
                expanded.append(rest.removeFirst())
            } else if character == "$" {
                expanded += self.reference(&rest)
            } else {
                expanded.append(character)
            }
        }
        return expanded
    }

    private func reference(_ rest: inout Substring) -> String {
        guard rest.first == "{", let end = rest.firstIndex(of: "}") else {
            let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            rest = rest.dropFirst(name.count)
            return name.isEmpty ? "$" : self.value(String(name))
        }
        let inside = rest[rest.index(after: rest.startIndex)..<end]
        rest = rest[rest.index(after: end)...]
        let name = String(inside.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
        let operation = inside.dropFirst(name.count)
        let isSet = self.values[name]?.isEmpty == false
        if operation.hasPrefix(":-") { return isSet ? self.value(name) : self.expand(String(operation.dropFirst(2))) }
        if operation.hasPrefix("-") {
            return self.values[name] ?? self.expand(String(operation.dropFirst(1)))
        }
        if operation.hasPrefix(":+") { return isSet ? self.expand(String(operation.dropFirst(2))) : "" }
        return self.value(name)
    }

    private func value(_ name: String) -> String {
        self.values[name] ?? (name == "PATH" ? "$PATH" : "")
    }
}
