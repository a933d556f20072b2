/// A place in a document, as RFC 6901 writes it: `/metadata/annotations/example.com~1key`.
public struct JSONPointer: Sendable, Hashable {
    /// Keys and indices from the top down, unescaped; `-` is the place behind an array's last element.
    public var tokens: [String]

    /// A pointer of unescaped keys and indices.
    public init(_ tokens: [String]) {
        self.tokens = tokens
    }

    /// The place that a path leads to.
    public init(_ path: JSONPath) {
        self.tokens = path.steps.map { step in
            switch step {
            case .member(let key): key
            case .index(let index): "\(index)"
            }
        }
    }

    /// Reads a pointer; `nil` if the text is not one.
    public init?(parsing text: String) {
        guard !text.isEmpty else {
            self.tokens = []
            return
        }
        guard text.utf8.first == UInt8(ascii: "/") else { return nil }
        var tokens: [String] = []
        for part in text.unicodeScalars.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard let token = Self.unescape(part) else { return nil }
            tokens.append(token)
        }
        self.tokens = tokens
    }

    private static func unescape(_ part: Substring.UnicodeScalarView) -> String? {
        var token = String.UnicodeScalarView()
        var isEscaped = false
        for scalar in part {
            switch (isEscaped, scalar) {
            case (true, "0"): token.append("~")
            case (true, "1"): token.append("/")
            case (true, _): return nil
            case (false, "~"): break
            case (false, _): token.append(scalar)
            }
            isEscaped = !isEscaped && scalar == "~"
        }
        return isEscaped ? nil : String(token)
    }
}

extension JSONPointer: CustomStringConvertible {
    /// The pointer as RFC 6901 writes it; empty for the whole document.
    public var description: String {
        var text = String.UnicodeScalarView()
        for token in self.tokens {
            text.append("/")
            for scalar in token.unicodeScalars {
                switch scalar {
                case "~": text.append(contentsOf: "~0".unicodeScalars)
                case "/": text.append(contentsOf: "~1".unicodeScalars)
                default: text.append(scalar)
                }
            }
        }
        return String(text)
    }
}
