import JSON

/// A generator whose numbers depend on nothing but its seed, so that a failure can be run again.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        self.state = seed
    }

    // SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Makes trees in which the awkward values are frequent.
struct RandomJSON {
    var generator: SeededGenerator

    init(seed: UInt64) {
        self.generator = SeededGenerator(seed: seed)
    }

    mutating func value(depth: Int = 0) -> JSONValue {
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

    mutating func string() -> String {
        // What YAML gives a meaning to, and what it does not let through.
        let pieces = [
            "", "a", "name", "items", "true", "no", "0x1F", "1e3", "~", "- a", "key: value", " #", "\"", "\\", "\n",
            "\t",
            "\u{1}", "\u{7F}", "\u{85}", "é", "e\u{301}", "\u{2028}", "😀", "\u{FFFF}", "\u{FEFF}", "\u{0}", " ", "  ",
            "08", "1:20", "2001-01-01", ".5", "_", "<<", "=", "{", "[",
            "]", "}", ":", ",", "a longer piece of text", "\r", "---", "%", "@", "&x", "*x", "!t", "|", ">", "'", "?",
            "-", ".",
        ]
        var text = ""
        for _ in 0..<Int.random(in: 0...5, using: &self.generator) {
            text += pieces.randomElement(using: &self.generator) ?? ""
        }
        return text
    }
}
