public import JSON

/// Makes trees in which the awkward values are frequent.
public struct RandomJSON: Sendable {
    /// Where the choices come from; a test may make more of them.
    public var generator: SeededRandom
    private let pieces: [String]

    /// Trees that follow from a seed.
    ///
    /// - Parameters:
    ///   - seed: The same seed gives the same trees.
    ///   - morePieces: Texts that are awkward for one format alone.
    public init(seed: UInt64, morePieces: [String] = []) {
        self.generator = SeededRandom(seed: seed)
        self.pieces = commonPieces + morePieces
    }

    /// The next tree.
    ///
    /// - Parameter depth: How deep it lies in another one; from 5 on it is a simple value.
    public mutating func value(depth: Int = 0) -> JSONValue {
        let kinds = depth < 5 ? 0..<9 : 0..<6
        return switch Int.random(in: kinds, using: &self.generator) {
        case 0: .null
        case 1: .bool(Bool.random(using: &self.generator))
        case 2: .integer(self.integer())
        case 3: JSONValue(Double.random(in: -1000...1000, using: &self.generator))
        case 4, 5: .string(self.string())
        case 6: .array((0..<self.count()).map { _ in self.value(depth: depth + 1) })
        default: self.object(depth: depth)
        }
    }

    private mutating func object(depth: Int) -> JSONValue {
        var object = JSONObject()
        for _ in 0..<self.count() {
            object[self.string()] = self.value(depth: depth + 1)
        }
        return .object(object)
    }

    private mutating func count() -> Int {
        Int.random(in: 0...4, using: &self.generator)
    }

    private mutating func integer() -> Int64 {
        let picks: [Int64] = [0, 1, -1, 7, 8080, .max, .min, Int64.random(in: .min ... .max, using: &self.generator)]
        return picks.randomElement(using: &self.generator) ?? 0
    }

    /// The next text.
    public mutating func string() -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...5, using: &self.generator) {
            text += self.pieces.randomElement(using: &self.generator) ?? ""
        }
        return text
    }
}

/// No byte order mark is among them: Foundation drops it at the start of a string.
private let commonPieces = [
    "", "a", "name", "items", "true", "no", "0x1F", "1e3", "~", "- a", "key: value", " #", "\"", "\\", "\n",
    "\t",
    "\u{1}", "\u{7F}", "\u{85}", "é", "e\u{301}", "\u{2028}", "😀", "\u{FFFF}", " ", "{", "[",
    "]", "}", ":", ",", "a longer piece of text", "\r", "---", "%", "@", "&x", "*x", "!t", "|", ">", "'", "?",
    "-", ".",
]
